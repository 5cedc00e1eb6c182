-- Summaries of sale lines: logs of lines, and what they add up to.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
SET ecomm_analytics.progress = off;
\pset format unaligned
SELECT count(*) FROM ecomm_sample_data(300, 200, schema => 'summary_shop');
CREATE SCHEMA summary_test;
SET search_path = summary_test, summary_shop, public;
SELECT count(*) > 0 AS bound FROM ecomm_bind('sale', customer => 'customer', product => 'product', state => 'state');

CREATE FUNCTION customers() RETURNS text LANGUAGE sql AS
$$SELECT 'SELECT customer_id, coalesce(state_abbreviation, order_state), region FROM summary_shop.customer LEFT JOIN summary_shop.state USING (order_state)'$$;
CREATE FUNCTION products() RETURNS text LANGUAGE sql AS
$$SELECT 'SELECT ecomm._match_key(stock_code), pg_catalog.min(stock_code), pg_catalog.min(category) FROM summary_shop.product GROUP BY 1'$$;

-- At every level that sales_series tells apart, the same.
CREATE TABLE summary AS
SELECT s.* FROM (SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] AS logs
                 FROM ecomm.sale_line) AS l, ecomm._summarise(logs, customers(), products()) AS s;
SELECT level, grain, count(*) > 0 AS some FROM summary GROUP BY 1, 2 ORDER BY 1, 2;
CREATE FUNCTION compare(of_level text, by text) RETURNS TABLE (grain text, same bigint, different bigint) LANGUAGE plpgsql AS $$
BEGIN
  FOREACH grain IN ARRAY CASE WHEN by = 'state' THEN ARRAY['day', 'month', 'quarter'] ELSE ARRAY['day', 'week', 'month', 'quarter'] END LOOP
    RETURN QUERY
    WITH series AS (
      SELECT metric, period, value, coalesce(series[1], CASE WHEN by IS NULL THEN 'All' ELSE 'Unknown' END) AS name
      FROM unnest(ARRAY['sales', 'units', 'orders', 'customers']) AS metric, sales_series(metric, compare.grain, by)
      WHERE value <> 0),
    cells AS (
      SELECT metric, period, value, CASE by WHEN 'category' THEN category WHEN 'state' THEN state WHEN 'region' THEN region ELSE 'All' END AS name
      FROM summary AS s, LATERAL (VALUES ('sales', sales), ('units', units), ('orders', orders), ('customers', customers)) AS v(metric, value)
      WHERE level = of_level AND s.grain = compare.grain AND value <> 0)
    SELECT compare.grain, count(*) FILTER (WHERE s.value = c.value), count(*) FILTER (WHERE s.value IS DISTINCT FROM c.value)
    FROM series AS s FULL JOIN cells AS c USING (metric, period, name);
  END LOOP;
END$$;
SELECT level, grain, same > 0 AS some, different
FROM (VALUES ('total', NULL), ('category', 'category'), ('state', 'state'), ('region', 'region')) AS v(level, by), compare(level, by) ORDER BY 1, 2;

-- Levels agree with each other, and the whole with the lines.
SELECT count(*) AS levels FROM (SELECT level, grain, sum(sales), sum(units), sum(lines) FROM summary GROUP BY 1, 2
       EXCEPT SELECT level, grain, t.* FROM (SELECT sum(amount), sum(quantity), count(*) FROM ecomm.sale_line) AS t, summary) AS differing;
SELECT orders = (SELECT count(DISTINCT invoice_no) FROM ecomm.sale_line WHERE amount >= 0)
              + (SELECT count(DISTINCT (customer_id, sold_at::date)) FROM ecomm.sale_line WHERE amount >= 0 AND invoice_no IS NULL) AS orders,
       customers = (SELECT count(DISTINCT customer_id) FROM ecomm.sale_line WHERE amount >= 0) AS customers
FROM summary WHERE level = 'total' AND grain = 'all';

-- In parts, and logged in pieces, it is the same.
CREATE FUNCTION in_parts(parts integer) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM (
    SELECT level, grain, period, category, product_id, region, state, sum(sales) AS sales, sum(units) AS units, sum(lines) AS lines,
           sum(orders) AS orders, sum(customers) AS customers
    FROM (SELECT part, array_agg(log) AS logs
          FROM (SELECT part, ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, part, parts) AS log
                FROM ecomm.sale_line, generate_series(0, parts - 1) AS part GROUP BY part, extract(day FROM sold_at)) AS logged
          GROUP BY part) AS l, ecomm._summarise(logs, customers(), products()) AS s
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    EXCEPT SELECT level, grain, period, category, product_id, region, state, sales, units, lines, orders, customers FROM summary) AS differing$$;
SELECT in_parts(1), in_parts(4);

-- In parallel too.
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
CREATE TABLE line AS SELECT * FROM ecomm.sale_line;
ALTER TABLE line SET (parallel_workers = 2);
EXPLAIN (COSTS off) SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) FROM line;
SELECT count(*) AS differing FROM (
  SELECT s.* FROM (SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] AS logs FROM line) AS l,
                  ecomm._summarise(logs, customers(), products()) AS s
  EXCEPT SELECT * FROM summary) AS d;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;

-- Keys of any type; what is not known; amounts of any length.
CREATE TABLE odd (sold_at timestamp, customer_id uuid, invoice_no numeric, product_id integer, quantity numeric, amount numeric);
INSERT INTO odd VALUES
  ('2024-01-01', '00000000-0000-0000-0000-000000000001', 1.0, 7, 1.5, 10.00), ('2024-01-01', NULL, 1.00, NULL, NULL, 'NaN'),
  ('2024-01-03', '00000000-0000-0000-0000-000000000002', NULL, 7, 1, 0.1234567890123456789), ('2024-01-03', NULL, NULL, 8, 2, -5),
  (NULL, NULL, NULL, NULL, 1, 1), ('infinity', NULL, NULL, NULL, 1, 1), ('2024-12-30', NULL, 2, 9, 1, 12345678901234567890.12);
SELECT s.* FROM (SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) AS log FROM odd) AS l,
  ecomm._summarise(ARRAY[NULL, log], $$SELECT '00000000-0000-0000-0000-000000000001'::uuid, 'CA', 'West'$$, $$VALUES ('7', 'seven', 'Odd'), ('8', 'eight', NULL)$$) AS s
WHERE level IN ('total', 'product_state', 'category_region') AND grain IN ('day', 'week', 'all') ORDER BY level, grain, period, category, product_id, region, state;
SELECT ecomm._match_key(E' 85123a\t'), ecomm._match_key('') = '' AS empty, ecomm._match_key(NULL) IS NULL AS none;
SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) IS NULL AS no_line FROM odd WHERE false;
SELECT count(*) FROM ecomm._summarise(ARRAY[NULL]::bytea[], 'SELECT 1, NULL::text, NULL::text', 'SELECT NULL::text, NULL::text, NULL::text');

-- Refused.
SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 2, 2) FROM odd;
SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, 'x'::text, amount, 0, 1) FROM odd;
SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount * 1e20, 0, 1) FROM odd;
SELECT * FROM ecomm._summarise(ARRAY['\x00'::bytea], 'SELECT 1', 'SELECT 1');
SELECT * FROM ecomm._summarise((SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] FROM odd),
                               'SELECT 1, NULL::text, NULL::text', 'SELECT NULL::text, NULL::text, NULL::text');
SELECT * FROM ecomm._summarise((SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] FROM odd),
                               'SELECT NULL::uuid, NULL::text', 'SELECT NULL::text, NULL::text, NULL::text');
SELECT * FROM ecomm._summarise((SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] FROM odd), NULL, '');
\set VERBOSITY terse
SET ecomm_analytics.memory_limit = '64kB';
SELECT octet_length(ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)) FROM line;
RESET ecomm_analytics.memory_limit;
SELECT count(*) FROM ecomm_unbind();
DROP SCHEMA summary_shop, summary_test CASCADE;
