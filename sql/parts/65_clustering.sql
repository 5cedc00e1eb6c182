
-- How many clusters, and other ways to cluster ------------------------------------------------------------------

CREATE FUNCTION kmeans_select_k(source regclass = NULL, k_min integer = 2, k_max integer = 10,
                                features text[] = '{recency,frequency,monetary}', transform text = 'boxcox',
                                n_init integer = 10, max_iter integer = 300, tol double precision = 1e-4,
                                seed bigint = 42, as_of timestamp = NULL)
RETURNS TABLE (k integer, inertia double precision, silhouette double precision, davies_bouldin double precision,
               calinski_harabasz double precision, gap double precision, gap_error double precision, recommended boolean)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 9 AS 'MODULE_PATHNAME', 'ecomm_kmeans_select_k';
COMMENT ON FUNCTION kmeans_select_k(regclass, integer, integer, text[], text, integer, integer, double precision, bigint, timestamp) IS
$$How many clusters? Runs k-means for every k from k_min to k_max and measures each, on the features as kmeans_train
transforms and scales them. Stores nothing.

inertia: sum of squared distances to the centroids; always falls with k, look for the elbow. silhouette: -1 to 1, more is
better; exact up to 10,000 rows, then from a sample of that size drawn by seed, of every cluster (Rousseeuw 1987). davies_bouldin: less is better
(Davies & Bouldin 1979). calinski_harabasz: more is better (Calinski & Harabasz 1974). gap, gap_error: how far log(inertia) is
below that of data without structure, on a sample of at most 2,000 rows against 20 uniform reference sets, and its standard
error; the rule that goes with it takes the smallest k with gap >= gap - gap_error of the next k (Tibshirani, Walther & Hastie
2001). recommended: the largest silhouette, of equal ones the smallest k, because it alone has a scale of its own and a best
value. It often favours few clusters: where the silhouette hardly falls, a larger k that says more is as good a choice.
A measure that is not defined (k = 1 has no silhouette) is NULL, and so is its part in the recommendation.

source, features, transform, n_init, max_iter, tol, seed, as_of: as in kmeans_train; NULL takes the default. Rows with a
NULL, NaN or infinite feature, or one the transform cannot take, are left out and counted in a NOTICE.
Errors: k_min below 1 or above k_max, k_max above 10,000 or the number of different rows, and those of kmeans_train.$$;

CREATE FUNCTION cluster_ward(source regclass = NULL, k integer = 3, features text[] = '{recency,frequency,monetary}',
                             transform text = 'boxcox', key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, cluster integer)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 10000 AS 'MODULE_PATHNAME', 'ecomm_cluster_ward';
COMMENT ON FUNCTION cluster_ward(regclass, integer, text[], text, text, timestamp) IS
$$Agglomerative clustering by Ward's criterion (Ward 1963; nearest-neighbour chain, Murtagh & Legendre 2014) on the features as
kmeans_train transforms and scales them: starts from single rows and merges what adds least to the sum of squares within, until
k clusters are left. They are numbered from best (1) to worst as those of kmeans_train.

source, features, transform, as_of: as in kmeans_train; key_column: as in kmeans_assign; NULL takes the default.
A row that cannot be placed (a NULL, NaN or infinite feature, or one the transform cannot take) comes with NULL cluster.
At most 50,000 different rows: time grows with the square (10,000 x 3 in half a second, 50,000 x 3 in ten).
Errors: too many rows, k below 1 or above the number of different rows, missing or non-numeric column, constant feature.$$;

CREATE FUNCTION cluster_dbscan(source regclass = NULL, eps double precision = 0.5, min_points integer = 10,
                               features text[] = '{recency,frequency,monetary}', transform text = 'boxcox',
                               key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, cluster integer)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 10000 AS 'MODULE_PATHNAME', 'ecomm_cluster_dbscan';
COMMENT ON FUNCTION cluster_dbscan(regclass, double precision, integer, text[], text, text, timestamp) IS
$$Density-based clustering (DBSCAN; Ester, Kriegel, Sander & Xu 1996) on the features as kmeans_train transforms and scales
them: rows with at least min_points rows (themselves counted) within eps are dense, dense rows within eps of each other share a
cluster, others within eps of a dense row join it, and what is left is noise, -1. Clusters are numbered from best (1) to
worst as those of kmeans_train.

eps: Euclidean distance, in standard deviations of the transformed features. source, features, transform, as_of: as in
kmeans_train; key_column: as in kmeans_assign; NULL takes the default. A row that cannot be placed (a NULL, NaN or infinite
feature, or one the transform cannot take) comes with NULL cluster. At most 1,000,000 rows (x 3 features: seconds).
Errors: too many rows, eps not greater than 0 or not finite, min_points below 1, missing or non-numeric column, constant feature.$$;

CREATE FUNCTION cluster_compare(source regclass = NULL, k integer = 3, eps double precision = 0.5, min_points integer = 10,
                                features text[] = '{recency,frequency,monetary}', transform text = 'boxcox',
                                seed bigint = 42, as_of timestamp = NULL)
RETURNS TABLE (method text, clusters integer, noise bigint, sizes bigint[], silhouette double precision,
               davies_bouldin double precision, calinski_harabasz double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 3 AS 'MODULE_PATHNAME', 'ecomm_cluster_compare';
COMMENT ON FUNCTION cluster_compare(regclass, integer, double precision, integer, text[], text, bigint, timestamp) IS
$$k-means (10 restarts), Ward's method and DBSCAN side by side on the same transformed and scaled features. One row per
method: kmeans, ward, dbscan.

clusters: how many; noise: rows in none; sizes: rows in each, from best to worst. silhouette, davies_bouldin,
calinski_harabasz: as in kmeans_select_k, noise left out; NULL with fewer than two clusters. A method that leaves many rows
out as noise scores the better for it: read the scores together with noise.
k: clusters of the first two; eps, min_points: as in cluster_dbscan; the rest as in kmeans_select_k; NULL takes the default.
Rows that cannot be used are left out and counted in a NOTICE. Errors: those of the three methods; at most 50,000 different
rows.$$;

CREATE FUNCTION cluster_ward_keyed(key anyelement, source regclass = NULL, k integer = 3,
                                   features text[] = '{recency,frequency,monetary}', transform text = 'boxcox',
                                   key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, cluster integer)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 10000 AS 'MODULE_PATHNAME', 'ecomm_cluster_ward_keyed';
COMMENT ON FUNCTION cluster_ward_keyed(anyelement, regclass, integer, text[], text, text, timestamp) IS
  'cluster_ward() for keys that are not whole numbers: pass a typed null, as in cluster_ward_keyed(NULL::uuid). Any key can be had as text.';

CREATE FUNCTION cluster_dbscan_keyed(key anyelement, source regclass = NULL, eps double precision = 0.5,
                                     min_points integer = 10, features text[] = '{recency,frequency,monetary}',
                                     transform text = 'boxcox', key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, cluster integer)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 10000 AS 'MODULE_PATHNAME', 'ecomm_cluster_dbscan_keyed';
COMMENT ON FUNCTION cluster_dbscan_keyed(anyelement, regclass, double precision, integer, text[], text, text, timestamp) IS
  'cluster_dbscan() for keys that are not whole numbers: pass a typed null, as in cluster_dbscan_keyed(NULL::uuid). Any key can be had as text.';
