
-- Trained models. Each role keeps and sees its own; what is stored is never changed, only activated or dropped.

CREATE SEQUENCE ecomm.model_id_seq AS bigint;

CREATE TABLE ecomm.model (
  id          bigint      NOT NULL DEFAULT pg_catalog.nextval('ecomm.model_id_seq'::pg_catalog.regclass) PRIMARY KEY,
  name        text        NOT NULL CHECK (name <> ''),
  version     integer     NOT NULL CHECK (version > 0),
  kind        text        NOT NULL,
  created_by  name        NOT NULL DEFAULT current_user,
  created_at  timestamptz NOT NULL DEFAULT now(),
  source      text,
  parameters  jsonb       NOT NULL,
  document    jsonb       NOT NULL,
  metrics     jsonb       NOT NULL,
  active      boolean     NOT NULL DEFAULT false,
  UNIQUE (created_by, name, version)
);
ALTER SEQUENCE ecomm.model_id_seq OWNED BY ecomm.model.id;
CREATE UNIQUE INDEX model_active ON ecomm.model (created_by, name) WHERE active;

-- An owner that no longer exists (a role dropped, or a dump restored elsewhere) hides the model from all but
-- superusers: to_regrole gives NULL where a cast would fail.
ALTER TABLE ecomm.model ENABLE ROW LEVEL SECURITY;
CREATE POLICY model_owner ON ecomm.model
  USING (pg_catalog.pg_has_role(pg_catalog.to_regrole(pg_catalog.quote_ident(created_by::text)), 'MEMBER'))
  WITH CHECK (pg_catalog.pg_has_role(pg_catalog.to_regrole(pg_catalog.quote_ident(created_by::text)), 'MEMBER'));

GRANT SELECT, INSERT (name, version, kind, source, parameters, document, metrics, active), DELETE, UPDATE (active)
  ON ecomm.model TO PUBLIC;
GRANT USAGE, SELECT ON SEQUENCE ecomm.model_id_seq TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('ecomm.model', '');
SELECT pg_catalog.pg_extension_config_dump('ecomm.model_id_seq', '');

COMMENT ON TABLE ecomm.model IS
  'Trained models. Rows are visible to the role that made them and to its members. Retraining adds a version; only "active" ever changes.';
COMMENT ON COLUMN ecomm.model.name IS 'a name stands for its active version';
COMMENT ON COLUMN ecomm.model.version IS '1, 2, ... per owner and name';
COMMENT ON COLUMN ecomm.model.kind IS '''kmeans'' or ''forecast''';
COMMENT ON COLUMN ecomm.model.source IS 'the relation it was trained on; NULL: imported';
COMMENT ON COLUMN ecomm.model.document IS 'the whole model: what model_export returns and model_import reads';
COMMENT ON COLUMN ecomm.model.metrics IS 'measured at training; null: undefined or not measured';
COMMENT ON COLUMN ecomm.model.active IS 'the version predictions by name use; at most one per owner and name';

CREATE FUNCTION model_export(model bigint) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'ecomm_model_export' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_export(bigint) IS
  'The model as one portable document: transforms, centroids, names, training counts, metrics; of a forecast, every series'' parameters and states. Numbers survive bit for bit; NaN, infinities and -0 are strings. Raises an error when there is no such model.';

CREATE FUNCTION model_export(model text) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'ecomm_model_export_named' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_export(text) IS
  'The active version of a model by name, as model_export(bigint). One''s own model goes before those of other roles; a name several of them use is an error.';

CREATE FUNCTION model_import(document jsonb, name text DEFAULT NULL, activate boolean DEFAULT false) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ecomm_model_import' LANGUAGE c VOLATILE;
COMMENT ON FUNCTION model_import(jsonb, text, boolean) IS
  'Stores a document as the next version under a name (default: the name in the document, else its kind) and returns the model''s id. The whole document is validated; an error names the place.';

CREATE FUNCTION model_activate(model bigint) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_model_activate' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION model_activate(bigint) IS
  'Makes this version the one its name stands for. True: it is now; false: it already was. Raises an error when there is no such model.';

CREATE FUNCTION model_activate(model text, version integer) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_model_activate_version' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION model_activate(text, integer) IS 'As model_activate(bigint), by name and version.';

CREATE FUNCTION model_drop(model bigint) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_model_drop' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION model_drop(bigint) IS
  'Deletes one version of a model; false when there is none with this id. Dropping the active version leaves its name without one.';

CREATE FUNCTION model_drop(model text, version integer) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_model_drop_version' LANGUAGE c VOLATILE STRICT;
COMMENT ON FUNCTION model_drop(text, integer) IS
  'Deletes one version of a model by name. Raises an error when there is no such version.';

CREATE FUNCTION kmeans_predict(model bigint, VARIADIC features double precision[]) RETURNS integer
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_predict' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kmeans_predict(bigint, double precision[]) IS
  'The cluster (1 is the best) of one row of features, in original units and in the order of the model''s features. NULL for a NULL or NaN feature and for one its transform cannot take. Raises an error for a wrong number of features.';

CREATE FUNCTION kmeans_predict(model text, VARIADIC features double precision[]) RETURNS integer
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_predict_named' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kmeans_predict(text, double precision[]) IS
  'As kmeans_predict(bigint, ...) with the active version of a model by name.';

CREATE FUNCTION kmeans_predict_name(model bigint, VARIADIC features double precision[]) RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_predict_name' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kmeans_predict_name(bigint, double precision[]) IS
  'The name of the cluster kmeans_predict gives.';

CREATE FUNCTION kmeans_predict_name(model text, VARIADIC features double precision[]) RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_predict_name_named' LANGUAGE c STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kmeans_predict_name(text, double precision[]) IS
  'The name of the cluster kmeans_predict gives, with the active version of a model by name.';

CREATE FUNCTION kmeans_clusters(
    model bigint,
    OUT cluster integer, OUT name text, OUT size bigint, OUT share double precision, OUT center jsonb, OUT mean jsonb
  ) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_clusters' LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION kmeans_clusters(bigint) IS
  'The clusters of a model from best to worst: size and share (0 to 1) of the training rows; per feature, in original units, the centre (the centroid taken back through the transform) and the mean of the members. NULL share or mean: the model does not know.';

CREATE FUNCTION kmeans_clusters(
    model text,
    OUT cluster integer, OUT name text, OUT size bigint, OUT share double precision, OUT center jsonb, OUT mean jsonb
  ) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_clusters_named' LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION kmeans_clusters(text) IS
  'As kmeans_clusters(bigint) with the active version of a model by name.';

CREATE FUNCTION kmeans_evaluate(
    model bigint,
    OUT k integer, OUT members bigint, OUT inertia double precision, OUT silhouette double precision,
    OUT silhouette_sample bigint, OUT davies_bouldin double precision, OUT calinski_harabasz double precision
  ) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_evaluate' LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION kmeans_evaluate(bigint) IS
  'How well the clusters of a model separate, as measured at training, in scaled space: inertia (sum of squared distances), silhouette (-1 to 1, from silhouette_sample rows), Davies-Bouldin (lower is better), Calinski-Harabasz (higher is better). NULL: undefined or not measured.';

CREATE FUNCTION kmeans_evaluate(
    model text,
    OUT k integer, OUT members bigint, OUT inertia double precision, OUT silhouette double precision,
    OUT silhouette_sample bigint, OUT davies_bouldin double precision, OUT calinski_harabasz double precision
  ) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ecomm_kmeans_evaluate_named' LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION kmeans_evaluate(text) IS
  'As kmeans_evaluate(bigint) with the active version of a model by name.';
COMMENT ON COLUMN ecomm.model.id IS 'number of this version, never used again';
COMMENT ON COLUMN ecomm.model.created_by IS 'the role that made it and owns it';
COMMENT ON COLUMN ecomm.model.created_at IS 'when it was stored';
COMMENT ON COLUMN ecomm.model.parameters IS 'what the training was asked to do';
