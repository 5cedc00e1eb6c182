-- What is complete, missing, doubtful: counted exactly, whatever the tables look like.
SET client_min_messages = warning;
CREATE SCHEMA quality;
SET search_path = quality, public;
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';
SET extra_float_digits = 0;
\pset format unaligned
\set VERBOSITY terse
SELECT * FROM sales_quality();

CREATE TABLE sale (sold_at timestamp, customer_id integer, invoice_no integer, stock_code text, quantity numeric, amount numeric, unit_price numeric);
-- 20 good lines
INSERT INTO sale SELECT '2024-01-01'::timestamp + i * interval '1 hour', 1 + i % 5, i, 'A' || i % 2, 2, 10, 5 FROM generate_series(1, 20) AS i;
INSERT INTO sale VALUES
  (NULL, 1, 101, 'A0', 1, 5, 5), ('infinity', 1, 102, 'A0', 1, 5, 5), ('1969-12-31 23:59', 1, 103, 'A0', 1, 5, 5), ('9999-01-01', 1, 104, 'A0', 1, 5, 5),
  ('2024-01-02', NULL, 105, 'A0', 1, 5, 5), ('2024-01-02', -1, 106, 'A0', 1, 5, 5), ('2024-01-02', 1, NULL, 'A0', 1, 5, 5), ('2024-01-02', 1, -1, 'A0', 1, 5, 5),
  ('2024-01-02', 1, 107, NULL, 1, 5, 5), ('2024-01-02', 1, 108, ' ', 1, 5, 5), ('2024-01-02', 1, 109, 'a1 ', 1, 5, 5), ('2024-01-02', 1, 110, 'X9', 1, 5, 5),
  ('2024-01-02', 1, 111, 'A0', NULL, 5, 5), ('2024-01-02', 1, 112, 'A0', 'NaN', 5, 5), ('2024-01-02', 1, 113, 'A0', -1, -5, 5), ('2024-01-02', 1, 114, 'A0', 0, 0, 5),
  ('2024-01-02', 1, 115, 'A0', 1, NULL, 5), ('2024-01-02', 1, 116, 'A0', 1, 'NaN', 5), ('2024-01-02', 1, 117, 'A0', 1, 'Infinity', 5),
  ('2024-01-02', 1, 118, 'A0', 1, 5, NULL), ('2024-01-02', 1, 119, 'A0', 1, -5, -5), ('2024-01-02', 1, 120, 'A0', 1, 0, 0),
  ('2024-01-02', 1, 121, 'A0', 3, 10.01, 3.3333), ('2024-01-02', 1, 122, 'A0', 3, 10, 3.333), ('2024-01-02', 1, 123, 'A0', 1, 50, 50), ('2024-01-02', 1, 124, 'A0', 1, 0.5, 0.5),
  ('2024-01-02', 1, 125, 'A0', 1, 49.99, 49.99), ('2024-01-02', 77, 126, 'A0', 1, 5, 5),
  -- three times the same, once without an invoice twice the same, and two invoices that are one
  ('2024-01-03', 2, 130, 'A1', 1, 5, 5), ('2024-01-03', 2, 130, 'A1', 1, 5.00, 5), ('2024-01-03', 2, 130, 'A1', 1, 5, 5),
  ('2024-01-03', 2, NULL, 'A1', 1, 5, 5), ('2024-01-03', 2, NULL, 'A1', 1, 5, 5),
  ('2024-01-03', 3, 131, 'A1', 1, 5, 5), ('2024-01-03', 4, 131, 'A1', 1, 5, 5), ('2024-01-03 23:59', 3, 132, 'A1', 1, 5, 5), ('2024-01-04', 3, 132, 'A1', 1, 5, 5);
SELECT count(*) FROM ecomm_bind(amount => 'amount');
SELECT subject, reason, lines, round(share::numeric, 6) AS share, amount, suggestion FROM sales_quality();
SELECT lines FROM sales_quality() WHERE subject = 'line' AND reason = 'all'
EXCEPT SELECT count(*) FROM sale;
-- What it says is done is what is done.
SELECT sum(frequency), sum(monetary) FROM rfm(as_of => '2024-02-01');
SELECT sum(value) FROM sales_series(from_date => '2024-01-01', to_date => '2024-02-01');

-- The tables beside it.
CREATE TABLE customer (customer_id integer PRIMARY KEY, city text, order_state text);
INSERT INTO customer VALUES (1, 'St. Louis', 'MO'), (2, 'SAINT LOUIS', 'MO'), (3, 'Jacksonville', 'FL'), (4, 'Jacklsonville', 'Arkansas'), (5, NULL, 'Qu''ebec');
INSERT INTO customer VALUES (6, 'Jacklsonville', 'FL'), (7, 'Rome', NULL);
INSERT INTO sale SELECT '2024-01-05', 5 + i % 3, 200 + i, 'A2', 1, 5, 5 FROM generate_series(1, 6) AS i;
CREATE TABLE product (stock_code text, description text, category text);
INSERT INTO product VALUES ('A0', 'Ball', 'Pet Food'), ('A1', 'Bowl', 'Pet-food'), ('A2', 'Bed', NULL), ('A3', 'Toy', 'Pet Foods'), ('A4', 'Bar', 'Food');
CREATE TABLE state (order_state text, state_abbreviation text, state text, region text);
INSERT INTO state VALUES ('MO', 'MO', 'Missouri', 'Central'), ('FL', 'FL', 'Florida', 'East'), ('Arkansas', 'AK', 'Alaska', 'Centrall'), ('AR', 'AR', 'Arkansas', 'Central');
SELECT count(*) FROM ecomm_bind(amount => 'amount');
SELECT subject, reason, lines, amount, effect, suggestion FROM sales_quality()
WHERE subject LIKE '%.%' OR subject IN ('product_id', 'customer_id');
-- Its suggestions are carried out, and it says no more of them.
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN SELECT suggestion FROM sales_quality() WHERE suggestion LIKE 'INSERT%' ORDER BY suggestion COLLATE "C" LOOP
    EXECUTE statement || ' ON CONFLICT DO NOTHING';
  END LOOP;
END $$;
SELECT * FROM ecomm.cleaning_rule ORDER BY kind, spelling COLLATE "C";
SELECT subject, reason, lines, effect, suggestion FROM sales_quality() WHERE suggestion LIKE 'INSERT%';
DELETE FROM ecomm.cleaning_rule;

SELECT * FROM sales_quality_columns();

-- The view alone may be read: what is missing and what is unknown look the same.
CREATE ROLE regress_quality_reader;
GRANT SELECT ON ecomm.sale_line TO regress_quality_reader;
SET ROLE regress_quality_reader;
SELECT subject, reason, lines, effect FROM sales_quality() WHERE reason IN ('all', 'not looked up');
RESET ROLE;
GRANT SELECT ON customer, product, state TO regress_quality_reader;
GRANT USAGE ON SCHEMA quality TO regress_quality_reader;
SET ROLE regress_quality_reader;
SELECT subject, reason, lines FROM sales_quality() WHERE subject IN ('line', 'customer_id') AND reason IN ('all', 'missing', 'unknown');
SELECT role, relation, expression, filled FROM sales_quality_columns() LIMIT 2;
SELECT * FROM sales_quality('sale');
RESET ROLE;

-- Another table is looked at by itself; other names and types; no lines; nobody's search path counts.
CREATE TABLE purchases (bought_at timestamptz, user_id uuid, order_id bigint, qty smallint, "unit ""price" float8);
INSERT INTO purchases VALUES
  ('2024-01-01 10:00+00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1, 2, 2.5), ('2024-01-02 10:00+00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 1, 1, 'NaN'), (NULL, NULL, NULL, 1, 1);
SELECT ecomm_unbind();
SELECT count(*) FROM ecomm_bind('purchases', sold_at => 'bought_at', unit_price => '"unit ""price"', amount => 'qty * "unit ""price"');
CREATE FUNCTION quality.sum(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 0.0';
CREATE FUNCTION quality.btrim(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';
SET search_path = quality, public, pg_catalog;
SELECT subject, reason, lines, amount FROM sales_quality() WHERE lines > 0 OR reason = 'outlying';
SELECT * FROM sales_quality_columns();
CREATE TABLE empty (sold_at date, customer_id text, quantity integer, unit_price money);
SELECT subject, reason, lines, share, amount FROM sales_quality('empty');
SELECT * FROM sales_quality_columns('empty');

SELECT ecomm_unbind();
DROP SCHEMA quality CASCADE;
DROP OWNED BY regress_quality_reader;
DROP ROLE regress_quality_reader;
