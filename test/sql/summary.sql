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

-- Changes: what is different after them, from the changed lines and those they concern alone.
CREATE TABLE shop_line AS SELECT sold_at, customer_id, invoice_no, product_id, quantity, amount FROM ecomm.sale_line;
CREATE TABLE place AS SELECT customer_id, coalesce(state_abbreviation, order_state) AS state, region FROM customer LEFT JOIN state USING (order_state);
CREATE TABLE place_before AS SELECT * FROM place;
CREATE TABLE chosen AS SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS number
                       FROM (SELECT customer_id FROM shop_line WHERE amount > 0 GROUP BY 1 HAVING count(*) > 5) AS c WHERE customer_id IS NOT NULL;
CREATE TABLE change (inserted boolean, log bytea);
CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO change SELECT true, ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) FROM new_line HAVING count(*) > 0;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO change SELECT false, ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) FROM old_line HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER log_insert AFTER INSERT ON shop_line REFERENCING NEW TABLE AS new_line FOR EACH STATEMENT EXECUTE FUNCTION log_change();
CREATE TRIGGER log_delete AFTER DELETE ON shop_line REFERENCING OLD TABLE AS old_line FOR EACH STATEMENT EXECUTE FUNCTION log_change();
CREATE TRIGGER log_update AFTER UPDATE ON shop_line REFERENCING NEW TABLE AS new_line OLD TABLE AS old_line FOR EACH STATEMENT EXECUTE FUNCTION log_change();
DELETE FROM shop_line WHERE invoice_no IN (SELECT invoice_no FROM shop_line WHERE invoice_no IS NOT NULL GROUP BY 1 ORDER BY invoice_no LIMIT 5);
INSERT INTO shop_line SELECT sold_at + interval '40 days', customer_id, invoice_no, product_id, quantity, amount FROM shop_line ORDER BY 1, 2, 3, 4, 5 LIMIT 20;
INSERT INTO shop_line SELECT sold_at, NULL::bigint, NULL::bigint, product_id, quantity, amount FROM shop_line ORDER BY 1 DESC, 2, 3, 4, 5 LIMIT 3;
UPDATE shop_line SET amount = amount + 1, customer_id = NULLIF(c.number, 5) FROM chosen AS c WHERE c.customer_id = shop_line.customer_id AND number BETWEEN 3 AND 6;
DELETE FROM shop_line WHERE invoice_no IS NULL AND extract(day FROM sold_at) = 3;
UPDATE place SET state = 'XX', region = 'Moon' WHERE customer_id IN (SELECT customer_id FROM chosen WHERE number IN (7, 8));
SELECT inserted, count(*), min(octet_length(log)) < 60 AS small FROM change GROUP BY 1 ORDER BY 1;
CREATE TABLE difference AS
SELECT d.*
FROM (SELECT array_agg(log) FILTER (WHERE inserted) AS inserted, array_agg(log) FILTER (WHERE NOT inserted) AS deleted, array_agg(log) AS logs FROM change) AS c,
  LATERAL (SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) AS current FROM shop_line
           WHERE invoice_no = ANY (ecomm._changed_invoices(logs, NULL::bigint)) OR customer_id = ANY (ecomm._changed_customers(logs, NULL::bigint))
              OR invoice_no IS NULL AND customer_id IS NULL AND sold_at::date = ANY (ecomm._changed_unknown_days(logs))
              OR customer_id IN (SELECT customer_id FROM chosen WHERE number IN (7, 8))
              OR invoice_no IN (SELECT invoice_no FROM shop_line JOIN chosen USING (customer_id) WHERE number IN (7, 8))) AS l,
  ecomm._summarise_changes(inserted, deleted, current,
    'SELECT a.customer_id, a.state, a.region, b.state, b.region FROM summary_test.place AS a JOIN summary_test.place_before AS b USING (customer_id)', products()) AS d;
SELECT count(*) > 100 AS some, count(*) FILTER (WHERE region = 'Moon') > 0 AS moved FROM difference;
SELECT count(*) AS differing FROM (
  SELECT s.* FROM (SELECT ARRAY[ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1)] AS logs FROM shop_line) AS l,
                  ecomm._summarise(logs, 'SELECT customer_id, state, region FROM summary_test.place', products()) AS s
  EXCEPT
  SELECT level, grain, period, category, product_id, region, state, sum(sales), sum(units), sum(lines), sum(orders), sum(customers)
  FROM (SELECT * FROM summary UNION ALL SELECT * FROM difference) AS d GROUP BY 1, 2, 3, 4, 5, 6, 7) AS e;
-- Whom changes concern, in any type of key.
SELECT pg_typeof(ecomm._changed_customers(logs, NULL::bigint)) AS type, ecomm._changed_customers(logs, NULL::integer) = ARRAY[1, 2] AS customers,
       ecomm._changed_invoices(logs, NULL::text) AS invoices, ecomm._changed_unknown_days(logs) AS days
FROM (SELECT ARRAY[ecomm._line_log(d, c, i, 'p', 1, 1, 0, 1), NULL] AS logs
      FROM (VALUES (timestamp '2024-01-01', 2, 'b'::text), ('2024-01-02', 1, 'a'), ('2024-01-03', NULL, NULL), ('2024-01-04', 2, 'a')) AS v(d, c, i)) AS l;
SELECT ecomm._changed_invoices(ARRAY[log], NULL::numeric) AS invoices, ecomm._changed_customers(ARRAY[log], NULL::uuid) AS customers
FROM (SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) AS log FROM odd) AS l;
SELECT ecomm._changed_invoices(NULL, NULL::date) AS invoices, ecomm._changed_unknown_days('{}') AS days;
SELECT ecomm._changed_invoices(ARRAY[log], NULL::bigint)
FROM (SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) AS log FROM odd) AS l;
SELECT ecomm._changed_customers(ARRAY[ecomm._line_log(now()::timestamp, 40000, 1, 'p', 1, 1, 0, 1)], NULL::smallint);
-- A log that cannot be.
DO $$
BEGIN
  PERFORM ecomm._summarise_changes(ARRAY[log], NULL, NULL, 'SELECT NULL::uuid, NULL::text, NULL::text, NULL::text, NULL::text',
                                   'SELECT NULL::text, NULL::text, NULL::text')
  FROM (SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) AS log FROM odd) AS l;
EXCEPTION WHEN SQLSTATE 'EC001' THEN RAISE WARNING 'as it should: %', SQLERRM;
END$$;

-- RFM out of its aggregate's bytes.
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE r IS DISTINCT FROM (k.customer_id, k.frequency, k.monetary, k.first_purchase, k.last_purchase)) AS differing
FROM (SELECT r, r.customer_id FROM (SELECT ecomm._rfm(customer_id, sold_at, invoice_no, amount) AS finished FROM ecomm.sale_line) AS f,
      ecomm._rfm_rows(NULL::bigint, finished) AS r) AS r FULL JOIN rfm() AS k USING (customer_id);
SELECT r.* FROM (SELECT ecomm._rfm(customer_id, sold_at, invoice_no::text, amount) AS finished FROM odd WHERE quantity = 1.5) AS f,
  ecomm._rfm_rows(NULL::uuid, finished) AS r;
SELECT count(*) FROM ecomm._rfm_rows(NULL::text, NULL);
SELECT r.* FROM (SELECT ecomm._rfm(customer_id, sold_at, invoice_no::text, amount) AS finished FROM odd WHERE quantity = 1.5) AS f,
  ecomm._rfm_rows(NULL::bigint, finished) AS r;
SELECT r.* FROM (SELECT ecomm._rfm(customer_id, sold_at, invoice_no::text, amount) AS finished FROM odd) AS f, ecomm._rfm_rows(NULL::uuid, finished) AS r;

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
