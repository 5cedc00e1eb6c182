
-- Training and assigning ---------------------------------------------------------------------------------------

CREATE FUNCTION kmeans_train(source regclass = NULL, k integer = 3, features text[] = '{recency,frequency,monetary}',
                             transform text = 'boxcox', name text = 'default', cluster_names text[] = NULL,
                             n_init integer = 10, max_iter integer = 300, tol double precision = 1e-4,
                             seed bigint = 42, as_of timestamp = NULL, value_weights double precision[] = NULL,
                             activate boolean = true)
RETURNS bigint LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000000 AS 'MODULE_PATHNAME', 'ecomm_kmeans_train';
COMMENT ON FUNCTION kmeans_train(regclass, integer, text[], text, text, text[], integer, integer, double precision, bigint,
                                 timestamp, double precision[], boolean) IS
$$Trains a k-means model and stores it in ecomm.model; returns its id. Each feature is transformed, then scaled to mean 0 and
standard deviation 1; k-means++ (Arthur & Vassilvitskii 2007) seeds n_init restarts of Lloyd's iteration, the best wins.

source: a relation that has all the features as numeric columns; else a sale table, whose RFM is computed first; NULL: the bound
or default sale table. k: clusters. transform: boxcox, yeo-johnson (for values of 0 and below), log or none; lambda by
maximum likelihood. name: what the model is called; training again adds a version and overwrites nothing.
cluster_names: from best to worst; default for k = 3: Champions, At-Risk, Occasional. n_init, max_iter, tol, seed: as in
scikit-learn's KMeans. as_of: the RFM snapshot. value_weights: what makes a cluster good, one weight a feature; default: -1 for
recency, 1 for everything else; clusters are numbered from best (1) to worst by the weighted sum of their scaled centroid.
activate: whether the name stands for this version from now on.

Rows with a NULL, NaN or infinite feature, or one the transform cannot take, are left out and counted by reason in a
NOTICE and in the model. The same rows, options and seed give the same model bit for bit, in whatever order the rows come.
Errors: missing or non-numeric column, constant feature, k above the number of distinct rows, parameters out of range, memory
limit.$$;

CREATE FUNCTION kmeans_assign(model bigint, source regclass = NULL, key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, cluster integer, name text, distance double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_kmeans_assign';
COMMENT ON FUNCTION kmeans_assign(bigint, regclass, text, timestamp) IS
$$The cluster of every row of a source: number (1 is the best), name, and distance to the centroid in scaled space.
source: as in kmeans_train, with the model's features. key_column: the column handed out as customer_id; default
customer_id, else id. A row the model cannot place (NULL, NaN, or refused by a transform) comes with NULL cluster.
Errors: no such model, missing column, keys that are no whole numbers (use kmeans_assign_keyed).$$;

CREATE FUNCTION kmeans_assign(model text, source regclass = NULL, key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, cluster integer, name text, distance double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_kmeans_assign';
COMMENT ON FUNCTION kmeans_assign(text, regclass, text, timestamp) IS
  'kmeans_assign() with the active version of a model by name.';

CREATE FUNCTION kmeans_assign_keyed(key anyelement, model bigint, source regclass = NULL, key_column text = NULL,
                                    as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, cluster integer, name text, distance double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_kmeans_assign_keyed';
COMMENT ON FUNCTION kmeans_assign_keyed(anyelement, bigint, regclass, text, timestamp) IS
$$kmeans_assign() for keys that are not whole numbers: pass a typed null, as in kmeans_assign_keyed(NULL::uuid, 1).
Any key can be had as text.$$;

CREATE FUNCTION kmeans_assign_keyed(key anyelement, model text, source regclass = NULL, key_column text = NULL,
                                    as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, cluster integer, name text, distance double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_kmeans_assign_keyed';
COMMENT ON FUNCTION kmeans_assign_keyed(anyelement, text, regclass, text, timestamp) IS
  'kmeans_assign_keyed() with the active version of a model by name.';
