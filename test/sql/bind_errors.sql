-- Questions, refusals, and names that try to be something else.
SET client_min_messages = warning;
CREATE SCHEMA binderr;
SET search_path = binderr, public;
SET intervalstyle = postgres;
\pset format unaligned

-- Nothing fits; text where a time or money is wanted.
CREATE TABLE notes (id integer, body text);
SELECT * FROM ecomm_bind('notes');
CREATE TABLE raw_text (order_date text, customer_id text, amount text);
SELECT * FROM ecomm_source('raw_text');
INSERT INTO raw_text VALUES ('12/1/2020 8:26', '17850', '15.30'), ('12/2/2020 18:26', '', '1e2');
SELECT role, expression, type FROM ecomm_bind('raw_text', amount => '"amount"::numeric',
  sold_at => 'to_timestamp("order_date", ''MM/DD/YYYY HH24:MI'')::timestamp') WHERE expression IS NOT NULL;
SELECT to_char(sold_at, 'YYYY-MM-DD HH24:MI') AS sold_at, customer_id, amount FROM ecomm.sale_line ORDER BY 1;

-- Two that could be it are a question, and the answer it suggests works.
CREATE TABLE twice (order_date date, invoice_date date, "Customer ID" integer, "CustomerID" integer, total numeric,
                    net_amount numeric);
SELECT * FROM ecomm_bind('twice');
SELECT role, expression FROM ecomm_bind('binderr.twice', sold_at => 'invoice_date', customer_id => 'CustomerID',
  amount => 'net_amount') WHERE expression IS NOT NULL;
-- One column, two roles: case decides where it can.
CREATE TABLE cased (sold_at date, customer_id integer, "Net" numeric, net numeric, "NET" numeric);
SELECT role, expression FROM ecomm_bind('cased', amount => 'Net') WHERE role = 'amount';
SELECT role, expression FROM ecomm_bind('cased', amount => 'nEt') WHERE role = 'amount';
-- Money that fits neither reading.
CREATE TABLE discounted (sold_at date, customer_id integer, quantity integer, unit_price numeric, amount numeric);
INSERT INTO discounted SELECT date '2024-01-01', i, 2, 10, 20 - i % 7 - 1 FROM generate_series(1, 70) AS i;
SELECT * FROM ecomm_source('discounted');
SELECT * FROM ecomm_bind('discounted');
SELECT role, expression, note FROM ecomm_bind('discounted', amount => 'amount') WHERE role = 'amount';

-- Not a table, not there, temporary, the view itself.
CREATE INDEX notes_id ON notes (id);
CREATE SEQUENCE numbers;
SELECT * FROM ecomm_bind('notes_id');
SELECT * FROM ecomm_source('numbers');
SELECT * FROM ecomm_source('missing');
SELECT * FROM ecomm_source(4000000000::oid);
CREATE TEMP TABLE passing (sold_at date, customer_id integer, amount numeric);
SELECT count(*) FROM ecomm_source('passing');
SELECT * FROM ecomm_bind('pg_temp.passing');
SELECT * FROM ecomm_bind('ecomm.sale_line');

-- Expressions: only one, only scalar, only over the table.
CREATE TABLE sale (sold_at timestamp, customer_id integer, quantity integer, price numeric);
INSERT INTO sale VALUES ('2024-01-01', 1, 2, 5);
SELECT * FROM ecomm_bind(amount => 'nothing * 2');
SELECT * FROM ecomm_bind(amount => 'quantity *');
SELECT * FROM ecomm_bind(amount => 'no_such_function(price)');
SELECT * FROM ecomm_bind(amount => '1); DROP TABLE sale; SELECT (1');
SELECT * FROM ecomm_bind(amount => '1) FROM pg_authid; --');
SELECT * FROM ecomm_bind(amount => '1), (2');
SELECT * FROM ecomm_bind(amount => '1) AS amount, (2');
SELECT * FROM ecomm_bind(amount => '1 /*');
SELECT * FROM ecomm_bind(amount => '1) UNION SELECT (2');
SELECT * FROM ecomm_bind(amount => '1) INTO sale2 FROM (SELECT 1) AS s WHERE (true');
SELECT * FROM ecomm_bind(amount => '(SELECT max(price) FROM sale)');
SELECT * FROM ecomm_bind(amount => 'CASE WHEN EXISTS (SELECT 1) THEN 1 END');
SELECT * FROM ecomm_bind(amount => 'sum(price)');
SELECT * FROM ecomm_bind(amount => 'sum(price) OVER ()');
SELECT * FROM ecomm_bind(amount => 'generate_series(1, quantity)');
SELECT * FROM ecomm_bind(amount => 'price * random()');
SELECT * FROM ecomm_bind(amount => '$1');
SELECT * FROM ecomm_bind(amount => '*');
SELECT * FROM ecomm_bind(amount => 'sale.*');
SELECT * FROM ecomm_bind(amount => 'sale');
SELECT * FROM ecomm_bind(amount => '(price, quantity)');
SELECT * FROM ecomm_bind(amount => 'other.price');
SELECT * FROM ecomm_bind(amount => 'DEFAULT');
-- Of the wrong type, or left out where it can't be.
SELECT * FROM ecomm_bind(amount => '''much''');
SELECT * FROM ecomm_bind(sold_at => 'quantity', amount => 'price');
SELECT * FROM ecomm_bind(customer_id => 'sold_at');
SELECT * FROM ecomm_bind(customer_id => 'ARRAY[customer_id]');
SELECT * FROM ecomm_bind(sold_at => '');
SELECT * FROM ecomm_bind(amount => 'NULL');
-- What fails on the data fails now.
\set SHOW_CONTEXT never
SELECT * FROM ecomm_bind(amount => 'price / (quantity - 2)', quantity => '');
-- Whatever the parentheses do, what is bound is one expression.
SELECT role, expression FROM ecomm_bind(amount => 'price) * (quantity') WHERE role = 'amount';
SELECT role, expression FROM ecomm_bind(amount => 'CASE WHEN quantity > 0 THEN price END') WHERE role = 'amount';
SELECT amount FROM ecomm.sale_line;

-- Names that look like SQL.
CREATE TABLE """;DROP TABLE sale;--" ("sold_at" timestamp, "customer_id" integer, "amount' || '" numeric, "a""b" numeric,
                                      "select" integer);
INSERT INTO """;DROP TABLE sale;--" VALUES ('2024-01-01', 1, 2, 3, 4);
SELECT * FROM ecomm_bind('""";DROP TABLE sale;--"');
SELECT role, relation, expression FROM ecomm_bind('""";DROP TABLE sale;--"', amount => 'amount'' || ''', quantity => 'select',
  unit_price => 'a"b') WHERE expression IS NOT NULL;
SELECT quantity, amount, unit_price FROM ecomm.sale_line;
SELECT role, expression FROM ecomm_source('""";DROP TABLE sale;--"') WHERE role = 'amount';

-- A hostile search path: nothing made by others stands in for what was meant.
CREATE SCHEMA evil;
CREATE FUNCTION evil.bad(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil was called'; END $$;
CREATE FUNCTION evil.bad(numeric, numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil was called'; END $$;
CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.bad);
CREATE OPERATOR evil.* (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = evil.bad);
CREATE OPERATOR evil.- (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = evil.bad);
CREATE FUNCTION evil.abs(numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil was called'; END $$;
CREATE FUNCTION evil.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil was called'; END $$;
CREATE FUNCTION evil.format_type(oid, integer) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil was called'; END $$;
CREATE TABLE evil.pg_attribute (attrelid oid, attnum smallint, attname name, atttypid oid, atttypmod integer,
                                attisdropped boolean);
CREATE TABLE evil.pg_class (oid oid, relkind "char", relname name, relnamespace oid);
CREATE DOMAIN evil.int4 AS text;
CREATE DOMAIN evil.numeric AS text;
ALTER TABLE sale ADD COLUMN total numeric;
UPDATE sale SET total = quantity * price;
SET search_path = evil, binderr, public, pg_catalog;
SELECT role, expression FROM ecomm_source('sale') WHERE role LIKE 'amount';
SELECT role, expression FROM ecomm_bind('sale') WHERE role LIKE 'amount';
SELECT role, expression FROM ecomm_bind('sale', amount => 'price * quantity') WHERE role LIKE 'amount';
SELECT role, expression FROM ecomm_source('sale') WHERE role LIKE 'amount';
SELECT amount FROM ecomm.sale_line;
SET search_path = binderr, public;
-- Unless it is meant by its name.
SELECT * FROM ecomm_bind('sale', amount => 'evil.abs(price)');
ALTER FUNCTION evil.abs(numeric) STABLE;
SELECT * FROM ecomm_bind('sale', amount => 'evil.abs(price)', quantity => '');
SELECT role, expression FROM ecomm_bind('twice', amount => 'evil.abs(total)', sold_at => 'order_date',
  customer_id => 'CustomerID') WHERE role = 'amount';

-- Privileges: to bind, and to read what is bound or named.
CREATE ROLE regress_bind_user;
GRANT USAGE ON SCHEMA binderr TO regress_bind_user;
SET ROLE regress_bind_user;
SELECT * FROM ecomm_bind('sale');
SELECT ecomm_unbind();
SELECT * FROM ecomm_source('sale');
SELECT count(*) FROM ecomm.sale_line;
RESET ROLE;
GRANT CREATE ON SCHEMA ecomm TO regress_bind_user;
SET ROLE regress_bind_user;
SELECT * FROM ecomm_bind('sale');
RESET ROLE;
GRANT INSERT, DELETE ON ecomm.binding TO regress_bind_user;
SET ROLE regress_bind_user;
SELECT * FROM ecomm_bind('sale');
RESET ROLE;
GRANT SELECT ON sale TO regress_bind_user;
SET ROLE regress_bind_user;
-- The view belongs to another.
SELECT * FROM ecomm_bind('sale');
RESET ROLE;
SELECT ecomm_unbind();
SET ROLE regress_bind_user;
SELECT count(*) FROM ecomm_bind('sale');
SELECT count(*) FROM ecomm.sale_line;
-- A named table is read with the caller's own rights, bound or not.
RESET ROLE;
REVOKE SELECT ON sale FROM regress_bind_user;
SET ROLE regress_bind_user;
SELECT count(*) FROM ecomm_source('sale');
SELECT count(*) FROM ecomm.sale_line;
RESET ROLE;
SELECT ecomm_unbind();

DROP SCHEMA binderr, evil CASCADE;
REVOKE CREATE ON SCHEMA ecomm FROM regress_bind_user;
REVOKE INSERT, DELETE ON ecomm.binding FROM regress_bind_user;
DROP ROLE regress_bind_user;
