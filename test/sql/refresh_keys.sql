-- Refresh from changes, whatever the types of the keys of customers and orders: the same as from all lines.
SET extra_float_digits = 0;
SET client_min_messages = warning;
-- A shop whose keys are of these types: what is tracked and built from all its lines, then changed.
\set fill 'INSERT INTO sale SELECT timestamp \'2024-03-01 08:00\' + i * interval \'7 hours\', trunc(sqrt(i % 400)) + 1, i / 2 + 1000, \'P\' || i % 5, i % 4 + 1, i % 13 * 1.25, i FROM generate_series(1, 600) AS i;'
\set bind 'SELECT count(*) > 0 AS bound FROM ecomm_bind(\'sale\', sold_at => \'sold_at\', customer_id => \'customer\', invoice_no => \'invoice\', product_id => \'product\', quantity => \'quantity\', amount => \'amount\'); SELECT ecomm._customer_type(), ecomm._invoice_type();'
\set track 'SELECT ecomm_track() IS NOT NULL AS tracked;'
\set change 'DELETE FROM sale WHERE note = 3; UPDATE sale SET amount = amount + 1 WHERE note = 5; INSERT INTO sale SELECT sold_at, customer, invoice, product, 1, 2.50, note + 1000 FROM sale WHERE note % 97 = 0;'
\set verify 'SELECT * FROM ecomm_verify(); SELECT split_part(max(mode), \':\', 1) AS mode, count(*) FILTER (WHERE status <> \'ok\') AS not_ok, string_agg(error, \' \') AS error, (SELECT string_agg(customer_id::text, \' \' ORDER BY customer_id::text COLLATE "C") FROM (SELECT customer_id FROM ecomm.customer_segments ORDER BY customer_id::text COLLATE "C" LIMIT 3) AS c) AS first, (SELECT count(*) FROM ecomm.customer_segments) AS customers FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run);'

CREATE TABLE sale (sold_at timestamp, customer smallint, invoice numeric(12,0), product text, quantity integer, amount numeric(10,2), note integer);
:fill
:bind
:track
CALL ecomm_refresh();
:verify
:change
CALL ecomm_refresh();
:verify

-- Another time of the same day is another last purchase; an update of what plays no role is no change.
UPDATE sale SET note = note + 5000;
SELECT count(*) AS changes FROM ecomm._change;
UPDATE sale SET sold_at = date_trunc('day', sold_at) + interval '23 hours' WHERE customer = 4;
SELECT kind, inserted, count FROM ecomm._change ORDER BY id;
CALL ecomm_refresh();
:verify
DROP TABLE sale CASCADE;

CREATE TABLE sale (sold_at timestamp, customer numeric(8,1), invoice double precision, product text, quantity integer, amount numeric(10,2), note integer);
:fill
UPDATE sale SET invoice = invoice + 0.1;
:bind
:track
CALL ecomm_refresh();
:verify
:change
CALL ecomm_refresh();
:verify
DROP TABLE sale CASCADE;

CREATE TABLE sale (sold_at timestamp, customer double precision, invoice varchar(20), product text, quantity integer, amount numeric(10,2), note integer);
:fill
UPDATE sale SET customer = customer + 123456789012.1;
:bind
:track
CALL ecomm_refresh();
:verify
:change
CALL ecomm_refresh();
:verify
DROP TABLE sale CASCADE;

CREATE TABLE sale (sold_at timestamp, customer real, invoice uuid, product text, quantity integer, amount numeric(10,2), note integer);
INSERT INTO sale SELECT timestamp '2024-03-01 08:00' + i * interval '7 hours', trunc(sqrt(i % 400)) + 0.7, md5((i / 2)::text)::uuid, 'P' || i % 5, 1, i % 13, i FROM generate_series(1, 600) AS i;
:bind
:track
CALL ecomm_refresh();
:verify
:change
CALL ecomm_refresh();
:verify
DROP TABLE sale CASCADE;

DROP EXTENSION ecomm_analytics;
CREATE EXTENSION ecomm_analytics;
