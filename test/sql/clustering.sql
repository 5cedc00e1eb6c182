-- kmeans_select_k(), cluster_ward(), cluster_dbscan() and cluster_compare().
\set VERBOSITY terse
SET extra_float_digits = 0;
SET ecomm_analytics.progress = off;
CREATE SCHEMA clustering_test;
SET search_path = clustering_test, public;

-- three groups of customers, far apart, and some that cannot be placed
CREATE TABLE customer_features AS
SELECT 3 * i + g AS customer_id,
       (ARRAY[5, 80, 300])[g + 1] * (1 + 0.01 * (i % 7)) AS recency,
       ((ARRAY[40, 8, 1])[g + 1] + i % 3)::float8 AS frequency,
       ((ARRAY[9000, 700, 40])[g + 1] * (1 + 0.02 * (i % 11)))::numeric(12,2) AS monetary
FROM generate_series(0, 99) AS i, generate_series(0, 2) AS g;
INSERT INTO customer_features VALUES (1001, NULL, 1, 1), (1002, 1, 1, 0), (1003, 1, 1, -5), (NULL, 1, 'NaN', 1);
CREATE TABLE shuffled AS SELECT * FROM customer_features ORDER BY md5(customer_id::text);

-- how many clusters
SELECT k, inertia > 0 AS inertia, round(silhouette::numeric, 6) AS silhouette, davies_bouldin > 0 AS davies_bouldin,
       calinski_harabasz > 0 AS calinski_harabasz, gap IS NOT NULL AS gap, gap_error >= 0 AS gap_error, recommended
FROM kmeans_select_k('customer_features', 1, 5) WHERE k IN (1, 3) OR recommended;
SELECT count(*), count(*) FILTER (WHERE recommended), min(k), max(k) FROM kmeans_select_k('customer_features');
SELECT a = b AS same FROM (SELECT array_agg(a) AS a FROM kmeans_select_k('customer_features', 2, 4) AS a) AS a,
                          (SELECT array_agg(b) AS b FROM kmeans_select_k('shuffled', 2, 4) AS b) AS b;
SELECT k, silhouette, recommended FROM kmeans_select_k('customer_features', 1, 1);

-- labels: numbered from the best, every row comes back
SELECT cluster, count(*), min(customer_id % 3) AS least, max(customer_id % 3) AS most
FROM cluster_ward('customer_features') GROUP BY 1 ORDER BY 1;
SELECT cluster, count(*), min(customer_id % 3) AS least, max(customer_id % 3) AS most
FROM cluster_dbscan('customer_features') GROUP BY 1 ORDER BY 1;
SELECT * FROM cluster_ward('customer_features') WHERE cluster IS NULL ORDER BY 1;
SELECT * FROM cluster_dbscan('customer_features') WHERE cluster IS NULL ORDER BY 1;
SELECT count(*) FROM cluster_ward('customer_features', 7) AS a JOIN cluster_ward('shuffled', 7) AS b USING (customer_id)
WHERE a.cluster IS DISTINCT FROM b.cluster;
SELECT count(*) FROM cluster_dbscan('customer_features', 0.2, 4) AS a JOIN cluster_dbscan('shuffled', 0.2, 4) AS b USING (customer_id)
WHERE a.cluster IS DISTINCT FROM b.cluster;
SELECT count(DISTINCT cluster) FROM cluster_ward('customer_features', 1);

-- noise, other features and keys
CREATE TABLE points (id int, x float8, name int);
INSERT INTO points SELECT i, i % 10 * 0.01, 100 - i FROM generate_series(1, 50) AS i;
INSERT INTO points SELECT 50 + i, 5 + i % 10 * 0.01, -i FROM generate_series(1, 30) AS i;
INSERT INTO points VALUES (81, 1000, 0);
SELECT cluster, count(*), min(customer_id), max(customer_id)
FROM cluster_dbscan('points', 0.01, 5, '{x}', 'none') GROUP BY 1 ORDER BY 1;
SELECT cluster, count(*), min(customer_id), max(customer_id)
FROM cluster_ward('points', 3, '{x}', 'none', 'name') GROUP BY 1 ORDER BY 1;
SELECT cluster, count(*) FROM cluster_dbscan('points', 0.01, 1000, '{x}', 'none') GROUP BY 1;

-- side by side
SELECT method, clusters, noise, sizes, round(silhouette::numeric, 6) AS silhouette, davies_bouldin BETWEEN 0 AND 1 AS db,
       calinski_harabasz > 100 AS ch FROM cluster_compare('customer_features');
SELECT method, clusters, noise, sizes, silhouette IS NULL AS silhouette
FROM cluster_compare('points', 1, 0.01, 5, '{x}', 'none');

-- from sale lines: RFM first
CREATE TABLE sale AS
SELECT timestamp '2024-01-01' + i % 300 * interval '1 day' AS sold_at, sqrt(i)::integer AS customer_id, i AS order_id, (i % 50 + 1) * 1.10 AS amount
FROM generate_series(1, 2000) AS i;
SELECT count(*), count(cluster), max(cluster) FROM cluster_ward(k => 4);
SELECT count(*), count(cluster) FROM cluster_ward(as_of => '2024-02-01');
SELECT method, (SELECT sum(size) FROM unnest(sizes) AS size) + noise AS customers FROM cluster_compare('sale', eps => 1, min_points => 3);
SELECT count(*) FROM kmeans_select_k('sale', 2, 3, n_init => 2);

-- NULL takes the default
SELECT count(*) FROM kmeans_select_k('customer_features', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT max(cluster) FROM cluster_ward('customer_features', NULL, NULL, NULL, NULL, NULL);
SELECT max(cluster) FROM cluster_dbscan('customer_features', NULL, NULL, NULL, NULL, NULL, NULL);
SELECT count(*) FROM cluster_compare('customer_features', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- errors
\set VERBOSITY default
SELECT * FROM kmeans_select_k('customer_features', 0);
SELECT * FROM kmeans_select_k('customer_features', 5, 4);
SELECT * FROM kmeans_select_k('customer_features', 2, 10001);
SELECT * FROM kmeans_select_k('points', 2, 100, '{x}', 'none');
SELECT * FROM kmeans_select_k('customer_features', n_init => 0);
SELECT * FROM kmeans_select_k('customer_features', tol => 'NaN');
SELECT * FROM cluster_ward('customer_features', 0);
SELECT * FROM cluster_ward('customer_features', 100000);
SELECT * FROM cluster_ward('customer_features', transform => 'cubic');
SELECT * FROM cluster_ward('customer_features', features => '{height}');
SELECT * FROM cluster_ward('customer_features', features => '{}');
SELECT * FROM cluster_ward('customer_features', key_column => 'height');
SELECT * FROM cluster_ward(as_of => 'infinity');
SELECT * FROM cluster_dbscan('customer_features', 0);
SELECT * FROM cluster_dbscan('customer_features', 'NaN');
SELECT * FROM cluster_dbscan('customer_features', 'Infinity');
SELECT * FROM cluster_dbscan('customer_features', -1);
SELECT * FROM cluster_dbscan('customer_features', 1, 0);
SELECT * FROM cluster_compare('customer_features', 0);
SELECT * FROM cluster_compare('customer_features', eps => -1);
CREATE TABLE nothing (id int, recency int, frequency int, monetary int);
SELECT * FROM cluster_ward('nothing');
SELECT * FROM cluster_compare('nothing');
INSERT INTO nothing VALUES (1, 1, 1, 1);
SELECT * FROM cluster_dbscan('nothing');
CREATE TABLE large AS SELECT i AS id, sqrt(i) AS x FROM generate_series(1, 50001) AS i;
SELECT * FROM cluster_ward('large', features => '{x}');
SET ecomm_analytics.memory_limit = '64kB';
SELECT * FROM cluster_dbscan('large', features => '{x}');
RESET ecomm_analytics.memory_limit;

-- a long call can be cancelled
CREATE TABLE long_call AS SELECT i AS id, sqrt(i) AS x, (i * 7919 % 50000)::float8 AS y FROM generate_series(1, 50000) AS i;
SET statement_timeout = '500ms';
SELECT * FROM cluster_ward('long_call', features => '{x,y}');
RESET statement_timeout;

SET client_min_messages = warning;
DROP SCHEMA clustering_test CASCADE;
