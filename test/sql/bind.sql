-- Tables of many shapes, read and bound.
SET client_min_messages = warning;
CREATE SCHEMA bind;
SET search_path = bind, public;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
\pset format unaligned

-- No table yet, and nothing bound.
SELECT * FROM ecomm_source();
SELECT * FROM ecomm_bind();
SELECT ecomm_unbind();

-- A pet shop: the line total in "sale", floats as customer numbers, -1 for unknown.
CREATE TABLE sale (transaction_date timestamp, customer_id float8, description text, stock_code text,
                   invoice_no integer, quantity integer, sale numeric, unit_price numeric);
INSERT INTO sale VALUES
  ('2020-12-01 08:26', 17850, 'Pads', '85123A', 536365, 1, 15.30, 15.30),
  ('2020-12-01 08:34', 13047, 'Brush', '84879', 536367, 14, 214.20, 15.30),
  ('2020-12-02 09:00', -1, 'Brush', '84879', -1, 2, 20.28, 10.14),
  ('2020-12-02 09:10', 'NaN', 'Brush', '84879', NULL, -2, -20.28, 10.14),
  ('2020-12-03 10:00', NULL, 'Brush', '84879', 536370, 3, 30.42, 10.14);
SELECT * FROM ecomm_source();
CREATE TABLE customers (customer_id integer, order_city text, order_state text, order_zip text, billing_zip text, latitude numeric);
CREATE TABLE product (stock_code text, description text, category text, weight numeric);
CREATE TABLE state (order_state text, state_abbreviation text, region text, state text);
INSERT INTO customers VALUES (13047, 'Bend', 'Ore.'), (17850, 'Reno', 'Nev.');
INSERT INTO product VALUES ('84879'), ('85123A');
INSERT INTO state VALUES ('Ore.', 'OR'), ('Nev.', 'NV');
SELECT * FROM ecomm_bind();
SELECT * FROM ecomm.sale_line ORDER BY sold_at;
SELECT role, expression FROM ecomm.binding ORDER BY position LIMIT 3;
-- Bound: the view by default, and the same roles where the table is named.
SELECT * FROM ecomm_source();
SELECT * FROM ecomm_source() EXCEPT SELECT * FROM ecomm_source('sale');
-- The binding follows the table when it is renamed, and keeps its column when that is.
ALTER TABLE sale RENAME TO lines;
ALTER TABLE lines RENAME sale TO money;
SELECT count(*), sum(amount) FROM ecomm.sale_line;
SELECT count(*) FROM ecomm_source('lines');
ALTER TABLE lines RENAME money TO sale;
ALTER TABLE lines RENAME TO sale;
-- A column in use can't be dropped; a table dropped with CASCADE is missed.
ALTER TABLE sale DROP COLUMN sale;
BEGIN;
DROP TABLE sale CASCADE;
SELECT * FROM ecomm_source();
ROLLBACK;
-- A dropped column is no column.
ALTER TABLE sale DROP COLUMN description;
SELECT role, expression FROM ecomm_bind('sale') WHERE role = 'amount';

-- Another table: the types change, the grants stay.
CREATE ROLE regress_bind_reader;
GRANT SELECT ON ecomm.sale_line TO regress_bind_reader WITH GRANT OPTION;
GRANT SELECT ON ecomm.sale_line TO PUBLIC;
CREATE TABLE retail ("InvoiceNo" text, "StockCode" varchar(20), "Description" text, "Quantity" bigint,
                     "InvoiceDate" timestamptz, "UnitPrice" float8, "Customer ID" char(6), "Country" text);
INSERT INTO retail VALUES
  ('C1', 'A', 'x', 3, '2011-01-01 00:30+01', 19.99, 'a1', 'UK'),
  ('', 'B', 'x', 2, '2011-01-01 12:00+00', 0.1, '', 'UK'),
  ('-1', 'B', 'x', 2, '2011-01-02 12:00+00', 'NaN', '-1', 'UK'),
  ('C2', 'B', 'x', 1, '2011-01-02 12:00+00', 'Infinity', 'b2', 'UK');
SELECT * FROM ecomm_bind('retail');
SELECT * FROM ecomm.sale_line ORDER BY sold_at, invoice_no;
SET timezone = 'Asia/Tokyo';
SELECT min(sold_at) FROM ecomm.sale_line;
SET timezone = 'UTC';
SELECT has_table_privilege('regress_bind_reader', 'ecomm.sale_line', 'SELECT WITH GRANT OPTION') AS reader,
       EXISTS (SELECT FROM pg_class, aclexplode(relacl) WHERE oid = 'ecomm.sale_line'::regclass AND grantee = 0) AS everyone;
SET ROLE regress_bind_reader;
SELECT count(*) FROM ecomm.sale_line;
RESET ROLE;
-- A view over it stands in the way of other types, not of the same ones.
CREATE VIEW over AS SELECT count(*) FROM ecomm.sale_line;
SELECT count(*) FROM ecomm_bind('retail');
SELECT count(*) FROM ecomm_bind('sale');
SELECT ecomm_unbind();
DROP VIEW over;
SELECT ecomm_unbind();
SELECT ecomm_unbind();
SELECT to_regclass('ecomm.sale_line'), count(*) FROM ecomm.binding;

-- Dimensions by name: types may differ, a key must be told, something must refer to it.
SELECT role, relation, expression, note FROM ecomm_bind('retail', customer => 'customers', product => 'product')
  WHERE role LIKE '%\_id' AND role LIKE '%.%' OR role LIKE 'state.%';
SELECT * FROM ecomm_bind('sale', customer => 'state');
SELECT * FROM ecomm_bind('sale', product_id => '', product => 'product');
ALTER TABLE customers DROP COLUMN order_state;
SELECT * FROM ecomm_bind('sale', state => 'state');
DROP TABLE customers, product, state;

-- Keys and money of every type.
CREATE DOMAIN price AS numeric(10,2);
CREATE DOMAIN shopper AS bigint;
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE typed (order_date date, user_id uuid, order_id bigint, sku kind, qty smallint, price real, line_total money);
INSERT INTO typed VALUES ('2024-02-29', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', -1, 'a', 3, 0.1, '0.30');
SELECT role, expression, type, note FROM ecomm_bind('typed');
SELECT * FROM ecomm.sale_line;
CREATE TABLE domained ("date" date, client_no shopper, receipt_no numeric, "item-code" name, units real, revenue price);
INSERT INTO domained VALUES ('2024-02-29', -1, 'NaN', 'x', 1.5, 12.30);
SELECT role, expression, type, note FROM ecomm_bind('domained');
SELECT * FROM ecomm.sale_line;
CREATE TABLE whole_numbers (sold_on date, customer bigint, total integer);
INSERT INTO whole_numbers VALUES ('2024-02-29', 7, 1200);
SELECT role, expression, type, note FROM ecomm_bind('whole_numbers');
SELECT * FROM ecomm.sale_line;

-- Partitioned tables, views, materialized views, foreign tables; an empty table.
CREATE TABLE parted (sold_at timestamp, customer_id integer, amount numeric) PARTITION BY RANGE (sold_at);
CREATE TABLE parted_2024 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT role, expression FROM ecomm_bind('parted') WHERE expression IS NOT NULL;
INSERT INTO parted VALUES ('2024-05-05', 1, 9.90);
SELECT sold_at, customer_id, amount FROM ecomm.sale_line;
CREATE VIEW joined AS SELECT sold_at, customer_id, 2 AS qty, amount / 2 AS price, amount AS total FROM parted;
SELECT role, expression, note FROM ecomm_bind('joined') WHERE role = 'amount';
CREATE MATERIALIZED VIEW kept AS TABLE parted;
SELECT role, expression FROM ecomm_bind('kept') WHERE role = 'amount';
CREATE FOREIGN DATA WRAPPER bind_wrapper;
CREATE SERVER bind_server FOREIGN DATA WRAPPER bind_wrapper;
CREATE FOREIGN TABLE far (sold_at timestamp, customer_id integer, amount numeric) SERVER bind_server;
SELECT role, expression FROM ecomm_source('far') WHERE role = 'amount';
DROP FOREIGN DATA WRAPPER bind_wrapper CASCADE;

-- Stated roles: columns in any case, expressions, roles left out.
CREATE TABLE stated (day date, buyer text, net numeric, tax numeric, "Price" numeric, pieces integer);
INSERT INTO stated VALUES ('2024-03-01', 'anna', 10, 2.5, 5, 2);
SELECT role, expression, type, note FROM ecomm_bind('stated', amount => 'net + tax', customer_id => 'upper(buyer)',
  sold_at => 'day + interval ''8 hours''', quantity => '', unit_price => 'PRICE', product_id => 'NULL');
SELECT * FROM ecomm.sale_line;
SELECT role, expression FROM ecomm_bind('stated', amount => 'stated.net -- without tax') WHERE role = 'amount';
SELECT role, expression FROM ecomm_bind('stated', amount => '"Price"', customer_id => '"buyer"')
  WHERE role IN ('customer_id', 'amount', 'unit_price');
-- What stands in the view is what was bound: an explicit name reads it with the caller's rights.
SELECT role, expression FROM ecomm_source('stated') WHERE role = 'amount';
-- A view made by hand serves too.
SELECT ecomm_unbind();
CREATE VIEW ecomm.sale_line AS SELECT timestamp '2024-01-01' AS sold_at, 1 AS customer_id, 2 AS invoice_no,
  'x'::text AS product_id, 1 AS quantity, 9.90 AS amount, 9.90 AS unit_price;
SELECT count(*) FROM ecomm_source();
CREATE OR REPLACE VIEW ecomm.sale_line AS SELECT timestamp '2024-01-01' AS sold_at, 1 AS customer_id, 2 AS invoice_no,
  'x'::text AS product_id, 1 AS quantity, 9.90 AS amount, 9.90 AS unit_price, 1 AS more;
DROP VIEW ecomm.sale_line;
CREATE VIEW ecomm.sale_line AS SELECT timestamp '2024-01-01' AS sold_at;
SELECT count(*) FROM ecomm_source();
DROP VIEW ecomm.sale_line;

-- The money column is looked at: a unit price, whatever its name.
CREATE TABLE per_piece (order_date date, customer_id integer, qty integer, price numeric, amount numeric);
INSERT INTO per_piece SELECT date '2024-01-01' + i, i, i % 3 + 1, 9.99, 9.99 FROM generate_series(1, 2000) AS i;
SELECT role, expression, note FROM ecomm_bind('per_piece') WHERE role = 'amount';
SELECT sum(amount) = sum(quantity * unit_price) AS as_line_totals FROM ecomm.sale_line;
SELECT role, expression, note FROM ecomm_bind('per_piece', amount => 'amount') WHERE role = 'amount';
-- With binary fractions 0.1 * 3 = 0.3 does not hold; as decimals it does.
CREATE TABLE binary_money (order_date date, customer_id integer, qty integer, price float8, total float8);
INSERT INTO binary_money SELECT date '2024-01-01', i, 3, i / 10.0, round(i * 0.3, 2) FROM generate_series(1, 500) AS i;
SELECT role, expression, note FROM ecomm_bind('binary_money') WHERE role = 'amount';
SELECT sum(amount) FROM ecomm.sale_line;

-- The extension goes with what it bound; nothing else depends on the view.
SELECT ecomm_unbind();
SELECT count(*) FROM ecomm_bind('sale');
BEGIN;
DROP EXTENSION ecomm_analytics;
SELECT to_regnamespace('ecomm');
ROLLBACK;

SELECT ecomm_unbind();
DROP SCHEMA bind CASCADE;
DROP ROLE regress_bind_reader;
