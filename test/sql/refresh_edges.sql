-- Refreshes of what a shop should not have: a rebuild or a clear error, never a wrong number and never a dead end.
SET client_min_messages = warning;
SET datestyle = 'ISO';
CREATE TABLE sale (sold_at timestamp, customer_id bigint, invoice_no bigint, product_id text, quantity integer, amount numeric);
CREATE TABLE customer (customer_id bigint, city text, state text);
INSERT INTO sale SELECT date '2024-01-01' + i % 60, i % 20, i, 'p' || i % 3, 1, 10 FROM generate_series(1, 400) AS i;
INSERT INTO customer SELECT i, 'City', 'NV' FROM generate_series(0, 30) AS i;
SELECT count(*) FROM ecomm_bind(customer => 'customer');
SELECT count(*) FROM ecomm_track();
CALL ecomm_refresh(horizon => 7);
CREATE VIEW last_run AS SELECT step, mode, status, error FROM ecomm.refresh_run
WHERE run = (SELECT max(run) FROM ecomm.refresh_run) AND (step = 'lines' OR status <> 'ok') ORDER BY started_at;

-- A customer without any amount leaves the customer table, with units.
INSERT INTO sale VALUES (date '2024-01-09', 25, 5000, 'p1', 7, NULL);
CALL ecomm_refresh(horizon => 7);
DELETE FROM customer WHERE customer_id = 25;
CALL ecomm_refresh(horizon => 7);
TABLE last_run;
SELECT * FROM ecomm_verify();

-- More digits than a log holds: not from the log, but right.
INSERT INTO sale VALUES (date '2024-01-10', 3, 5001, 'p1', 1, 1.00000000000000000001);
CALL ecomm_refresh(horizon => 7);
INSERT INTO sale VALUES (date '2024-01-11', 3, 5002, 'p1', 1, 1);
CALL ecomm_refresh(horizon => 7);
SELECT status FROM last_run;
SELECT * FROM ecomm_verify();
DELETE FROM sale WHERE invoice_no = 5001;

-- More money than a view can show is told, and what was there stays.
INSERT INTO sale VALUES (date '2024-01-10', 3, 5003, 'p1', 1, 12345678901234567);
CALL ecomm_refresh(horizon => 7);
TABLE last_run;
SELECT sales FROM ecomm.kpi WHERE grain = 'all';
DELETE FROM sale WHERE invoice_no = 5003;
CALL ecomm_refresh(horizon => 7);
SELECT status FROM last_run;

-- Mistyped years are counted, and do not stretch what is drawn over time.
INSERT INTO sale VALUES (date '2924-01-03', 3, 5004, 'p1', 1, 10), (date '4713-12-01 BC', 3, 5005, 'p1', 1, 10), ('infinity', 3, 5006, 'p1', 1, 10);
CALL ecomm_refresh(horizon => 7);
SELECT status FROM last_run;
SELECT * FROM ecomm_verify();
SELECT min(sale_date), max(sale_date) FROM ecomm.calendar;
SELECT min(sale_date), max(sale_date) FROM ecomm.sales_trend;
SELECT grain, count(*), max(sales) FROM ecomm.kpi WHERE grain IN ('year', 'all') GROUP BY 1 ORDER BY 1;
DELETE FROM sale WHERE invoice_no IN (5004, 5005, 5006);

-- Temporary tables of one's own are not in the way, and stay.
CREATE TEMPORARY TABLE _summary AS SELECT 1 AS mine;
CREATE TEMPORARY TABLE _found AS SELECT 1 AS mine;
CALL ecomm_refresh(rebuild => true, horizon => 7);
SELECT status FROM last_run;
SELECT * FROM _summary, _found;

-- Other types of quantities and amounts make other views.
CREATE TABLE weighed (sold_at timestamp, customer_id bigint, invoice_no bigint, product_id text, quantity numeric, amount numeric);
INSERT INTO weighed SELECT date '2024-01-01' + i % 60, i % 20, i, 'p' || i % 3, 0.4, 0.0004 FROM generate_series(1, 100) AS i;
SELECT count(*) FROM ecomm_bind('weighed');
CALL ecomm_refresh(horizon => 7);
SELECT units, sales FROM ecomm.sales_daily ORDER BY sale_date, product_id LIMIT 1;
SELECT units, sales FROM ecomm.kpi WHERE grain = 'all';

-- Who may not write the log of runs leaves no lock behind.
CREATE ROLE refresh_edge;
GRANT CREATE ON SCHEMA ecomm TO refresh_edge;
GRANT ALL ON ALL SEQUENCES IN SCHEMA ecomm TO refresh_edge;
SET ROLE refresh_edge;
CALL ecomm_refresh();
RESET ROLE;
SELECT count(*) AS locks FROM pg_locks WHERE locktype = 'advisory';
DROP OWNED BY refresh_edge;
DROP ROLE refresh_edge;
DROP VIEW last_run;
DROP EXTENSION ecomm_analytics;
DROP TABLE sale, customer, weighed;
CREATE EXTENSION ecomm_analytics;
