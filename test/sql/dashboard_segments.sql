-- Customers and segments kept in tables: the same as rfm_segments() and kmeans_assign() on the sale lines, written by difference.
\set VERBOSITY terse
SET client_min_messages = warning;
SET datestyle = ISO;
CREATE TABLE sale AS
SELECT timestamp '2023-01-02 09:00' + (i * 7919 % 500000) * interval '1 minute' AS sold_at,
       CASE WHEN i % 23 > 0 THEN (sqrt((i * 6151 % 90001)::float8))::integer END AS customer_id,
       CASE WHEN i % 11 > 0 THEN 'I' || i / 3 END AS invoice_no, 'P' || i % 5 AS product_id, 1 + i % 4 AS quantity,
       round((10 + i * 131 % 977 / 7.0)::numeric, 2) * CASE WHEN i % 40 = 0 THEN -1 ELSE 1 END AS amount
FROM generate_series(1, 2500) AS i;
INSERT INTO sale VALUES ('2023-05-05', 9001, 'R1', 'P1', -1, -20), ('2023-05-05', 9002, 'R2', 'P1', -1, -20), ('2023-05-05', 9002, 'I8', 'P1', 1, 5);
SELECT count(*) FROM ecomm_bind('sale');

-- What a refresh finds; made here as the other steps make it.
CREATE TABLE ecomm._customer (customer_id integer PRIMARY KEY, customer_name text, city text, postal_code text, state text, region text, country text,
                              latitude float8, longitude float8);
INSERT INTO ecomm._customer SELECT i, 'Customer ' || i, 'City', '1', 'OH', 'Central', 'US', 1, 2 FROM generate_series(1, 250) AS i;
CREATE FUNCTION state() RETURNS void LANGUAGE sql AS $$
  DELETE FROM ecomm._refresh_state;
  INSERT INTO ecomm._refresh_state (snapshot_day) SELECT max(sold_at)::date + 1 FROM ecomm.sale_line;
$$;
SELECT state();
SELECT ecomm._create_segment_tables('integer');
SELECT ecomm._create_segment_tables('integer');
SELECT ecomm._create_segment_views('integer', 'numeric(18,2)');

CREATE FUNCTION refresh() RETURNS TABLE (customers bigint, segments bigint, summary bigint) LANGUAGE sql AS $$
  SELECT ecomm._refresh_customers_full(), ecomm._refresh_segments(), ecomm._refresh_segment_summary();
$$;
-- Rows that are not the same on both sides, each way.
CREATE FUNCTION differences() RETURNS TABLE (what text, count bigint) LANGUAGE sql AS $$
  WITH stored AS (
    SELECT customer_id, recency, frequency, monetary, first_purchase, last_purchase, r_score, f_score, m_score, rfm_score, segment
    FROM ecomm.customer_segments
  ), read AS MATERIALIZED (
    SELECT customer_id, recency, frequency, round(monetary, 2) AS monetary, first_purchase, last_purchase, r_score, f_score, m_score, rfm_score, segment
    FROM rfm_segments_keyed(NULL::integer, 'ecomm.sale_line')
  ), placed AS (
    SELECT customer_id, nullif(cluster, -1) AS cluster, nullif(cluster_name, 'Unknown') AS name FROM ecomm.customer_segments
  ), assigned AS MATERIALIZED (
    SELECT customer_id, cluster, name FROM kmeans_assign_keyed(NULL::integer, 'default', 'ecomm.sale_line')
  )
  SELECT 'segments', count(*) FROM ((TABLE stored EXCEPT TABLE read) UNION ALL (TABLE read EXCEPT TABLE stored)) AS d HAVING count(*) > 0
  UNION ALL
  SELECT 'clusters', count(*) FROM ((TABLE placed EXCEPT TABLE assigned) UNION ALL (TABLE assigned EXCEPT TABLE placed)) AS d HAVING count(*) > 0
  UNION ALL
  SELECT 'summary', count(*) FROM (
    (SELECT segment, customers, round(recency::numeric, 9), round(frequency::numeric, 9), monetary, sales, orders, average_order_value
     FROM ecomm.segment_summary
     EXCEPT
     SELECT segment, count(*), round(avg(recency), 9), round(avg(frequency), 9), round(avg(monetary), 2), sum(monetary), sum(frequency)::bigint,
            round(sum(monetary) / nullif(sum(frequency), 0), 2) FROM read GROUP BY segment)) AS d HAVING count(*) > 0
  UNION ALL
  SELECT 'cluster summary', count(*) FROM (
    SELECT coalesce(name, 'Unknown'), count(*) FROM assigned GROUP BY 1
    EXCEPT SELECT cluster_name, customers FROM ecomm.cluster_summary) AS d HAVING count(*) > 0
$$;

SELECT customers > 0 AS customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT count(*), count(DISTINCT segment) AS segments, count(DISTINCT rfm_score) AS scores, count(*) FILTER (WHERE recency IS NULL) AS only_returned,
       count(*) FILTER (WHERE cluster = -1) AS without_cluster, count(*) FILTER (WHERE customer_name = 'Unknown') AS unknown
FROM ecomm.customer_segments;
SELECT * FROM ecomm.customer_segments WHERE customer_id IN (100, 9001) ORDER BY 1;
SELECT round(sum(share)::numeric, 9) AS shares, round(sum(sales_share)::numeric, 9) AS of_sales, sum(customers) AS customers, sum(sales) AS sales
FROM ecomm.segment_summary;
SELECT cluster, cluster_name, customers, center_recency IS NOT NULL AS has_center FROM ecomm.cluster_summary ORDER BY cluster;

-- Nothing changed, nothing is written. What was asked for is the same as training on the lines.
SELECT * FROM refresh();
SELECT kmeans_train(sale.oid, name => 'lines') IS NOT NULL AS trained FROM pg_class AS sale WHERE sale.oid = 'ecomm.sale_line'::regclass;
SELECT count(*) FROM (SELECT model_export('lines') -> 'clusters' AS c EXCEPT SELECT model_export('default') -> 'clusters') AS d;

-- Corrected, added and deleted lines: what else moves with the quintiles is written, and nothing else.
UPDATE sale SET amount = amount + 500 WHERE customer_id = 117;
DELETE FROM sale WHERE customer_id = 118;
INSERT INTO sale VALUES ('2023-06-06', 777, 'N1', 'P1', 1, 33.335);
SELECT customers, segments BETWEEN 2 AND 60 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT count(*) FROM ecomm.customer_segments WHERE customer_id IN (117, 118, 777);
SELECT * FROM refresh();

-- Only the customers that have changed.
UPDATE sale SET amount = amount + 300 WHERE customer_id = 130;
UPDATE sale SET customer_id = 778 WHERE customer_id = 131;
CREATE FUNCTION changed(customers integer[]) RETURNS bigint LANGUAGE sql AS $$
  SELECT ecomm._refresh_customers_changed(
    (SELECT ecomm._rfm(customer_id, sold_at, invoice_no, amount) FROM ecomm.sale_line WHERE customer_id = ANY (customers)), customers);
$$;
SELECT changed('{}') AS none, changed('{129}') AS same, changed('{129,130,131,778,999}') AS written;
SELECT customer_name, frequency > 0 AS orders FROM ecomm.customer_segments WHERE customer_id IN (131, 778);
SELECT customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();

-- A later day: recency grows, scores stay, clusters are found anew.
INSERT INTO sale VALUES ('2024-03-03 10:00', NULL, 'N2', 'P1', 1, 10);
SELECT state();
SELECT customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT * FROM refresh();

-- Other rules, another model, and a name that stands for no model of these features.
UPDATE ecomm.segment_rule SET segment = 'Stars' WHERE rule_set = 'default' AND rfm_score IN (555, 554);
SELECT customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT count(*) > 0 AS stars FROM ecomm.customer_segments WHERE segment = 'Stars';
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
DELETE FROM ecomm.segment_rule WHERE rule_set = 'default' AND rfm_score = 555;
SELECT ecomm._refresh_segments();
ROLLBACK;
SELECT segment_rules_reset();
SELECT kmeans_train('ecomm._customer_feature', k => 2, cluster_names => '{Good,Rest}') IS NOT NULL AS trained;
SELECT customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT cluster, cluster_name FROM ecomm.cluster_summary ORDER BY cluster;
SELECT kmeans_train('ecomm._customer_feature', k => 2, cluster_names => '{Good,Unknown}', name => 'named') IS NOT NULL AS trained;
SELECT ecomm._refresh_segments('named') > 0 AS written, ecomm._refresh_segment_summary() > 0 AS summary;
SELECT cluster, cluster_name FROM ecomm.cluster_summary ORDER BY cluster;
SELECT kmeans_train('ecomm._customer_feature', features => '{recency,monetary}', name => 'two') IS NOT NULL AS trained;
SELECT ecomm._refresh_segments('two') > 0 AS written;
SELECT DISTINCT cluster, cluster_name FROM ecomm.customer_segments;
SELECT ecomm._refresh_segment_summary() > 0 AS summary;
SELECT cluster, cluster_name, center_recency FROM ecomm.cluster_summary;
SELECT customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT * FROM differences();
SELECT name, version, kind, source, active, k, members, silhouette BETWEEN -1 AND 1 AS silhouette, inertia > 0 AS inertia
FROM ecomm.model_registry ORDER BY id;

-- Amounts that only numeric holds.
UPDATE sale SET amount = amount * 1e25 WHERE customer_id = 50;
UPDATE sale SET amount = amount + 1e-20 WHERE customer_id = 51;
SELECT ecomm._refresh_customers_full() AS customers, ecomm._refresh_segments() BETWEEN 2 AND 10 AS segments;
SELECT count(*) FROM (
  SELECT customer_id, rfm_score, segment FROM rfm_segments_keyed(NULL::integer, 'ecomm.sale_line')
  EXCEPT SELECT customer_id, 100 * r_score + 10 * f_score + m_score, segment FROM ecomm._customer_rfm) AS d;
UPDATE sale SET amount = amount / 1e25 WHERE customer_id = 50;
UPDATE sale SET amount = amount - 1e-20 WHERE customer_id = 51;
SELECT ecomm._refresh_customers_full() AS customers, ecomm._refresh_segments() BETWEEN 2 AND 10 AS segments;
SELECT * FROM differences();

-- Snapshots.
SELECT ecomm._snapshot_due(7) AS due, ecomm._take_segment_snapshot() > 0 AS written, (SELECT count(*) FROM ecomm.segment_migration) AS migration;
SELECT ecomm._snapshot_due(7) AS due, ecomm._snapshot_due(0) AS at_once, ecomm._take_segment_snapshot() AS written_again;
DELETE FROM sale WHERE customer_id = 20;
UPDATE sale SET amount = amount + 4000, sold_at = '2024-03-04' WHERE customer_id = 21;
INSERT INTO sale VALUES ('2024-03-12 12:00', 888, 'N3', 'P1', 1, 12);
SELECT state();
SELECT customers FROM refresh();
SELECT ecomm._snapshot_due(7) AS due, ecomm._snapshot_due(11) AS due_11;
SELECT ecomm._take_segment_snapshot() > 200 AS written;
SELECT * FROM ecomm.segment_migration WHERE from_segment = '(new)' OR to_segment = '(gone)' OR from_segment = 'Lost' AND to_segment NOT IN ('Lost', 'Hibernating') ORDER BY 3, 4;
SELECT snapshot_day, sum(customers) AS customers, sum(sales) AS sales FROM ecomm.segment_history GROUP BY 1 ORDER BY 1;
SELECT sum(customers) AS customers, sum(monetary) FILTER (WHERE to_segment <> '(gone)') AS sales FROM ecomm.segment_migration;
INSERT INTO sale VALUES ('2024-03-20 12:00', 888, 'N4', 'P1', 1, 12);
SELECT state();
SELECT customers FROM refresh();
SELECT ecomm._take_segment_snapshot() > 200 AS written;
SELECT snapshot_day, count(*) FROM ecomm._segment_snapshot GROUP BY 1 ORDER BY 1;
SELECT count(DISTINCT snapshot_day) FROM ecomm.segment_history;
-- The last sales are gone: so are the snapshots of days that are no more.
DELETE FROM sale WHERE sold_at > '2024-03-15';
SELECT state();
SELECT customers FROM refresh();
SELECT ecomm._take_segment_snapshot() AS written;
SELECT snapshot_day, count(*) FROM ecomm._segment_snapshot GROUP BY 1 ORDER BY 1;
SELECT DISTINCT from_day, to_day FROM ecomm.segment_migration;

-- Too few customers for clusters; customers who cannot be told apart; none at all.
DELETE FROM ecomm.model;
DELETE FROM sale WHERE customer_id > 8;
SELECT state();
SELECT customers > 0 AS customers, segments > 0 AS segments, summary > 0 AS summary FROM refresh();
SELECT count(*), min(cluster), min(cluster_name) FROM ecomm.customer_segments;
TRUNCATE sale;
INSERT INTO sale SELECT '2024-01-01', i, 'I' || i, 'P', 1, 10 FROM generate_series(1, 40) AS i;
SELECT state();
SELECT customers, segments, summary FROM refresh();
SELECT rfm_score, segment, cluster, count(*) FROM ecomm.customer_segments GROUP BY 1, 2, 3;
TRUNCATE sale;
SELECT state();
SELECT customers, segments, summary FROM refresh();
SELECT ecomm._quintile_breaks() IS NULL AS no_breaks, ecomm._take_segment_snapshot() AS snapshot;
SELECT (SELECT count(*) FROM ecomm.customer_segments) AS customers, (SELECT count(*) FROM ecomm.segment_summary) AS segments;
SELECT ecomm._rfm_score('{1,2}', '2024-01-01', 1, 1);
SELECT ecomm._rfm_score(NULL, '2024-01-01', 1, 1);

-- Keys of other types are text.
DROP TABLE ecomm._customer_rfm, ecomm._segment_snapshot, ecomm._customer CASCADE;
CREATE TABLE ecomm._customer (customer_id text PRIMARY KEY, customer_name text, city text, postal_code text, state text, region text, country text,
                              latitude float8, longitude float8);
SELECT ecomm._create_segment_tables('text');
SELECT ecomm._create_segment_views('text', 'numeric(18,4)');
CREATE TABLE other AS
SELECT timestamp '2024-01-01 10:00' + i * i % 300 * interval '1 day' AS sold_at, md5((i % 45)::text)::uuid AS customer_id, i AS invoice_no,
       (i % 17 + 1) * 1.005 AS amount FROM generate_series(1, 300) AS i;
SELECT count(*) FROM ecomm_bind('other');
SELECT state();
SELECT customers, segments, summary > 0 AS summary FROM refresh();
SELECT count(*) FROM (SELECT customer_id, recency, monetary, rfm_score, segment FROM ecomm.customer_segments
                      EXCEPT SELECT customer_id, recency, monetary, rfm_score, segment FROM rfm_segments_keyed(NULL::text)) AS d;
SELECT count(*) FROM (SELECT customer_id, cluster, cluster_name FROM ecomm.customer_segments
                      EXCEPT SELECT customer_id, cluster, name FROM kmeans_assign_keyed(NULL::text, 'default')) AS d;
DELETE FROM other WHERE customer_id = md5('7')::uuid;
UPDATE other SET amount = 99 WHERE customer_id = md5('8')::uuid;
SELECT ecomm._refresh_customers_changed(
  (SELECT ecomm._rfm(customer_id::text, sold_at, invoice_no, amount) FROM ecomm.sale_line
   WHERE customer_id IN (md5('7')::uuid, md5('8')::uuid)), ARRAY[md5('7')::uuid::text, md5('8')::uuid::text]) AS written;
SELECT customers FROM refresh();
SELECT ecomm._take_segment_snapshot() AS snapshot;

-- Types that every client takes.
SELECT table_name, column_name, data_type, numeric_precision
FROM information_schema.columns
WHERE table_schema = 'ecomm' AND table_name IN ('customer_segments', 'segment_summary', 'cluster_summary', 'segment_migration', 'segment_history',
                                                'model_registry')
  AND NOT (data_type IN ('date', 'timestamp without time zone', 'text', 'integer', 'bigint', 'double precision', 'boolean')
           OR data_type = 'numeric' AND coalesce(numeric_precision, 999) <= 18)
ORDER BY 1, 2;

DROP VIEW ecomm.customer_segments, ecomm.segment_summary, ecomm.cluster_summary, ecomm.segment_migration, ecomm.segment_history,
          ecomm.model_registry, ecomm._customer_feature;
DROP TABLE ecomm._customer, ecomm._customer_rfm, ecomm._segment_snapshot, ecomm._segment_summary, ecomm._segment_migration, ecomm._segment_history;
DELETE FROM ecomm._refresh_state;
SELECT ecomm_unbind();
DROP TABLE sale, other;
DROP FUNCTION refresh, differences, state, changed;
DELETE FROM ecomm.model;
