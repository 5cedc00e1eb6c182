-- Dimensions present clean, whatever the user's tables look like.
SET client_min_messages = warning;
CREATE SCHEMA clean;
SET search_path = clean, public;
SET datestyle = 'ISO, YMD';
\pset format unaligned
\set VERBOSITY terse
SELECT ecomm._create_dimension_sources();

-- Spellings of states and cities, stock codes that differ in case, a customer twice, places on no map, keys that are none.
CREATE TABLE sale (sold_at timestamp, customer_id integer, invoice_no integer, stock_code text, quantity integer, amount numeric);
INSERT INTO sale SELECT '2024-01-01', i, i, 'A' || i % 3, 1, 5 FROM generate_series(1, 20) AS i;
CREATE TABLE customer (customer_id bigint, name text, city text, zip text, order_state text, latitude float8, longitude numeric);
INSERT INTO customer VALUES
  (1, ' Ann ', 'JACKSON', '01', 'TX', 30, -100), (2, 'Bob', 'jackson', ' ', 'tx', 'NaN', 'NaN'), (3, '', 'Jackson,', NULL, 'Tex.', 'inf', 181),
  (4, NULL, 'MCALLEN', NULL, 'Texas', -91, -180), (5, NULL, 'McAllen', NULL, 'TEXAS', NULL, NULL), (6, NULL, 'St. Louis', NULL, 'mo', 0, 0),
  (7, NULL, 'st  louis', NULL, 'Missouri ', NULL, NULL), (8, NULL, 'KING OF PRUSSIA', NULL, 'P.A.', NULL, NULL),
  (9, NULL, 'King of Prussia', NULL, 'Pennsylvania', NULL, NULL), (10, NULL, 'MARTHA''S VINEYARD', NULL, 'Arkansas', NULL, NULL),
  (11, NULL, 'Laguna hills', NULL, 'ark', NULL, NULL), (12, NULL, 'LAGUNA HILLS', NULL, 'q.c.', NULL, NULL), (13, NULL, NULL, NULL, 'Québec', NULL, NULL),
  (14, NULL, ' . ', NULL, 'Québec', NULL, NULL), (15, NULL, 'unknown', NULL, 'QUéBEC', NULL, NULL), (16, NULL, 'Rome', NULL, NULL, NULL, NULL),
  (17, NULL, 'Rome', NULL, ' - ', NULL, NULL), (18, NULL, 'Rome', NULL, 'unknown', NULL, NULL),
  (19, 'Zed', 'Oslo', NULL, 'TX', NULL, NULL), (19, 'Amy', 'Bergen', NULL, 'MO', NULL, NULL), (19, 'Amy', 'Bergen', NULL, 'AR', NULL, NULL),
  (-1, 'nobody', 'Oslo', NULL, 'TX', NULL, NULL), (NULL, 'nobody', 'Oslo', NULL, 'TX', NULL, NULL), (3000000000, 'too great', 'Oslo', NULL, 'TX', NULL, NULL);
CREATE TABLE product (stock_code text, description text, category text);
INSERT INTO product VALUES ('a0', 'Ball,  red', 'Toys'), ('A0 ', 'Ball', 'Toys'), ('A0', 'Bowl', NULL), ('A1', ' ', 'Cleanig  Supplies '), ('A2', NULL, ''),
  (NULL, 'none', 'none'), (' ', 'none', 'none'), ('Unknown', 'none', 'none');
CREATE TABLE state (order_state text, state_abbreviation text, state text, region text);
INSERT INTO state VALUES
  ('TX', 'TX', 'Texas', ' South '), ('Tex', 'tx', 'Texas', 'Central'), ('texas', 'TX', 'TEXAS', 'Central'), ('MO', 'MO', 'Missouri', NULL),
  ('PA', 'PA', 'Pennsylvania', 'East'), ('p a', 'XX', 'Two of one form', 'East'), ('Arkansas', 'AK', 'Alaska', 'Other'), ('AR', 'AR', 'Arkansas', 'Central'),
  ('VI', NULL, 'Virgin  Islands', 'Other'), (NULL, NULL, NULL, 'none');
SELECT role, expression FROM ecomm_bind() WHERE role LIKE '%.%' AND expression IS NOT NULL;
SELECT ecomm._create_dimension_sources();
SELECT * FROM ecomm._state_spelling ORDER BY spelling COLLATE "C";
SELECT * FROM ecomm._city_spelling ORDER BY spelling COLLATE "C";
SELECT * FROM ecomm._state_source ORDER BY state COLLATE "C";
SELECT * FROM ecomm._product_source ORDER BY product_id COLLATE "C";
SELECT customer_id, customer_name, city, postal_code, state, region, country, latitude, longitude FROM ecomm._customer_source ORDER BY customer_id;

-- Rules go before everything else, and name what they lead to by code or by another spelling.
INSERT INTO ecomm.cleaning_rule VALUES
  ('state', 'q.c.', 'Québec'), ('state', 'ARK', 'AR'), ('state', 'arkansas', 'AR'), ('state', 'TX', 'MO'), ('state', 'mo', 'missouri'), ('state', '-', 'none'),
  ('city', 'ST LOUIS', 'Saint Louis'), ('city', 'laguna hills', 'Laguna Hills'), ('city', 'mcallen', 'MCALLEN'),
  ('category', 'CLEANIG SUPPLIES', 'Cleaning Supplies'), ('category', 'toys', 'Games'), ('region', 'other', 'Overseas'), ('product', 'ball, red', 'Red ball');
SELECT spelling, state, found_by FROM ecomm._state_spelling WHERE found_by = 'rule' ORDER BY spelling COLLATE "C";
SELECT spelling, city FROM ecomm._city_spelling WHERE city ~* '^(saint|lag|mca)' ORDER BY spelling COLLATE "C";
SELECT state, region FROM ecomm._state_source WHERE region = 'Overseas' OR state = 'none' ORDER BY state COLLATE "C";
SELECT * FROM ecomm._product_source ORDER BY product_id COLLATE "C";
INSERT INTO ecomm.cleaning_rule VALUES ('city', '', 'Rome');
INSERT INTO ecomm.cleaning_rule VALUES ('country', 'U.S.', 'US');
DELETE FROM ecomm.cleaning_rule;

-- A key that is unique is not sorted for; the rows are the same.
CREATE TABLE before AS SELECT * FROM ecomm._customer_source;
DELETE FROM customer WHERE name IN ('Zed', 'nobody') OR customer_id = 19 AND order_state = 'MO';
ALTER TABLE customer ADD UNIQUE (customer_id);
SELECT ecomm._create_dimension_sources();
SELECT pg_get_viewdef('ecomm._customer_source') LIKE '%DISTINCT ON (%customer_id%' AS sorts;
SELECT * FROM ecomm._customer_source EXCEPT SELECT * FROM before;
SELECT count(*) FROM ecomm._customer_source;

-- Keys of other types: as the sale lines have them, equal by value.
CREATE FUNCTION pg_temp.keys(sale_type text, customer_type text, keys text) RETURNS TABLE (type text, customer_ids text) LANGUAGE plpgsql AS $$
BEGIN
  DROP TABLE sale, customer CASCADE;
  EXECUTE format('CREATE TABLE sale AS SELECT now() AS sold_at, k::%s AS customer_id, 1::numeric AS amount FROM unnest(%L::text[]) AS k', sale_type, keys);
  EXECUTE format('CREATE TABLE customer AS SELECT k::%s AS customer_id, ''Rome''::text AS city FROM unnest(%L::text[]) AS k', customer_type, keys);
  PERFORM ecomm_unbind();
  PERFORM ecomm_bind('sale', customer => 'customer');
  PERFORM ecomm._create_dimension_sources();
  RETURN QUERY SELECT min(pg_typeof(customer_id)::text), string_agg(customer_id::text, ' ' ORDER BY customer_id::text COLLATE "C") FROM ecomm._customer_source;
END $$;
SELECT * FROM pg_temp.keys('bigint', 'numeric', '{1,2,3000000000,-1}');
SELECT * FROM pg_temp.keys('smallint', 'float8', '{1,2,-1}');
SELECT * FROM pg_temp.keys('numeric', 'float8', '{1.0,2.50,17850.00,NaN,-1}');
SELECT * FROM pg_temp.keys('float8', 'integer', '{1,17850,-1}');
SELECT * FROM pg_temp.keys('integer', 'text', '{1,17850,0012,0,-1,2147483647}');
SELECT * FROM pg_temp.keys('text', 'varchar(9)', '{x,17850,0012,-1,"",Unknown,é}');
SELECT * FROM pg_temp.keys('uuid', 'text', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}');
SELECT * FROM pg_temp.keys('uuid', 'uuid', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}');

-- No tables beside the sale table.
CREATE SCHEMA alone;
CREATE TABLE alone.purchases (bought_at timestamptz, user_id uuid, order_id bigint, sku text, qty smallint, price float8);
INSERT INTO alone.purchases VALUES ('2024-01-01 00:00+00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1, 'x', 1, 2);
SELECT role, expression FROM ecomm_bind('alone.purchases', sold_at => 'bought_at');
SELECT ecomm._create_dimension_sources();
SELECT * FROM ecomm._customer_source;
SELECT * FROM ecomm._product_source;
SELECT * FROM ecomm._state_source;

-- What the binding says is looked up and never run; a view made anew keeps its grants; nobody's search path counts.
CREATE ROLE regress_clean_reader;
GRANT SELECT ON ecomm._customer_source TO regress_clean_reader;
SELECT count(*) FROM ecomm_bind('sale', customer => 'customer');
UPDATE ecomm.binding SET expression = '(SELECT 1/0)' WHERE role = 'customer.city';
CREATE FUNCTION clean.btrim(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';
SET search_path = clean, public, pg_catalog;
SET client_min_messages = error;
SELECT ecomm._create_dimension_sources();
RESET client_min_messages;
SELECT DISTINCT city FROM ecomm._customer_source;
SELECT has_table_privilege('regress_clean_reader', 'ecomm._customer_source', 'SELECT');
-- A table that is gone is as none, and a warning says so.
ALTER TABLE customer RENAME TO customers_2024;
SELECT ecomm._create_dimension_sources();
SELECT * FROM ecomm._customer_source;

SET client_min_messages = warning;
SELECT ecomm_unbind();
DROP VIEW ecomm._customer_source, ecomm._product_source, ecomm._state_source, ecomm._city_spelling, ecomm._state_spelling;
DROP SCHEMA clean, alone CASCADE;
DROP ROLE regress_clean_reader;
