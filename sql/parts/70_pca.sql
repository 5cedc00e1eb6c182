
-- Principal components -----------------------------------------------------------------------------------------

CREATE FUNCTION pca(source regclass = NULL, features text[] = '{recency,frequency,monetary}', components integer = NULL,
                    scale boolean = true, transform text = 'none', as_of timestamp = NULL)
RETURNS TABLE (component integer, explained_variance double precision, explained_variance_ratio double precision,
               cumulative_ratio double precision, loadings jsonb)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 10 AS 'MODULE_PATHNAME', 'ecomm_pca';
COMMENT ON FUNCTION pca(regclass, text[], integer, boolean, text, timestamp) IS
$$The principal components of a source's features, from the one with the largest variance on: what varies together, and how
many numbers it takes to tell rows apart. As scikit-learn's PCA after StandardScaler.
Pearson 1901, doi:10.1080/14786440109462720; Hotelling 1933, doi:10.1037/h0071325.

source: a relation that has all the features as numeric columns; else a sale table, whose RFM is computed first; NULL: the bound
or default sale table. components: how many to give, at most the smaller of rows and features; NULL: all.
scale: bring each feature to standard deviation 1 first; false only where all features are in one unit. transform: none,
log, boxcox or yeo-johnson, before scaling; lambda by maximum likelihood. as_of: the RFM snapshot.

explained_variance: divided by n - 1; in squared units of the features where scale is false. explained_variance_ratio: of the
variance of all features; cumulative_ratio: of this and the components before it, at most 1. loadings: feature -> weight;
their squares sum to 1, and the largest is positive (of equally large ones, that of the first feature).

Rows with a NULL, NaN or infinite feature, or one the transform cannot take, are left out and counted by reason in a
NOTICE. The same rows give the same result bit for bit, in whatever order they come.
Errors: missing or non-numeric column, no privilege, fewer than two rows, a constant feature (without scale and transform: all
of them constant), components out of range, variance beyond double precision, memory limit.$$;

CREATE FUNCTION pca_scores(source regclass = NULL, features text[] = '{recency,frequency,monetary}',
                           components integer = NULL, scale boolean = true, transform text = 'none',
                           key_column text = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, scores double precision[])
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_pca_scores';
COMMENT ON FUNCTION pca_scores(regclass, text[], integer, boolean, text, text, timestamp) IS
$$Every row of a source in the coordinates of pca()'s components: scores[1] is the first. For a scatter plot of customers,
scores[1] against scores[2]. Arguments and errors as pca().

key_column: the column handed out as customer_id; default customer_id, else id. A row that pca() leaves out comes with NULL
scores and is counted in the NOTICE. Keys that are no whole numbers: use pca_scores_keyed. The rows and their keys are held in
memory, within ecomm_analytics.memory_limit.$$;

CREATE FUNCTION pca_scores_keyed(key anyelement, source regclass = NULL,
                                 features text[] = '{recency,frequency,monetary}', components integer = NULL,
                                 scale boolean = true, transform text = 'none', key_column text = NULL,
                                 as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, scores double precision[])
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_pca_scores_keyed';
COMMENT ON FUNCTION pca_scores_keyed(anyelement, regclass, text[], integer, boolean, text, text, timestamp) IS
$$pca_scores() for keys that are not whole numbers: pass a typed null, as in pca_scores_keyed(NULL::uuid, 'profile', '{a,b}').
Any key can be had as text.$$;
