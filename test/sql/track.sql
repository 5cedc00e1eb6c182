-- What the triggers of ecomm_track log, statement by statement.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

-- Takes the log. same: the lines are those of the table test.expected, as ecomm._line_log writes them.
CREATE SCHEMA test;
CREATE FUNCTION test.log() RETURNS TABLE (kind text, inserted boolean, count bigint, why text)
LANGUAGE sql AS $$
  WITH taken AS (DELETE FROM ecomm._change RETURNING *)
  SELECT kind, inserted, count, why FROM taken ORDER BY id
$$;
CREATE FUNCTION test.same(lines bytea, sale text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  expected bytea;
BEGIN
  EXECUTE format('SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1) FROM (%s) AS line',
                 replace(ecomm._line_query(), 'ecomm.sale_line', sale)) INTO expected;
  RETURN expected = lines;
END
$$;

-- nothing bound
SELECT ecomm._line_query();
SELECT ecomm._customer_type();
SELECT * FROM ecomm_track();
SELECT ecomm._tracked(), ecomm._dimensions_tracked(), ecomm._bound_relation(), ecomm._lines_depend_on_session(),
       ecomm._relation_fingerprint() IS NOT NULL AS fingerprint;

CREATE TABLE sale (sold_at timestamp, customer_id smallint, invoice_no bigint, product_id text, quantity integer, amount numeric(12,2),
                   note text, line integer PRIMARY KEY);
CREATE TABLE elsewhere (LIKE sale);
SELECT count(*) FROM ecomm_bind('sale');
SELECT ecomm._line_query();
SELECT ecomm._customer_type(), ecomm._bound_relation(), ecomm._tracked();
SELECT * FROM ecomm_track('elsewhere');
SELECT * FROM ecomm_track('sale');
SELECT ecomm._tracked(), ecomm._dimensions_tracked();
SELECT * FROM test.log();
-- again: nothing to do, nothing logged
SELECT count(*) FROM ecomm_track();
SELECT * FROM test.log();

-- each kind of statement
INSERT INTO sale VALUES ('2024-01-01 10:00', 1, 100, 'A', 1, 10.00, NULL, 1);
SELECT inserted, count, test.same(lines, 'ecomm.sale_line') FROM ecomm._change;
SELECT * FROM test.log();
INSERT INTO sale SELECT timestamp '2024-01-02' + i * interval '1 hour', nullif(i % 3, 0), 100 + i, 'B' || i % 4, i, i * 1.25, NULL, i
FROM generate_series(2, 9) AS i;
SELECT * FROM test.log();
COPY sale FROM stdin;
2024-01-03	-1	200	C	2	5	\N	10
2024-01-03	7	\N	\N	\N	5	\N	11
\N	7	201	C	1	6	\N	12
\.
SELECT * FROM test.log();
INSERT INTO sale VALUES (NULL, 1, 1, 'A', 1, 1, NULL, 1), ('2024-01-04', 1, 300, 'A', 1, 3, NULL, 13)
ON CONFLICT (line) DO UPDATE SET amount = 11;
SELECT * FROM test.log();
INSERT INTO sale VALUES (NULL, 1, 1, 'A', 1, 1, NULL, 1) ON CONFLICT DO NOTHING;
UPDATE sale SET amount = 1 WHERE line = 0;
DELETE FROM sale WHERE line = 0;
SELECT * FROM test.log();
UPDATE sale SET amount = amount + 1, sold_at = sold_at - interval '1 year' WHERE line < 4;
SELECT * FROM test.log();
-- columns that play no role
UPDATE sale SET note = 'seen';
SELECT * FROM test.log();
-- of updates, which change nothing but amounts and quantities
CREATE FUNCTION test.sums_only() RETURNS text LANGUAGE sql AS $$
  WITH taken AS (DELETE FROM ecomm._change RETURNING sums_only) SELECT string_agg(DISTINCT sums_only::text, ' ') FROM taken
$$;
UPDATE sale SET amount = amount + 1, quantity = 7;
SELECT test.sums_only();
UPDATE sale SET amount = -amount WHERE line = 9;
SELECT test.sums_only();
UPDATE sale SET amount = -amount + 1 WHERE line = 9;
SELECT test.sums_only();
UPDATE sale SET amount = NULL WHERE line = 9;
SELECT test.sums_only();
UPDATE sale SET amount = 11.25 WHERE line = 9;
SELECT test.sums_only();
UPDATE sale SET sold_at = sold_at + interval '1 second' WHERE line = 9;
SELECT test.sums_only();
UPDATE sale SET amount = amount + 1, customer_id = 3 WHERE line = 8;
SELECT test.sums_only();
UPDATE sale SET amount = amount + 1, invoice_no = 2 WHERE line = 8;
SELECT test.sums_only();
UPDATE sale SET amount = amount + 1, product_id = 'B' WHERE line = 8;
SELECT test.sums_only();
UPDATE sale SET product_id = NULL WHERE line = 8;
SELECT test.sums_only();
MERGE INTO sale AS s USING (VALUES (1, 50), (2, -1), (77, 7)) AS n (line, amount) ON s.line = n.line
WHEN MATCHED AND n.amount < 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET amount = n.amount
WHEN NOT MATCHED THEN INSERT VALUES ('2024-01-05', 1, 400, 'A', 1, n.amount, NULL, n.line);
SELECT * FROM test.log();
WITH gone AS (DELETE FROM sale WHERE line IN (4, 5) RETURNING *) INSERT INTO sale SELECT sold_at, customer_id, invoice_no, product_id,
  quantity, amount, note, line + 1000 FROM gone;
SELECT inserted, count, test.same(lines, '(SELECT * FROM ecomm.sale_line JOIN sale USING (sold_at, customer_id, invoice_no, product_id, '
  'quantity, amount) WHERE line > 1000) AS l') FROM ecomm._change ORDER BY id;
SELECT * FROM test.log();
DELETE FROM sale WHERE line > 1000;
SELECT * FROM test.log();
TRUNCATE sale;
SELECT * FROM test.log();

-- what is rolled back is not logged
BEGIN;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 1, NULL, 1);
SAVEPOINT a;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 2, NULL, 2);
TRUNCATE sale;
ROLLBACK TO a;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 3, NULL, 3);
SAVEPOINT b;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 4, NULL, 4);
RELEASE b;
COMMIT;
SELECT * FROM test.log();
BEGIN;
DELETE FROM sale;
ROLLBACK;
SELECT * FROM test.log();
-- once everything is to be built anew, the rest of the transaction need not be logged
BEGIN;
TRUNCATE sale;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 1, NULL, 1);
SAVEPOINT a;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 'A', 1, 1, NULL, 2);
COMMIT;
SELECT * FROM test.log();

-- prepared statements, and columns that are renamed, dropped or added
PREPARE add (integer) AS INSERT INTO sale (line, sold_at, customer_id, amount, quantity) VALUES ($1, '2024-02-01', 5, $1, 1);
EXECUTE add(20);
ALTER TABLE sale RENAME sold_at TO "Sold at";
ALTER TABLE sale DROP COLUMN note;
ALTER TABLE sale ADD COLUMN remark text DEFAULT 'none';
INSERT INTO sale (line, "Sold at", customer_id, amount) VALUES (21, '2024-02-02', 5, 1);
SELECT inserted, count, test.same(lines, '(SELECT timestamp ''2024-02-02'' AS sold_at, 5::smallint AS customer_id, NULL::bigint AS invoice_no, '
  'NULL::text AS product_id, NULL::integer AS quantity, 1.00 AS amount) AS l') FROM ecomm._change ORDER BY id DESC LIMIT 1;
SELECT * FROM test.log();

-- triggers of the user's that change the lines, or write further ones
CREATE FUNCTION test.double() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.amount := 2 * NEW.amount; RETURN NEW; END';
CREATE TRIGGER double BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION test.double();
CREATE FUNCTION test.gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() = 1 THEN
    INSERT INTO sale (line, "Sold at", customer_id, amount) SELECT line + 1000, "Sold at", customer_id, 0 FROM new_lines;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER a_gift AFTER INSERT ON sale REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION test.gift();
INSERT INTO sale (line, "Sold at", customer_id, amount) VALUES (30, '2024-03-01', 5, 1), (31, '2024-03-01', 5, 1);
SELECT * FROM test.log();
DROP TRIGGER double ON sale;
DROP TRIGGER a_gift ON sale;

-- a load that goes around triggers shows, and is repaired
SET session_replication_role = replica;
INSERT INTO sale (line, "Sold at", customer_id, amount) VALUES (40, '2024-03-01', 5, 1);
RESET session_replication_role;
SELECT * FROM test.log();
ALTER TABLE sale DISABLE TRIGGER ALL;
SELECT ecomm._tracked();
ALTER TABLE sale ENABLE TRIGGER ALL;
SELECT ecomm._tracked();
SELECT count(*) FROM ecomm_track();
SELECT ecomm._tracked();
SELECT * FROM test.log();

-- many lines are not worth it
INSERT INTO sale (line, "Sold at", customer_id, amount) SELECT i, '2024-04-01', i % 100, 1 FROM generate_series(100001, 200000) AS i;
SELECT * FROM test.log();
INSERT INTO sale (line, "Sold at", customer_id, amount) SELECT i, '2024-04-01', i % 100, 1 FROM generate_series(200001, 300001) AS i;
SELECT * FROM test.log();

-- bound anew: another table's lines are not logged; the fingerprint tells, even if it is as it was in the end
CREATE TEMP TABLE print AS SELECT 'first' AS name, ecomm._relation_fingerprint() AS value;
INSERT INTO print VALUES ('second', ecomm._relation_fingerprint());
SELECT count(*) FROM ecomm_bind('elsewhere');
SELECT ecomm._tracked();
INSERT INTO print VALUES ('elsewhere', ecomm._relation_fingerprint());
DELETE FROM sale;
SELECT * FROM test.log();
SELECT count(*) FROM ecomm_bind('sale', sold_at => '"Sold at"');
INSERT INTO print VALUES ('back', ecomm._relation_fingerprint());
VACUUM FULL sale;
INSERT INTO print VALUES ('rewritten', ecomm._relation_fingerprint());
SELECT string_agg(name, ', ' ORDER BY name) FROM print GROUP BY value ORDER BY 1;
SELECT ecomm._tracked();

-- a view that reads by other rules is none that ecomm_bind made
CREATE OR REPLACE VIEW ecomm.sale_line AS SELECT "Sold at" AS sold_at, customer_id, invoice_no, product_id, quantity, amount,
  NULL::numeric AS unit_price FROM sale WHERE amount > 0;
SELECT ecomm._bound_relation(), ecomm._tracked();
INSERT INTO sale (line, "Sold at", customer_id, amount) VALUES (50, '2024-03-01', 5, 1);
SELECT * FROM test.log();
SELECT * FROM ecomm_track();
SELECT ecomm_unbind();
INSERT INTO sale (line, "Sold at", customer_id, amount) VALUES (51, '2024-03-01', 5, 1);
SELECT * FROM test.log();
SELECT ecomm_untrack('elsewhere'), ecomm_untrack('sale'), ecomm_untrack();
DROP TABLE sale, elsewhere;

-- partitions: each line once, whichever table the statement names
CREATE TABLE sale (sold_at timestamp NOT NULL, customer_id bigint, invoice_no text, product_id text, quantity integer, amount numeric)
  PARTITION BY RANGE (sold_at);
CREATE TABLE sale_2023 PARTITION OF sale FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE sale_2024 (gone text, amount numeric, quantity integer, product_id text, customer_id bigint, invoice_no text,
                        sold_at timestamp NOT NULL) PARTITION BY RANGE (sold_at);
ALTER TABLE sale_2024 DROP COLUMN gone;
CREATE TABLE sale_2024_1 PARTITION OF sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
ALTER TABLE sale ATTACH PARTITION sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT count(*) FROM ecomm_bind('sale');
SELECT relation, count(*) FROM ecomm_track() GROUP BY relation ORDER BY relation;
SELECT ecomm._tracked();
SELECT * FROM test.log();
INSERT INTO sale VALUES ('2023-05-01', 1, 'I1', 'A', 1, 1), ('2024-05-01', 2, 'I2', 'B', 2, 2), ('2024-05-02', 3, 'I3', 'C', 3, 3);
SELECT test.same(lines, 'ecomm.sale_line') FROM ecomm._change;
SELECT * FROM test.log();
INSERT INTO sale_2023 VALUES ('2023-06-01', 1, 'I4', 'A', 1, 4);
INSERT INTO sale_2024 (sold_at, customer_id, invoice_no, product_id, quantity, amount) VALUES ('2024-06-01', 2, 'I5', 'B', 2, 5);
SELECT test.same(lines, '(SELECT * FROM ecomm.sale_line WHERE amount = 5) AS l') FROM ecomm._change ORDER BY id DESC LIMIT 1;
COPY sale_2024_1 (sold_at, amount) FROM stdin;
2024-06-02	6
\.
SELECT * FROM test.log();
-- to another partition, by way of the parent
UPDATE sale SET sold_at = sold_at + interval '1 year' WHERE sold_at < '2024-01-01';
SELECT test.same(lines, '(SELECT * FROM ecomm.sale_line WHERE amount IN (1, 4)) AS l') FROM ecomm._change WHERE inserted;
SELECT * FROM test.log();
DELETE FROM sale_2024 WHERE amount = 6;
TRUNCATE sale_2023;
SELECT * FROM test.log();
-- a new partition is seen through the parent, and not by itself
INSERT INTO print VALUES ('before', ecomm._relation_fingerprint());
CREATE TABLE sale_2025 PARTITION OF sale FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO sale VALUES ('2025-05-01', 1, 'I1', 'A', 1, 1);
SELECT * FROM test.log();
INSERT INTO print VALUES ('attached', ecomm._relation_fingerprint());
SELECT ecomm._tracked();
SELECT count(*) FROM ecomm_track();
SELECT ecomm._tracked();
ALTER TABLE sale DETACH PARTITION sale_2025;
SELECT * FROM test.log();
INSERT INTO sale_2025 VALUES ('2025-05-01', 1, 'I1', 'A', 1, 1);
SELECT * FROM test.log();
INSERT INTO print VALUES ('detached', ecomm._relation_fingerprint());
SELECT count(DISTINCT value) FROM print WHERE name IN ('before', 'attached', 'detached');
SELECT ecomm_untrack('sale_2023'), ecomm._tracked(), ecomm_untrack();
DROP TABLE sale, sale_2025 CASCADE;

-- tables that inherit
CREATE TABLE sale (sold_at timestamp, customer_id uuid, invoice_no text, quantity numeric, amount float8);
CREATE TABLE sale_online (browser text) INHERITS (sale);
SELECT count(*) FROM ecomm_bind('sale');
SELECT ecomm._line_query(), ecomm._customer_type();
SELECT count(*) FROM ecomm_track();
SELECT * FROM test.log();
INSERT INTO sale VALUES ('2024-01-01', '00000000-0000-0000-0000-000000000001', 'I1', 1, 0.1);
INSERT INTO sale_online VALUES ('2024-01-01', '00000000-0000-0000-0000-000000000002', 'I2', 1, 0.2, 'lynx');
SELECT test.same(lines, '(SELECT * FROM ecomm.sale_line WHERE amount = 0.2) AS l') FROM ecomm._change ORDER BY id DESC LIMIT 1;
UPDATE sale SET amount = amount + 1;
SELECT * FROM test.log();
SELECT ecomm_untrack();
DROP TABLE sale CASCADE;

-- lines that depend on the time zone are logged by that of ecomm_track, and are another session's if it reads them by another
CREATE TABLE sale (sold_at timestamptz, customer_id numeric, amount numeric, quantity integer);
SELECT count(*) FROM ecomm_bind('sale');
SELECT ecomm._line_query(), ecomm._customer_type(), ecomm._lines_depend_on_session();
SELECT count(*) FROM ecomm_track();
INSERT INTO print VALUES ('UTC', ecomm._relation_fingerprint());
SELECT * FROM test.log();
SET timezone = 'Asia/Tokyo';
SELECT ecomm._tracked();
INSERT INTO print VALUES ('Tokyo', ecomm._relation_fingerprint());
INSERT INTO sale VALUES ('2024-01-01 20:00+00', 1.0, 1, 1);
SHOW timezone;
SET timezone = 'UTC';
SELECT ecomm._tracked(), test.same(lines, 'ecomm.sale_line') FROM ecomm._change;
SELECT count(DISTINCT value) FROM print WHERE name IN ('UTC', 'Tokyo');
SELECT * FROM test.log();
SELECT ecomm_untrack();
DROP TABLE sale CASCADE;

-- an expression that fails: the statement goes on, the next refresh builds everything anew
CREATE TABLE sale (sold_at timestamp, customer_id bigint, quantity integer, total numeric, pieces integer);
SELECT count(*) FROM ecomm_bind('sale', amount => 'sale.total / sale.pieces');
SELECT count(*) FROM ecomm_track();
SELECT * FROM test.log();
BEGIN;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 2);
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 0);
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 0);
COMMIT;
SELECT * FROM test.log();
SELECT count(*) FROM sale;

-- to cancel is to cancel
CREATE FUNCTION test.slowly(numeric) RETURNS numeric LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_sleep(60); RETURN $1; END';
SELECT ecomm_unbind();
TRUNCATE sale;
SELECT count(*) FROM ecomm_bind('sale', amount => 'test.slowly(total)');
SET statement_timeout = 100;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 1);
RESET statement_timeout;
SELECT count(*) FROM sale;
SELECT * FROM test.log();
SELECT count(*) FROM ecomm_bind('sale', amount => 'total');

-- a writer without any right on what is ours; lines that row-level security hides from him
CREATE ROLE regress_track_writer;
CREATE ROLE regress_track_owner;
GRANT INSERT, UPDATE, DELETE, SELECT ON sale TO regress_track_writer;
REVOKE USAGE ON SCHEMA ecomm FROM PUBLIC;
ALTER TABLE sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON sale FOR SELECT USING (customer_id = 2);
CREATE POLICY inserted ON sale FOR INSERT WITH CHECK (true);
CREATE POLICY updated ON sale FOR UPDATE USING (true);
\c -
SET ROLE regress_track_writer;
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 1), ('2024-01-01', 2, 1, 20, 1);
UPDATE sale SET total = total + 1;
SELECT * FROM ecomm._change;
INSERT INTO ecomm._change (kind) VALUES ('rebuild');
RESET ROLE;
GRANT USAGE ON SCHEMA ecomm TO PUBLIC;
SELECT * FROM test.log();
SET ROLE regress_track_writer;
SELECT ecomm._request_rebuild('no reason');
SELECT * FROM ecomm._change;
SELECT * FROM ecomm_track();
SELECT ecomm_untrack();
RESET ROLE;
DROP TABLE sale CASCADE;

-- tables of customers and products
CREATE TABLE sale (sold_at timestamp, customer_id bigint, product_id text, quantity integer, amount numeric);
CREATE TABLE customer (customer_id bigint, name text, state text);
CREATE TABLE product (product_id text, description text, category text);
CREATE TABLE spelling (state text, code text);
CREATE VIEW state AS SELECT * FROM spelling;
INSERT INTO sale VALUES ('2024-01-01', 1, 'A', 1, 10);
INSERT INTO customer VALUES (1, 'Ada', 'NY');
INSERT INTO product VALUES ('A', 'Apple', 'Fruit');
INSERT INTO spelling VALUES ('NY', 'NY');
SELECT count(*) FROM ecomm_bind('sale');
ALTER TABLE sale OWNER TO regress_track_owner;
ALTER TABLE customer OWNER TO regress_track_owner;
SET ROLE regress_track_owner;
SELECT * FROM ecomm_track();
RESET ROLE;
SELECT ecomm._tracked(), ecomm._dimensions_tracked();
SELECT * FROM ecomm_track();
SELECT ecomm._tracked(), ecomm._dimensions_tracked();
SELECT * FROM test.log();
BEGIN;
UPDATE customer SET name = 'Ida';
DELETE FROM customer;
SAVEPOINT a;
INSERT INTO customer VALUES (1, 'Ada', 'NY');
ROLLBACK TO a;
INSERT INTO customer VALUES (1, 'Ada', 'NY');
COMMIT;
TRUNCATE product;
SELECT * FROM test.log();

-- what has no such triggers
CREATE VIEW sale_view AS SELECT * FROM sale;
SELECT count(*) FROM ecomm_bind('sale_view');
SELECT * FROM ecomm_track();
SELECT ecomm._tracked();

-- the triggers go when the extension goes
SELECT count(*) FROM ecomm_bind('sale');
CREATE FUNCTION test.extension_schema() RETURNS text LANGUAGE sql AS
  'SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = ''ecomm_analytics''';
SELECT test.extension_schema() AS schema \gset
DROP EXTENSION ecomm_analytics;
SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal;
INSERT INTO sale VALUES ('2024-01-01', 1, 'A', 1, 10);
CREATE EXTENSION ecomm_analytics SCHEMA :schema;
DROP TABLE sale, customer, product, spelling CASCADE;
DROP SCHEMA test CASCADE;
DROP ROLE regress_track_writer, regress_track_owner;
