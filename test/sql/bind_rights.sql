-- Whose rights count: a table passed by name is read as the caller, the bound view as its owner.
CREATE SCHEMA bindrights;
SET search_path = bindrights, public;
\pset format unaligned
\set VERBOSITY terse
CREATE TABLE sale (sold_at timestamp, customer_id bigint, invoice_no bigint, store text, quantity integer, price numeric);
INSERT INTO sale VALUES
  ('2024-01-01', 1, 1, 'north', 2, 5), ('2024-01-02', 2, 2, 'south', 1, 7), ('2024-01-03', 2, 3, 'south', 1, 8);
ALTER TABLE sale ENABLE ROW LEVEL SECURITY;
CREATE ROLE regress_bind_north;
CREATE ROLE regress_bind_guest;
GRANT USAGE ON SCHEMA bindrights TO regress_bind_north, regress_bind_guest;
GRANT SELECT ON sale TO regress_bind_north;
CREATE POLICY north ON sale FOR SELECT TO regress_bind_north USING (store = 'north');

-- On the fly.
SELECT customer_id, frequency, monetary FROM rfm() ORDER BY 1;
SET ROLE regress_bind_north;
SELECT customer_id, frequency, monetary FROM rfm() ORDER BY 1;
SELECT role, expression, note FROM ecomm_source() WHERE role = 'amount';
SET ROLE regress_bind_guest;
SELECT * FROM rfm();
RESET ROLE;
-- Bound: by name as before; without a name the view, for those it was granted to.
SELECT count(*) FROM ecomm_bind('sale');
SET ROLE regress_bind_north;
SELECT customer_id, frequency, monetary FROM rfm('sale') ORDER BY 1;
SELECT * FROM rfm();
SET ROLE regress_bind_guest;
SELECT * FROM rfm('sale');
RESET ROLE;
GRANT SELECT ON ecomm.sale_line TO regress_bind_guest;
SET ROLE regress_bind_guest;
SELECT customer_id, frequency, monetary FROM rfm() ORDER BY 1;
SELECT customer_id, frequency, monetary FROM rfm('ecomm.sale_line') ORDER BY 1;
RESET ROLE;

-- The same customers whichever way the lines are read, and whatever stands first on the search path.
CREATE SCHEMA evil;
CREATE FUNCTION evil.times(numeric, numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT 0.0';
CREATE OPERATOR evil.* (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = evil.times);
CREATE TABLE by_default AS TABLE sale;
SET search_path = evil, bindrights, public, pg_catalog;
SELECT customer_id, monetary FROM rfm('by_default') ORDER BY 1;
SELECT customer_id, monetary FROM rfm('sale') ORDER BY 1;
SELECT customer_id, monetary FROM rfm() ORDER BY 1;
SET search_path = bindrights, public;

-- A view made anew, because its types change, keeps its options and privileges.
ALTER VIEW ecomm.sale_line SET (security_barrier = true);
GRANT SELECT (sold_at, amount) ON ecomm.sale_line TO regress_bind_north;
ALTER TABLE by_default ALTER customer_id TYPE text;
SELECT count(*) FROM ecomm_bind('by_default');
SELECT reloptions FROM pg_class WHERE oid = 'ecomm.sale_line'::regclass;
SELECT grantee, string_agg(column_name, ' ' ORDER BY column_name) AS columns FROM information_schema.column_privileges
WHERE table_schema = 'ecomm' AND table_name = 'sale_line' AND grantee LIKE 'regress_%' AND privilege_type = 'SELECT' GROUP BY 1 ORDER BY 1;

SELECT ecomm_unbind();
SET client_min_messages = warning;
DROP SCHEMA bindrights, evil CASCADE;
DROP ROLE regress_bind_north, regress_bind_guest;
