-- Refresh: what it keeps equals what the functions give on the lines, from changes as from all lines; whatever the shop is like.
SET extra_float_digits = 0;
SET client_min_messages = warning;
CALL ecomm_refresh();
SELECT * FROM ecomm_verify();
SELECT FROM ecomm_sample_data(300, 120, 3);

-- The first call binds and builds.
CALL ecomm_refresh(horizon => 7);
SELECT step, split_part(mode, ':', 1) AS mode, rows > 0 AS written, status, error FROM ecomm.refresh_run ORDER BY started_at;
SELECT * FROM ecomm_verify();
SELECT (SELECT sum(sales) FROM ecomm.sales_daily) = (SELECT sum(sale) FROM sale) AS daily,
       (SELECT sales FROM ecomm.kpi WHERE grain = 'all') = (SELECT sum(sale) FROM sale) AS kpi,
       (SELECT sum(sales) FROM ecomm.category_totals) = (SELECT sum(sale) FROM sale) AS categories,
       (SELECT sum(sales) FROM ecomm.category_daily) = (SELECT sum(sale) FROM sale) AS category_days,
       (SELECT sum(sales) FROM ecomm.state_totals) = (SELECT sum(sale) FROM sale) AS states,
       (SELECT sum(monetary) FROM ecomm.customer_segments) = (SELECT sum(monetary) FROM rfm()) AS customers,
       (SELECT sum(sales) FROM ecomm.city_totals) = (SELECT sum(monetary) FROM rfm()) AS cities,
       (SELECT round(sum(sales_share)::numeric, 9) FROM ecomm.product_totals) AS shares;

-- Distinct orders and customers at every grain and level are those of sales_series.
SELECT g.grain, m.metric, count(*) AS periods, count(*) FILTER (WHERE v.value IS DISTINCT FROM s.value) AS different
FROM unnest('{day,week,month,quarter}'::text[]) AS g (grain), unnest('{sales,units,orders,customers}'::text[]) AS m (metric),
     LATERAL sales_series(m.metric, g.grain) AS s
     LEFT JOIN LATERAL (SELECT CASE m.metric WHEN 'sales' THEN sales WHEN 'units' THEN units WHEN 'orders' THEN orders ELSE customers END AS value
                        FROM ecomm.sales_by_period AS p WHERE p.level = 'total' AND p.grain = g.grain AND p.period = s.period) AS v ON true
WHERE NOT (v.value IS NULL AND s.value = 0)
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT m.metric, count(*) AS cells, count(*) FILTER (WHERE v.value IS DISTINCT FROM s.value) AS different
FROM unnest('{orders,customers}'::text[]) AS m (metric), LATERAL sales_series(m.metric, 'month', 'category') AS s
     LEFT JOIN LATERAL (SELECT CASE m.metric WHEN 'orders' THEN orders ELSE customers END AS value FROM ecomm.sales_by_period AS p
                        WHERE p.level = 'category' AND p.grain = 'month' AND p.period = s.period AND p.category = s.series[1]) AS v ON true
WHERE s.value > 0 GROUP BY 1 ORDER BY 1;
SELECT count(*) AS customers, count(*) FILTER (WHERE d.recency IS DISTINCT FROM r.recency OR d.rfm_score IS DISTINCT FROM r.rfm_score
                                               OR d.segment IS DISTINCT FROM r.segment OR d.cluster_name IS DISTINCT FROM k.name) AS different
FROM ecomm.customer_segments AS d FULL JOIN rfm_segments() AS r USING (customer_id) LEFT JOIN kmeans_assign('default') AS k USING (customer_id)
WHERE r.recency IS NOT NULL;

-- Nothing changed: nothing is written. Without tracking all lines are read to know that.
CALL ecomm_refresh(horizon => 7);
SELECT step, mode, rows FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) ORDER BY started_at;

-- In little memory the lines are read in several parts: nothing is different.
SET ecomm_analytics.memory_limit = '800kB';
CALL ecomm_refresh(rebuild => true, horizon => 7);
SELECT mode, rows, status, error FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) AND step = 'lines';
SELECT * FROM ecomm_verify();
RESET ecomm_analytics.memory_limit;

-- With tracking only what changed is looked at.
SELECT count(*) FROM ecomm_track();
CALL ecomm_refresh(horizon => 7);
INSERT INTO sale (transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price)
SELECT transaction_date + interval '3 days', customer_id, lower(stock_code), invoice_no + 1000000, quantity + 1, sale + 1.01, unit_price
FROM sale WHERE customer_id % 7 = 3 AND transaction_date < date '2023-02-01';
UPDATE sale SET customer_id = customer_id + 1 WHERE customer_id % 50 = 7;
DELETE FROM sale WHERE invoice_no % 31 = 5;
INSERT INTO sale (transaction_date, stock_code, quantity, sale, unit_price) VALUES (date '2023-02-03', 'no such product', 1, 9.99, 9.99);
UPDATE customer SET order_state = 'NV' WHERE customer_id % 20 = 1;
SELECT count(*) > 0 AS differ FROM ecomm_verify();
CALL ecomm_refresh(horizon => 7);
SELECT step, mode, rows > 0 AS written, status FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) ORDER BY started_at;
SELECT * FROM ecomm_verify();
SELECT product_id, product, category FROM ecomm.product WHERE category = 'Unknown' ORDER BY 1;
-- a category, too many lines at once, TRUNCATE: anew
UPDATE product SET category = 'Garden' WHERE category = 'Tools';
CALL ecomm_refresh(horizon => 7);
SELECT mode FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) AND step = 'lines';
SELECT count(*) FROM ecomm_verify();
TRUNCATE sale;
CALL ecomm_refresh(horizon => 7);
SELECT mode, status FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) AND step = 'lines';
SELECT count(*) FROM ecomm_verify();
SELECT (SELECT count(*) FROM ecomm.sales_daily), (SELECT count(*) FROM ecomm.customer_segments), (SELECT count(*) FROM ecomm.sales_outlook),
       (SELECT count(*) FROM ecomm.calendar), (SELECT count(*) FROM ecomm.kpi), (SELECT count(*) FROM ecomm.weekday_profile);
SELECT status, count(*) FROM ecomm.refresh_run GROUP BY 1;

-- A failed step is told, the others are kept, and the next refresh mends it.
INSERT INTO sale (transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price)
SELECT date '2024-01-01' + i % 90, i % 40, '10015', i, 1, 10 + i % 9, 1 FROM generate_series(1, 2000) AS i;
ALTER TABLE ecomm._sales_outlook ADD CONSTRAINT in_the_way CHECK (metric <> 'units');
CALL ecomm_refresh(horizon => 7);
SELECT step, status, error FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) ORDER BY started_at;
ALTER TABLE ecomm._sales_outlook DROP CONSTRAINT in_the_way;
CALL ecomm_refresh(horizon => 7);
SELECT count(*) FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) AND status = 'ok';

-- Parameters and places that are refused.
CALL ecomm_refresh(horizon => 0);
CALL ecomm_refresh(snapshot_days => 0);
CALL ecomm_refresh(model => NULL);
BEGIN;
CALL ecomm_refresh();
ROLLBACK;
SELECT count(*) AS locks FROM pg_locks WHERE locktype = 'advisory';

-- Another shop: other names, uuid customers, bigint orders, timestamptz, no dimension tables; grants stay.
CREATE ROLE refresh_reader;
GRANT SELECT ON ecomm.kpi, ecomm.customer_segments TO refresh_reader;
CREATE SCHEMA shop;
CREATE TABLE shop.order_line (created_at timestamptz, client uuid, order_id bigint, sku integer, qty numeric(8,3), price numeric(10,4));
INSERT INTO shop.order_line
SELECT timestamptz '2024-03-01 12:00+00' + i % 60 * interval '1 day', md5((i % 50)::text)::uuid, 9000000000 + i / 3, i % 9, 1.5 + i % 4, 2.0005
FROM generate_series(1, 1500) AS i;
SELECT count(*) FROM ecomm_bind('shop.order_line', sold_at => 'created_at', customer_id => 'client', invoice_no => 'order_id', product_id => 'sku',
                                quantity => 'qty', amount => 'qty * price', unit_price => 'price');
CALL ecomm_refresh();
SELECT step, mode, status, error FROM ecomm.refresh_run WHERE run = (SELECT max(run) FROM ecomm.refresh_run) ORDER BY started_at;
SELECT * FROM ecomm_verify();
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = 'ecomm.customer_segments'::regclass AND attname IN ('customer_id', 'monetary') ORDER BY 1;
SELECT sales = (SELECT sum(qty * price) FROM shop.order_line) AS sales, units, orders, active_customers FROM ecomm.kpi WHERE grain = 'all';
SELECT product_id, product, category, sales FROM ecomm.product_totals ORDER BY product_id LIMIT 2;
SELECT region, state FROM ecomm.state_totals;
SELECT count(*) FROM ecomm.customer_segments WHERE customer_id = md5('7')::uuid::text;
SELECT has_table_privilege('refresh_reader', 'ecomm.kpi', 'SELECT') AS kpi, has_table_privilege('refresh_reader', 'ecomm.customer_segments', 'SELECT') AS segments,
       has_table_privilege('refresh_reader', 'ecomm.customer', 'SELECT') AS customer;

-- Everything goes with the extension.
DROP OWNED BY refresh_reader;
DROP ROLE refresh_reader;
DROP EXTENSION ecomm_analytics;
SELECT count(*) FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'ecomm');
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'ecomm%';
CREATE EXTENSION ecomm_analytics;
DROP SCHEMA shop CASCADE;
DROP TABLE sale, customer, product, state;
