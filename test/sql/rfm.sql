-- rfm() and rfm_segments(): what they count, what they leave out, and that every path gives the same rows.
\set VERBOSITY terse
SET extra_float_digits = 0;
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';
CREATE SCHEMA rfm_test;
SET search_path = rfm_test, public;

CREATE TABLE sale (transaction_date timestamp, customer_id bigint, description text, stock_code text,
                   invoice_no bigint, quantity integer, sale numeric, unit_price numeric);

-- no line at all
SELECT * FROM rfm('sale');
SELECT * FROM rfm_segments('sale');

INSERT INTO sale VALUES
  ('2024-01-01 10:00', 1, 'a', 'A', 100, 2, 20.00, 10.00),
  ('2024-01-01 10:00', 1, 'b', 'B', 100, 1, 5.30, 5.30),
  ('2024-01-05 23:59:59', 1, 'a', 'A', 101, 1, 10.00, 10.00),
  ('2024-01-09 08:00', 1, 'a', 'A', NULL, -1, -10.00, 10.00),   -- a return: money, but no order and no purchase
  ('2024-01-02 00:00', 2, 'a', 'A', NULL, 1, 10.00, 10.00),     -- no invoice: one order per customer and day
  ('2024-01-02 18:00', 2, 'b', 'B', NULL, 1, 5.30, 5.30),
  ('2024-01-03 09:00', 2, 'b', 'B', NULL, 1, 5.30, 5.30),
  ('2024-01-04 09:00', 3, 'a', 'A', 102, -2, -20.00, 10.00),    -- only ever returned
  ('2024-01-10 12:00', NULL, 'a', 'A', 103, 1, 10.00, 10.00),   -- unknown customers, but the last sale
  ('2024-01-06 12:00', -1, 'a', 'A', 104, 1, 10.00, 10.00),
  (NULL, 1, 'a', 'A', 105, 1, 10.00, 10.00),
  ('infinity', 1, 'a', 'A', 105, 1, 10.00, 10.00),
  ('2024-01-07', 1, 'a', 'A', 106, 1, NULL, 10.00),
  ('2024-01-07', 1, 'a', 'A', 106, 1, 'NaN', 10.00),
  ('2024-01-08 01:00', 4, 'c', 'C', 107, 14, 214.20, 15.30);    -- 14 x 15.30 in binary is not 214.20

SELECT * FROM rfm('sale');
SELECT * FROM rfm();
SELECT * FROM rfm(as_of => '2024-01-05 23:59:59');
SELECT * FROM rfm('sale', '2000-01-01');
SELECT customer_id, recency, monetary, r_score, f_score, m_score, rfm_score, segment FROM rfm_segments();

-- errors
SELECT * FROM rfm(as_of => 'infinity');
SELECT * FROM rfm(0::regclass);
SELECT * FROM rfm('pg_class_oid_index');
SELECT * FROM rfm_segments(rules => 'nobody''s');
SELECT * FROM rfm_keyed(NULL::uuid);
SELECT rfm_keyed(NULL::date, 'sale');

-- the same rows when the budget is too small: the server groups, and spills
CREATE TABLE many (sold_at timestamp, customer_id integer, invoice_no integer, amount numeric);
INSERT INTO many SELECT timestamp '2023-01-01' + i % 700 * interval '7 hours', i % 997,
                        CASE WHEN i % 10 > 0 THEN i % 3571 END, (i * 7919 % 100000 - 5000) / 100.0
                 FROM generate_series(1, 20000) AS i;
CREATE TEMP TABLE in_memory AS SELECT * FROM rfm_segments('many');
SET ecomm_analytics.memory_limit = '64kB';
SET work_mem = '64kB';
CREATE TEMP TABLE spilled AS SELECT * FROM rfm_segments('many');
RESET ecomm_analytics.memory_limit;
SELECT count(*), sum(monetary) FROM in_memory;
(TABLE in_memory EXCEPT TABLE spilled) UNION ALL (TABLE spilled EXCEPT TABLE in_memory);
SELECT count(*) FROM (SELECT row_number() OVER () AS n, * FROM in_memory) AS a
  JOIN (SELECT row_number() OVER () AS n, * FROM spilled) AS b USING (n) WHERE a.customer_id = b.customer_id;
SET ecomm_analytics.memory_limit = -1;  -- work_mem x hash_mem_multiplier
SELECT count(*) FROM (TABLE in_memory EXCEPT SELECT * FROM rfm_segments('many')) AS difference;
RESET ecomm_analytics.memory_limit;
RESET work_mem;

-- the same rows from parallel workers, and as the server's own aggregates
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ALTER TABLE many SET (parallel_workers = 4);
SET max_parallel_workers_per_gather = 4;
SELECT count(*) FROM (TABLE in_memory EXCEPT SELECT * FROM rfm_segments('many')) AS difference;
SET max_parallel_workers_per_gather = 1;
SELECT count(*) FROM (TABLE in_memory EXCEPT SELECT * FROM rfm_segments('many')) AS difference;
RESET max_parallel_workers_per_gather;
SELECT count(*) FROM rfm('many') AS r
  JOIN (SELECT customer_id, sum(amount) AS monetary, max(sold_at) FILTER (WHERE amount >= 0) AS last_purchase,
               count(DISTINCT CASE WHEN amount >= 0 THEN coalesce('n' || invoice_no, 'd' || sold_at::date) END) AS orders
        FROM many GROUP BY 1) AS s
    ON s.customer_id = r.customer_id AND s.monetary = r.monetary AND s.monetary::text = r.monetary::text
       AND s.last_purchase IS NOT DISTINCT FROM r.last_purchase AND s.orders = r.frequency;

-- amounts with more digits than 128 bits hold, exact all the same
CREATE TABLE precise (sold_at date, customer_id smallint, amount numeric);
INSERT INTO precise VALUES ('2024-01-01', 1, 1e-30), ('2024-01-01', 1, 1e40), ('2024-01-02', 2, 0.1);
SELECT customer_id, monetary FROM rfm('precise');
SELECT customer_id, m_score FROM rfm_segments('precise');
SELECT pg_typeof(customer_id), customer_id FROM rfm_keyed(NULL::smallint, 'precise');

-- keys of other types; text in the order of its bytes, on either path
CREATE TABLE keyed (sold_at timestamptz, customer_id text, order_id uuid, amount double precision);
INSERT INTO keyed SELECT timestamptz '2024-03-01 00:00 UTC' + i * interval '1 hour', chr(65 + i % 3) || CASE i % 2 WHEN 0 THEN 'é' ELSE 'z' END,
                         md5((i / 2)::text)::uuid, i + 0.1 FROM generate_series(1, 12) AS i;

SELECT * FROM rfm('keyed');
SELECT * FROM rfm_keyed(NULL::text, 'keyed');
SET ecomm_analytics.memory_limit = '64kB';
SELECT * FROM rfm_keyed(NULL::text, 'keyed', '2024-03-01 06:00');
RESET ecomm_analytics.memory_limit;
CREATE TABLE by_uuid AS SELECT sold_at, md5(customer_id)::uuid AS customer_id, order_id, amount FROM keyed;
SELECT customer_id, frequency, monetary FROM rfm_keyed(NULL::uuid, 'by_uuid');
SELECT count(*) FROM rfm_segments_keyed(NULL::uuid, 'by_uuid');
CREATE TABLE by_float AS SELECT sold_at, ascii(customer_id)::float8 AS customer_id, order_id, amount FROM keyed;
SELECT customer_id, frequency, monetary FROM rfm('by_float');
UPDATE by_float SET customer_id = customer_id + 0.5;
SELECT * FROM rfm('by_float');
SELECT customer_id, frequency FROM rfm_keyed(NULL::text, 'by_float');

CREATE TABLE by_real (sold_at date, customer_id real, order_id real, amount numeric);
INSERT INTO by_real VALUES ('2024-01-01', 1234567, 7654321, 10), ('2024-01-01', 1234568, 7654322, 20), ('2024-01-01', 1234568, 7654323, 20);
SELECT customer_id, frequency, monetary FROM rfm('by_real');
-- the aggregate itself takes no type it would misread
SELECT ecomm._rfm(true, localtimestamp, 1, 1.0);
SELECT ecomm._rfm(1, localtimestamp, 'x'::name, 1.0);

-- rules: named, editable, always whole
SELECT count(*), count(DISTINCT segment) FROM ecomm.segment_rule WHERE rule_set = 'default';
SELECT segment_rules_reset('mine');
UPDATE ecomm.segment_rule SET segment = 'Gone' WHERE rule_set = 'mine' AND rfm_score = 111;
SELECT segment, count(*) FROM rfm_segments('sale', rules => 'mine') GROUP BY 1 ORDER BY 1;
INSERT INTO ecomm.segment_rule VALUES ('mine', 111, 'Nobody');
SELECT segment FROM ecomm.segment_rule WHERE rule_set = 'mine' AND rfm_score = 111;
DELETE FROM ecomm.segment_rule WHERE rule_set = 'mine' AND rfm_score = 111;
INSERT INTO ecomm.segment_rule VALUES ('new', 111, 'Lost');
SELECT * FROM rfm_segments('sale', rules => 'new');
DELETE FROM ecomm.segment_rule WHERE rule_set = 'new';
INSERT INTO ecomm.segment_rule VALUES ('mine', 116, 'x');
BEGIN;
DELETE FROM ecomm.segment_rule WHERE rule_set = 'mine' AND rfm_score >= 500;
SELECT * FROM rfm_segments('sale', rules => 'mine');
ROLLBACK;
DELETE FROM ecomm.segment_rule WHERE rule_set = 'mine';

-- privileges and row-level security are those of the caller
CREATE ROLE rfm_reader;
GRANT USAGE ON SCHEMA rfm_test TO rfm_reader;
SET ROLE rfm_reader;
SELECT * FROM rfm('sale');
RESET ROLE;
GRANT SELECT ON sale TO rfm_reader;
ALTER TABLE sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY one ON sale TO rfm_reader USING (customer_id = 1);
SET ROLE rfm_reader;
SELECT customer_id, frequency, monetary FROM rfm('sale');
UPDATE ecomm.segment_rule SET segment = 'x';
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA rfm_test CASCADE;
DROP ROLE rfm_reader;
