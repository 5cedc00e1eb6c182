-- What stands beside: columns that would have done for a role too, and tables to join.
SET client_min_messages = warning;
CREATE SCHEMA bindbeside;
SET search_path = bindbeside, public;
\pset format unaligned

-- Columns of lesser names are told, whatever the note says besides.
CREATE TABLE sale (ordered_at timestamp, paid_at timestamp, client_id integer, cust integer, sku text, quantity integer,
                   price numeric, total numeric, order_total numeric, "date" text);
INSERT INTO sale VALUES ('2024-01-01', '2024-01-02', 1, 7, 'a', 2, 5, 10, 15, ''),
                        ('2024-01-01', '2024-01-02', 1, 7, 'b', 1, 5, 5, 15, ''),
                        ('2024-01-03', '2024-01-04', 2, -1, 'c', 4, 1, 4, 4, ''),
                        ('2024-01-05', '2024-01-06', -1, 8, NULL, 1, 1, 1, 1, '');
SELECT role, expression, note FROM ecomm_bind();
SELECT role, expression, note FROM ecomm_source() WHERE role = 'amount';
SELECT role, expression, note FROM ecomm_bind(sold_at => 'paid_at', amount => 'order_total') WHERE role IN ('sold_at', 'amount');
UPDATE sale SET total = price;
INSERT INTO sale SELECT '2024-01-07', NULL, 2, 8, 'c', 4, i, i, i FROM generate_series(1, 100) AS i;
SELECT role, expression, note FROM ecomm_bind() WHERE role = 'amount';

-- A table beside it is joined if the data agree: all of the keys, some, or none.
CREATE FUNCTION bound() RETURNS TABLE (role text, relation text, expression text, note text) LANGUAGE sql AS
  $$ SELECT role, relation, expression, note FROM ecomm_bind('sale')
     WHERE role LIKE '%.%' AND (role ~ '_id$|spelling$' OR expression IS NOT NULL) $$;
CREATE TABLE customers (id integer, client_id bigint, state text, province text);
CREATE TABLE product (sku varchar(10) COLLATE "POSIX", name text, description text);
CREATE TABLE state (state_code text, state_name text);
INSERT INTO customers VALUES (1, 1, 'OR', 'Oregon'), (2, 2, '', NULL), (3, 3, 'NV', 'Nevada');
INSERT INTO product VALUES ('a'), ('c');
INSERT INTO state VALUES ('Oregon');
SELECT * FROM bound();
UPDATE state SET state_code = 'OR';
UPDATE product SET sku = upper(sku);
SELECT * FROM bound();
-- Without the customers nothing refers to the states.
UPDATE customers SET client_id = client_id + 10;
SELECT * FROM bound();
SELECT role, expression, type, note FROM ecomm.binding WHERE role LIKE '%.%' ORDER BY position;
-- Of another kind, or with a key that cannot be told.
ALTER TABLE customers ALTER client_id TYPE text;
ALTER TABLE product RENAME sku TO label;
SELECT * FROM bound();
-- Passed by name, they are joined all the same, as text if the kinds differ.
UPDATE customers SET client_id = id;
DELETE FROM customers WHERE id = 2;
ALTER TABLE product RENAME label TO sku;
SELECT role, expression, note FROM ecomm_bind(customer => 'customers', product => 'product', state => 'state')
  WHERE role ~ '[.](.*_id|spelling)$';

-- No keys are no evidence against a table; of many a thousand are looked at.
TRUNCATE sale;
TRUNCATE product;
SELECT role, expression, note FROM ecomm_bind('sale') WHERE role = 'product.product_id';
INSERT INTO sale SELECT '2024-01-01', NULL, 1, 1, i, 1, 1, 1, 1 FROM generate_series(1, 20000) AS i;
INSERT INTO product SELECT i FROM generate_series(10001, 20000) AS i;
SELECT role, expression, note FROM ecomm_bind('sale') WHERE role = 'product.product_id';
SELECT ecomm_unbind();

-- Who may not read a table may pass it; it is not looked into, and by itself it is not seen.
CREATE ROLE regress_beside;
GRANT USAGE ON SCHEMA bindbeside TO regress_beside;
GRANT CREATE ON SCHEMA ecomm TO regress_beside;
GRANT INSERT, DELETE ON ecomm.binding TO regress_beside;
GRANT SELECT ON sale, state TO regress_beside;
SET ROLE regress_beside;
SELECT count(*) FROM ecomm_bind('sale');
SELECT role, expression, note FROM ecomm_bind('sale', customer => 'customers', product => 'product')
  WHERE role ~ '[.](.*_id|spelling)$';
RESET ROLE;
REVOKE SELECT ON sale FROM regress_beside;
SET ROLE regress_beside;
\set SHOW_CONTEXT never
SELECT * FROM ecomm_bind('sale', quantity => '', product => 'product');
RESET ROLE;

SELECT ecomm_unbind();
DROP SCHEMA bindbeside CASCADE;
REVOKE CREATE ON SCHEMA ecomm FROM regress_beside;
REVOKE INSERT, DELETE ON ecomm.binding FROM regress_beside;
DROP ROLE regress_beside;
