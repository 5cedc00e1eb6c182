-- Sales over time: sales_series, sales_profile.
CREATE SCHEMA series_test;
SET search_path = series_test, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET ecomm_analytics.progress = off;
\pset format unaligned
CREATE TABLE sale (sold_at timestamp, customer_id bigint, invoice_no text, product_id text, quantity integer, amount numeric(10,2), shop text);
INSERT INTO sale VALUES
  ('2023-12-29 10:00', 1, 'a', 'p1', 2, 10.00, 'north'), ('2023-12-29 11:00', 1, 'a', 'p2', 1, 7.50, 'north'),
  ('2023-12-30 10:00', 2, NULL, 'p1', 1, 5.00, 'south'), ('2023-12-30 11:00', 2, NULL, 'p1', 1, 5.00, NULL),
  ('2024-01-02 09:00', NULL, 'b', 'p2', 4, 30.00, 'south'), ('2024-01-02 10:00', 1, 'c', 'p1', -1, -5.00, 'north'),
  ('2024-01-04 09:00', NULL, NULL, 'p9', 3, 21.00, 'north'), ('2024-01-04 09:30', NULL, NULL, 'p9', 1, 7.00, 'south');
CREATE TABLE product (product_id text, category text);
INSERT INTO product VALUES ('p1', 'Food'), ('p2', 'Toys'), ('p2', 'Toys');

SELECT * FROM sales_series(rolling => 2);
SELECT period, value FROM sales_series('units');
SELECT period, value FROM sales_series('orders');
SELECT period, value FROM sales_series('customers');
SELECT period, round(value, 4) AS value FROM sales_series('price');
SELECT period, round(value, 4) AS value FROM sales_series('price', fill => 'null');
SELECT period, round(value, 4) AS value FROM sales_series('average_order_value', fill => 'zero');
SELECT period, value FROM sales_series('sales', fill => 'carry');
-- Grains; a last period that is not over.
SELECT 'week' AS grain, period, value, complete FROM sales_series(grain => 'week', rolling => NULL)
UNION ALL SELECT 'month', period, value, complete FROM sales_series(grain => 'month')
UNION ALL SELECT 'quarter', period, value, complete FROM sales_series(grain => 'quarter') ORDER BY 1, 2;
SELECT * FROM sales_series('orders', 'month');
-- Apart by a dimension, a column, several; a product twice in its table counts once, one that is not there has no category.
SELECT series, period, value FROM sales_series('sales', 'month', 'category');
SELECT series, period, value FROM sales_series('sales', 'month', 'shop');
SELECT series, period, value FROM sales_series('units', 'quarter', '{shop, product}');
SELECT series, period, value FROM sales_series('orders', 'quarter', 'segment');
-- The parts add up.
SELECT bool_and(parts.value = whole.value)
FROM (SELECT period, sum(value) AS value FROM sales_series(by => 'category, shop') GROUP BY period) AS parts
JOIN sales_series() AS whole USING (period);
-- A part of the time.
SELECT period, value FROM sales_series(from_date => '2023-12-30', to_date => '2024-01-02');
SELECT count(*) FROM sales_series(from_date => '2030-01-01');
SELECT period, value, complete FROM sales_series(grain => 'month', from_date => '2023-12-01', to_date => '2023-12-30');
SELECT period, value, complete FROM sales_series(grain => 'month', from_date => '2023-12-01', to_date => '2023-12-31');
SELECT period, complete FROM sales_series(grain => 'month', from_date => '2024-01-01', to_date => '5874897-12-31');
SELECT count(*) FROM sales_series(to_date => '5874897-12-31');
SELECT count(*) FROM sales_series(from_date => '5874897-12-31');
-- Bound, with a column that is no role.
SELECT count(*) FROM ecomm_bind('sale');
SELECT series, period, value FROM sales_series('sales', 'quarter', 'shop');
SELECT series, period, value FROM sales_series('sales', 'quarter', 'category', sale => 'sale');
SELECT ecomm_unbind();

-- The week and the year.
SELECT number, name, periods, total, round(mean::numeric, 3) AS mean, round(index::numeric, 3) AS index, closed FROM sales_profile();
SELECT number, name, periods, total, mean, index, closed FROM sales_profile('units', 'month') LIMIT 2;

-- The same with workers, without, and over the budget.
CREATE TABLE many AS
SELECT timestamp '2023-01-01' + i * interval '7 minutes' AS sold_at, CASE WHEN i % 11 > 0 THEN i * 7919 % 1009 END AS customer_id,
       CASE WHEN i % 13 > 0 THEN i / 3 END AS invoice_no, 'p' || i % 17 AS product_id, i % 5 - 1 AS quantity, (i * 37 % 10000) / 100.0 - 5 AS amount
FROM generate_series(1, 60000) AS i WHERE extract(isodow FROM timestamp '2023-01-01' + i * interval '7 minutes') <> 5;
ANALYZE many;
CREATE FUNCTION fingerprint(names text[]) RETURNS text LANGUAGE sql SET client_min_messages = warning AS $$
  SELECT md5(string_agg(s::text, ';' ORDER BY metric, grain, s.series, s.period)) FROM
    unnest('{sales,units,orders,customers,average_order_value,price}'::text[]) AS metric,
    unnest('{day,week,month,quarter}'::text[]) AS grain, unnest(names) AS by,
    LATERAL sales_series(metric, grain, by, sale => 'many') AS s $$;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE print AS SELECT names, fingerprint(names) AS serial FROM (VALUES ('{NULL}'::text[]), ('{product_id}')) AS n (names);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT names, serial = fingerprint(names) AS with_workers FROM print;
SET ecomm_analytics.memory_limit = '250kB';
SELECT names, serial = fingerprint(names) AS over_the_budget FROM print WHERE names = '{NULL}';
SELECT count(*) FROM sales_series(by => 'product_id', sale => 'many');
SET ecomm_analytics.memory_limit = '900kB';
SELECT names, serial = fingerprint(names) AS over_the_budget FROM print;
RESET ecomm_analytics.memory_limit;
SELECT name FROM sales_profile(sale => 'many') WHERE closed;
-- Against the server's own grouping.
SELECT count(*) FROM (SELECT sold_at::date AS period, sum(amount) AS value FROM many GROUP BY 1) AS own
FULL JOIN sales_series(sale => 'many') AS s USING (period) WHERE coalesce(own.value, 0) <> s.value;
SELECT count(*) FROM (SELECT sold_at::date AS period, count(DISTINCT invoice_no) FILTER (WHERE amount >= 0) +
                             count(DISTINCT coalesce(customer_id, -1)) FILTER (WHERE invoice_no IS NULL AND amount >= 0) AS value
                      FROM many GROUP BY 1) AS own
FULL JOIN sales_series('orders', sale => 'many') AS s USING (period) WHERE coalesce(own.value, 0) <> s.value;

-- Keys and types of other kinds; dirt.
CREATE TABLE other (sold_at timestamptz, customer_id uuid, invoice_no numeric, quantity float8, amount float8);
INSERT INTO other SELECT '2024-05-01', '00000000-0000-0000-0000-000000000001', 1.0, 1.5, 0.1 FROM generate_series(1, 3)
UNION ALL VALUES ('2024-05-01'::timestamptz, NULL::uuid, 1, NULL, 'NaN'::float8), (NULL, NULL, NULL, 1, 1), ('infinity', NULL, 2, 1, 1),
                 ('2024-05-02', NULL, 2.00, 2, 2), ('2024-05-02', NULL, 2, 1, 1);
SELECT m, period, value FROM unnest('{sales,units,orders,customers}'::text[]) AS m, sales_series(m, sale => 'other') ORDER BY 1, 2;
-- Quantities that are not whole; more digits than are held, in one column and in both.
CREATE TABLE fine (sold_at timestamp, customer_id bigint, quantity numeric, amount float8);
INSERT INTO fine VALUES ('2024-05-01', 1, 0.4, 2), ('2024-05-02', 1, 4.4, 9), ('2024-05-03', 1, 3, 7.5);
SELECT period, round(value, 6) AS value FROM sales_series('price', sale => 'fine');
UPDATE fine SET amount = 0.1::float8 * 3 WHERE quantity = 3;
SELECT m, period, value FROM unnest('{sales,units,orders,customers}'::text[]) AS m, sales_series(m, from_date => '2024-05-02', sale => 'fine');
SELECT period, round(value, 6) AS value FROM sales_series('price', sale => 'fine');
SELECT period, value FROM sales_series('average_order_value', sale => 'fine');
UPDATE fine SET quantity = 1e20 WHERE quantity = 3;
SELECT period, value FROM sales_series(sale => 'fine');
SELECT period, value FROM sales_series('units', sale => 'fine');
UPDATE fine SET amount = 1e20 WHERE quantity = 1e20;
SELECT period, value FROM sales_series(sale => 'fine');
CREATE TABLE huge AS SELECT timestamp '2024-05-01' + i % 2 * interval '7 days' AS sold_at, 1 AS customer_id, 1 AS quantity, 99999999999999999999 AS amount
FROM generate_series(1, 200) AS i;
SELECT count(*), max(value) FROM sales_series(sale => 'huge');
SELECT * FROM sales_profile(sale => 'huge');
-- Names are held too, however the lines are read.
CREATE TABLE wordy AS SELECT timestamp '2024-05-01' AS sold_at, 1 AS customer_id, i AS invoice_no, 1 AS quantity, 1 AS amount, i || repeat('x', 2000) AS shop
FROM generate_series(1, 200) AS i;
SET ecomm_analytics.memory_limit = '300kB';
SELECT count(*) FROM sales_series(by => 'shop', sale => 'wordy');
RESET ecomm_analytics.memory_limit;
SELECT count(*) FROM sales_series(by => 'shop', sale => 'wordy');
CREATE TABLE nothing (LIKE sale);
SELECT * FROM sales_series(sale => 'nothing');
SELECT * FROM sales_profile(sale => 'nothing');
INSERT INTO nothing VALUES ('0024-01-01', 1, 'a', 'p', 1, 1, 's'), ('2024-01-01', 1, 'a', 'p', 1, 1, 's');
SELECT count(*) FROM sales_series(sale => 'nothing');
INSERT INTO nothing VALUES ('9999-01-01', 1, 'a', 'p', 1, 1, 's');
SELECT count(*) FROM sales_series(sale => 'nothing');
SELECT count(*) FROM sales_series(grain => 'month', sale => 'nothing');
-- Errors.
SELECT * FROM sales_series('revenue');
SELECT * FROM sales_series(grain => 'hour');
SELECT * FROM sales_series(fill => 'mean');
SELECT * FROM sales_series(rolling => 0);
SELECT * FROM sales_series(by => 'colour');
SELECT * FROM sales_series(by => 'region');
SELECT * FROM sales_series(by => 'shop, shop');
SELECT * FROM sales_series(from_date => '2024-01-02', to_date => '2024-01-01');
SELECT * FROM sales_series(from_date => '-infinity');
SELECT * FROM sales_profile('price');
SELECT * FROM sales_profile(cycle => 'hour');
SELECT ecomm._series(7, NULL, now()::timestamp, 1, 1, 1, 1);
SELECT ecomm._series(0, NULL, now()::timestamp, 1, true, 1, 1);
SET client_min_messages = warning;
DROP SCHEMA series_test CASCADE;
