-- kmeans_train() and kmeans_assign(): from raw rows to labels.
\set VERBOSITY terse
SET extra_float_digits = 0;
SET datestyle = 'ISO, YMD';
SET ecomm_analytics.progress = off;
CREATE SCHEMA kmeans_test;
SET search_path = kmeans_test, public;

-- three groups of customers, far apart, and some that cannot be placed
CREATE TABLE customer_features AS
SELECT 3 * i + g AS customer_id,
       (ARRAY[5, 80, 300])[g + 1] * (1 + 0.01 * (i % 7)) AS recency,
       ((ARRAY[40, 8, 1])[g + 1] + i % 3)::float8 AS frequency,
       ((ARRAY[9000, 700, 40])[g + 1] * (1 + 0.02 * (i % 11)))::numeric(12,2) AS monetary
FROM generate_series(0, 99) AS i, generate_series(0, 2) AS g;
INSERT INTO customer_features VALUES (1001, NULL, 1, 1), (1002, 1, 1, 0), (1003, 1, 1, -5), (1004, 1, 'NaN', 1);

SELECT kmeans_train('customer_features', name => 'groups') AS id \gset
SELECT name, version, kind, source, active, parameters->>'transform' AS transform FROM ecomm.model WHERE id = :id;
SELECT document->'training' AS training FROM ecomm.model WHERE id = :id;
SELECT cluster, name, size FROM kmeans_clusters(:id);
SELECT name, count(*), min(customer_id), max(customer_id % 3) AS group FROM kmeans_assign('groups', 'customer_features') GROUP BY 1 ORDER BY 1;
SELECT customer_id, cluster, name, distance FROM kmeans_assign('groups', 'customer_features') WHERE customer_id > 1000;
SELECT count(*) FROM kmeans_assign(:id, 'customer_features') AS a JOIN customer_features AS f USING (customer_id)
WHERE a.cluster IS DISTINCT FROM kmeans_predict('groups', f.recency, f.frequency, f.monetary);

-- the same rows in another order, and again: the same model to the bit
CREATE TABLE shuffled AS SELECT * FROM customer_features ORDER BY md5(customer_id::text);
SELECT kmeans_train('shuffled', name => 'groups', activate => false) AS again \gset
SELECT a.version, b.version, b.active, a.document - 'name' = b.document - 'name' AS same
FROM ecomm.model AS a, ecomm.model AS b WHERE a.id = :id AND b.id = :again;

-- names, weights, transforms and other features
SELECT kmeans_train('customer_features', 2, '{recency}', 'log', 'lazy', '{"far away",near}', value_weights => '{1}') AS lazy \gset
SELECT cluster, name, size, round((center->>'recency')::numeric, 6) AS recency FROM kmeans_clusters(:lazy);
SELECT cluster, size FROM kmeans_clusters(kmeans_train('customer_features', 3, '{monetary,frequency}', 'yeo-johnson', 'yj'));

-- from sale lines: RFM first
CREATE TABLE sale AS
SELECT timestamp '2024-01-01' + i % 300 * interval '1 day' AS sold_at, sqrt(i)::integer AS customer_id, i AS order_id, (i % 50 + 1) * 1.10 AS amount
FROM generate_series(1, 2000) AS i;
SELECT kmeans_train(name => 'shop') AS shop \gset
SELECT source, jsonb_path_query_array(document, '$.features[*].name') AS features FROM ecomm.model WHERE id = :shop;
SELECT sum(size) FROM kmeans_clusters('shop');
SELECT count(*), count(cluster) FROM kmeans_assign('shop');
SELECT count(*) FROM kmeans_assign('shop', as_of => '2024-02-01');
SELECT pg_typeof(customer_id), count(*) FROM kmeans_assign_keyed(NULL::text, 'shop', 'sale') GROUP BY 1;

-- identical with parallel workers and with a budget of nothing for the lines
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ALTER TABLE sale SET (parallel_workers = 4);
SELECT kmeans_train(name => 'parallel') AS parallel \gset
SET ecomm_analytics.memory_limit = '64kB';
SELECT kmeans_train(name => 'spilled') AS spilled \gset
RESET ecomm_analytics.memory_limit;
SELECT count(DISTINCT document - 'name') FROM ecomm.model WHERE id IN (:shop, :parallel, :spilled);

-- a view over rfm() finds the caller's sale table
CREATE VIEW recent AS SELECT * FROM rfm() WHERE recency < 200;
SELECT kmeans_train('recent', 2, name => 'recent') AS recent \gset
SELECT document->'training'->'rows' = to_jsonb((SELECT count(*) FROM recent)) AS all_rows FROM ecomm.model WHERE id = :recent;

-- training needs no key: any type of it will do
CREATE TABLE by_uuid AS SELECT sold_at, md5(customer_id::text)::uuid AS customer_id, order_id, amount FROM sale;
SELECT kmeans_train('by_uuid', name => 'uuid') AS uuid \gset
SELECT a.document - 'name' = b.document - 'name' AS same FROM ecomm.model AS a, ecomm.model AS b WHERE a.id = :shop AND b.id = :uuid;
SELECT count(*), count(cluster) FROM kmeans_assign_keyed(NULL::uuid, 'uuid', 'by_uuid');
SELECT count(*) FROM cluster_ward_keyed(NULL::uuid, 'by_uuid');
SELECT count(*) FROM cluster_dbscan_keyed(NULL::text, 'by_uuid');

-- errors
SELECT * FROM kmeans_assign('uuid', 'by_uuid');
SELECT * FROM cluster_ward('by_uuid');
SELECT kmeans_train('customer_features', name => NULL);
SELECT kmeans_train('customer_features', as_of => '2024-01-01');
SELECT * FROM kmeans_assign('shop', 'sale', 'order_id');
SELECT kmeans_train('customer_features', 0);
SELECT kmeans_train('customer_features', NULL, '{}');
SELECT kmeans_train('customer_features', 100000);
SELECT kmeans_train('customer_features', transform => 'cubic');
SELECT kmeans_train('customer_features', features => '{recency,recency}');
SELECT kmeans_train('customer_features', features => '{recency,height}');
SELECT kmeans_train('customer_features', features => ARRAY['recency', E'fre\tquency']);
SELECT kmeans_train('customer_features', features => '{recency,NULL}');
SELECT kmeans_train(features => '{height}');
SELECT kmeans_train('customer_features', cluster_names => '{a,b}');
SELECT kmeans_train('customer_features', cluster_names => '{a,b,a}');
SELECT kmeans_train('customer_features', value_weights => '{1}');
SELECT kmeans_train('customer_features', value_weights => '{1,NaN,1}');
SELECT kmeans_train('customer_features', n_init => 0);
SELECT kmeans_train('customer_features', max_iter => -1);
SELECT kmeans_train('customer_features', tol => 'NaN');
SELECT kmeans_train('customer_features', name => '');
SELECT kmeans_assign('nobody''s', 'customer_features');
SELECT * FROM kmeans_assign(NULL::bigint, 'customer_features');
SELECT * FROM kmeans_assign('groups', 'customer_features', 'height');
SELECT * FROM kmeans_assign_keyed(NULL::date, 'groups', 'customer_features');
CREATE TABLE words (id int, recency text, frequency int, monetary int);
SELECT kmeans_train('words');
CREATE TABLE nothing (id int, recency int, frequency int, monetary int);
SELECT kmeans_train('nothing');
INSERT INTO nothing VALUES (1, 1, 1, 1);
SELECT kmeans_train('nothing', 1);
INSERT INTO nothing SELECT i, 1, i, i FROM generate_series(2, 9) AS i;
SELECT kmeans_train('nothing', 2);
SET ecomm_analytics.memory_limit = '64kB';
CREATE TABLE large AS SELECT i AS id, sqrt(i) AS x FROM generate_series(1, 20000) AS i;
SELECT kmeans_train('large', features => '{x}');
RESET ecomm_analytics.memory_limit;

SET client_min_messages = warning;
SELECT count(model_drop(id)) > 0 AS dropped FROM ecomm.model WHERE name IN ('groups', 'lazy', 'yj', 'shop', 'parallel', 'spilled', 'recent', 'uuid');
DROP SCHEMA kmeans_test CASCADE;
