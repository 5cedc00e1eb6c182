-- Whose code the triggers of ecomm_track run, and for whom.
\set SHOW_CONTEXT never
CREATE ROLE regress_track_owner;
CREATE ROLE regress_track_binder;
CREATE SCHEMA shop;
GRANT ALL ON SCHEMA shop TO regress_track_owner;
CREATE SCHEMA binder AUTHORIZATION regress_track_binder;
GRANT USAGE ON SCHEMA binder, shop TO PUBLIC;
GRANT CREATE ON SCHEMA ecomm TO regress_track_owner, regress_track_binder;
GRANT INSERT, DELETE ON ecomm.binding TO regress_track_owner, regress_track_binder;
SET search_path = shop, public;
CREATE TABLE sale (sold_at timestamp, customer_id bigint, product_id text, quantity integer, amount numeric);
INSERT INTO sale VALUES ('2024-01-01', 1, 'A', 1, 10);
ALTER TABLE sale OWNER TO regress_track_owner;
GRANT SELECT ON sale TO regress_track_binder;

-- a superuser's binding, and the owner's own
SELECT count(*) FROM ecomm_bind('sale');
SET ROLE regress_track_owner;
SELECT count(*) FROM ecomm_track();
RESET ROLE;
SELECT ecomm._tracked();
SELECT ecomm_unbind();
SET ROLE regress_track_owner;
SELECT count(*) FROM ecomm_bind('sale');
RESET ROLE;
SELECT ecomm._tracked();
DELETE FROM ecomm._change;
INSERT INTO sale VALUES ('2024-01-02', 1, 'A', 1, 10);
SELECT kind, count, why FROM ecomm._change;
SELECT ecomm_unbind();
DELETE FROM ecomm._change;

-- bound by another role: what it bound is run neither for those who write nor for the owner
SET ROLE regress_track_binder;
CREATE FUNCTION binder.evil(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RAISE WARNING 'run as %', current_user;
  RETURN $1;
END $$;
SET client_min_messages = error;
SELECT count(*) FROM ecomm_bind('sale', amount => 'binder.evil(amount) + binder.evil(0)');
RESET client_min_messages;
RESET ROLE;
INSERT INTO sale VALUES ('2024-01-03', 1, 'A', 1, 10);
UPDATE sale SET amount = 11;
SELECT kind, count, why FROM ecomm._change;
SELECT ecomm._tracked();
SET ROLE regress_track_owner;
SELECT count(*) FROM ecomm_track();
RESET ROLE;
-- a role with the owner's rights may
GRANT regress_track_owner TO regress_track_binder;
SELECT ecomm._tracked();
DELETE FROM ecomm._change;
INSERT INTO sale VALUES ('2024-01-04', 1, 'A', 1, 10);
SELECT kind, count, why FROM ecomm._change;
REVOKE regress_track_owner FROM regress_track_binder;
SELECT ecomm_unbind();

-- row security: what the view does not show is not to be added by the log
SET ROLE regress_track_owner;
SELECT count(*) FROM ecomm_bind('sale');
SELECT count(*) FROM ecomm_track();
RESET ROLE;
SELECT ecomm._relation_fingerprint() AS before \gset
ALTER TABLE sale ENABLE ROW LEVEL SECURITY;
SELECT ecomm._tracked();
ALTER TABLE sale FORCE ROW LEVEL SECURITY;
SELECT ecomm._tracked(), ecomm._relation_fingerprint() = :'before' AS same;
SET ROLE regress_track_owner;
SELECT count(*) FROM ecomm_track();
RESET ROLE;
ALTER ROLE regress_track_owner BYPASSRLS;
SELECT ecomm._tracked();
ALTER ROLE regress_track_owner NOBYPASSRLS;
ALTER TABLE sale DISABLE ROW LEVEL SECURITY;
SELECT ecomm._tracked(), ecomm._relation_fingerprint() = :'before' AS same;

-- triggers of anybody's on tables that are not bound
CREATE TABLE customer (customer_id bigint, name text, state text) PARTITION BY LIST (state);
CREATE TABLE customer_ny PARTITION OF customer FOR VALUES IN ('NY');
INSERT INTO customer VALUES (1, 'Ada', 'NY');
SELECT ecomm_unbind();
SELECT count(*) FROM ecomm_bind('sale', customer => 'customer');
SELECT count(*) FROM ecomm_track();
DELETE FROM ecomm._change;
GRANT CREATE ON SCHEMA shop TO regress_track_binder;
SET ROLE regress_track_binder;
CREATE TABLE other (a integer);
CREATE TRIGGER a AFTER INSERT ON other FOR EACH STATEMENT EXECUTE FUNCTION ecomm._track_dimension('rebuild');
CREATE TRIGGER b AFTER INSERT ON other FOR EACH STATEMENT EXECUTE FUNCTION ecomm._track_dimension('customer');
CREATE TRIGGER c AFTER INSERT ON other FOR EACH STATEMENT EXECUTE FUNCTION ecomm._track_dimension('product');
INSERT INTO other VALUES (1);
RESET ROLE;
SELECT kind, why FROM ecomm._change;
CREATE TRIGGER a AFTER UPDATE ON customer_ny FOR EACH STATEMENT EXECUTE FUNCTION ecomm._track_dimension('product');
UPDATE customer_ny SET name = 'Ida';
SELECT kind, why FROM ecomm._change;
DELETE FROM ecomm._change;
INSERT INTO ecomm.cleaning_rule VALUES ('city', 'NYC', 'New York');
SELECT kind, why FROM ecomm._change;
DELETE FROM ecomm._change;
-- not while the name that is bound is nobody's
ALTER TABLE customer RENAME TO client;
UPDATE client SET name = 'Ada';
SELECT kind, why FROM ecomm._change;
ALTER TABLE client RENAME TO customer;

-- a table that the owner of the view may not read is not read for him
SELECT ecomm_unbind();
ALTER TABLE sale OWNER TO regress_track_binder;
CREATE TABLE secret (customer_id bigint, state text);
INSERT INTO secret VALUES (1, 'TX');
SET ROLE regress_track_binder;
SELECT count(*) FROM ecomm_bind('sale');
INSERT INTO ecomm.binding VALUES ('customer.customer_id', 'shop.secret', 'customer_id', 'bigint', '', 100);
INSERT INTO ecomm.binding VALUES ('customer.state', 'shop.secret', 'state', 'text', '', 101);
RESET ROLE;
SELECT * FROM ecomm._bound_column('customer.state');
SELECT ecomm._dimension_sql('customer.customer_id');
GRANT SELECT ON secret TO regress_track_binder;
SELECT * FROM ecomm._bound_column('customer.state');

SELECT ecomm_untrack() > 0, ecomm_unbind();
SET client_min_messages = warning;
DELETE FROM ecomm.cleaning_rule;
DROP SCHEMA shop, binder CASCADE;
DROP OWNED BY regress_track_owner, regress_track_binder;
DROP ROLE regress_track_owner, regress_track_binder;
