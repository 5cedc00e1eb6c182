-- Models: import and export, predictions, versions, who sees what.

\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET extra_float_digits = 0;
-- Errors name ids.
ALTER SEQUENCE ecomm.model_id_seq RESTART 1001;

-- A model written by hand, its transforms easy to follow: recency as it is, log of the rest.
CREATE TABLE model_document (document jsonb);
INSERT INTO model_document VALUES ('{
  "format_version": 1,
  "kind": "kmeans",
  "name": "customers",
  "features": [
    {"name": "recency", "transform": "none", "lambda": 1, "mean": 100, "scale": 50},
    {"name": "frequency", "transform": "log", "lambda": 0, "mean": 1, "scale": 1},
    {"name": "monetary", "transform": "log", "lambda": 0, "mean": 7, "scale": 2}],
  "clusters": [
    {"name": "Champions", "size": 30, "centroid": [-1.5, 1, 1.5], "center": [25, 7, 22000], "mean": [20, 8, 25000]},
    {"name": "At-Risk", "size": 50, "centroid": [0, 0, 0.5], "center": [100, 2.5, 3000], "mean": [100, 3, 4000]},
    {"name": "Occasional", "size": 20, "centroid": [1, -1, -0.5], "center": [150, 1, 400], "mean": [160, 1, 500]}],
  "parameters": {"k": 3, "n_init": 10, "max_iter": 300, "tol": 0.0001, "seed": 42, "transform": "log"},
  "training": {"rows": 103, "used": 100, "left_out": {"not positive": 3}},
  "metrics": {"inertia": 123.5, "silhouette": 0.5, "silhouette_sample": 100, "davies_bouldin": 0.75,
              "calinski_harabasz": null}}');

SELECT model_import(document) AS first FROM model_document \gset
SELECT name, version, kind, created_by = current_user AS own, created_at <= now() AS dated, source, parameters,
       metrics, active
FROM ecomm.model WHERE id = :first;

-- --- export and import ------------------------------------------------------------------------------------
SELECT model_export(:first) = document AS same FROM model_document;
SELECT model_export(model_import(model_export(:first))) = model_export(:first) AS same;
-- What jsonb's numbers cannot hold, names in any script, the smallest and the largest number.
SELECT jsonb_set(jsonb_set(jsonb_set(jsonb_set(document,
         '{clusters,0,centroid}', '[5e-324, 1.7976931348623157e308, -0.1]'),
         '{clusters,1,center}', '["NaN", "-Infinity", "-0"]'),
         '{clusters,2,name}', '"Złoto ⭐ \"客户\""'),
         '{name}', '"клиенты"') AS hard FROM model_document \gset
SELECT model_import(:'hard') AS hard_id \gset
SELECT model_export(:hard_id) = :'hard' AS same;
SELECT name, (document #>> '{clusters,0,centroid,0}')::float8 = 5e-324::float8 AS smallest,
       (document #>> '{clusters,0,centroid,1}')::float8 = 1.7976931348623157e308::float8 AS largest,
       document #> '{clusters,1,center}' AS center
FROM ecomm.model WHERE id = :hard_id;
SELECT cluster, name, center FROM kmeans_clusters(:hard_id) WHERE cluster > 1;

-- --- what is not taken ------------------------------------------------------------------------------------
SELECT model_import(NULL);
SELECT model_import('null');
SELECT model_import('{}');
SELECT model_import(document || '{"format_version": 2}') FROM model_document;
SELECT model_import(document || '{"kind": "arima"}') FROM model_document;
SELECT model_import(document || '{"clutsers": []}') FROM model_document;
SELECT model_import(document #- '{clusters,1,centroid}') FROM model_document;
SELECT model_import(document #- '{clusters,1,centroid,0}') FROM model_document;
SELECT model_import(jsonb_set(document, '{clusters,1,centroid,0}', '"NaN"')) FROM model_document;
SELECT model_import(jsonb_set(document, '{clusters,1,centroid,0}', '1e400')) FROM model_document;
SELECT model_import(jsonb_set(document, '{clusters,1,name}', '"Champions"')) FROM model_document;
SELECT model_import(jsonb_set(document, '{clusters,1,size}', '-1')) FROM model_document;
SELECT model_import(jsonb_set(document, '{parameters,k}', '4')) FROM model_document;
SELECT model_import(jsonb_set(document, '{features,0,scale}', '0')) FROM model_document;
SELECT model_import(jsonb_set(document, '{features,0,transform}', '"sqrt"')) FROM model_document;
SELECT model_import(jsonb_set(document, '{training,left_out,not positive}', '4')) FROM model_document;
SELECT model_import((repeat('[', 1000) || repeat(']', 1000))::jsonb);
SELECT model_import(document, '') FROM model_document;
SELECT model_import(document, repeat('x', 201)) FROM model_document;
SELECT model_import(document, E'two\nlines') FROM model_document;

-- --- predictions ------------------------------------------------------------------------------------------
SELECT kmeans_predict(:first, 15, 8, 25000) AS champion, kmeans_predict(:first, 100, 3, 7000) AS at_risk,
       kmeans_predict(:first, 150, 1, 500) AS occasional;
SELECT kmeans_predict_name(:first, 15, 8, 25000.00), kmeans_predict_name(:first, 100::bigint, 3::smallint, 7000::real),
       kmeans_predict_name(:first, VARIADIC '{150,1,500}'), kmeans_predict_name(:first, VARIADIC '{{150,1,500}}');
-- no label
SELECT kmeans_predict(:first, NULL, 8, 25000) AS no_recency, kmeans_predict(:first, 15, 'NaN', 25000) AS nan,
       kmeans_predict(:first, 'Infinity', 8, 25000) AS infinite, kmeans_predict(:first, 15, 0, 25000) AS no_log,
       kmeans_predict(:first, 15, 8, -3) AS negative, kmeans_predict(:first, 1e300, 8, 25000) AS huge,
       kmeans_predict(NULL::bigint, 15, 8, 25000) AS no_model,
       kmeans_predict(:first, VARIADIC NULL) AS no_features, kmeans_predict_name(:first, 15, 8, NULL) AS no_name;
SELECT kmeans_predict(:first, 15, 8);
SELECT kmeans_predict(:first, 15, 8, 25000, NULL);
SELECT kmeans_predict(:first, VARIADIC '{}');
SELECT kmeans_predict(-1, 15, 8, 25000);
SELECT kmeans_predict('nobody', 15, 8, 25000);
-- One call site, a model per row.
SELECT model_import(jsonb_set(document, '{clusters,0,name}', '"Best"'), 'renamed', true) AS renamed
FROM model_document \gset
SELECT kmeans_predict_name(model, 15, 8, 25000)
FROM (VALUES (:first), (:renamed), (:first), (:renamed)) AS m (model);
SELECT count(*), array_agg(DISTINCT kmeans_predict(:first, i % 300, 1 + i % 20, 1 + (i * 7919) % 30000)) AS clusters
FROM generate_series(1, 100000) AS i;

-- --- what a model tells -----------------------------------------------------------------------------------
SELECT * FROM kmeans_clusters(:first);
SELECT * FROM kmeans_evaluate(:first);
SELECT * FROM kmeans_clusters('renamed') WHERE cluster = 1;
SELECT * FROM kmeans_evaluate('renamed');
-- the model is younger than the statement's snapshot
SELECT cluster, share FROM model_document, kmeans_clusters(model_import(document, 'throw-away'));
SELECT model_drop('throw-away', 1);
-- The least that makes a model; what it does not know is NULL.
SELECT model_import('{"format_version": 1, "kind": "kmeans",
  "features": [{"name": "x", "transform": "none", "lambda": 1, "mean": 0, "scale": 1}],
  "clusters": [{"name": "high", "centroid": [1]}, {"name": "low", "centroid": [-1]}]}') AS least \gset
SELECT name, source, parameters FROM ecomm.model WHERE id = :least;
SELECT * FROM kmeans_clusters(:least);
SELECT * FROM kmeans_evaluate(:least);

-- --- versions ---------------------------------------------------------------------------------------------
\set VERBOSITY terse
SELECT kmeans_predict('customers', 15, 8, 25000);
\set VERBOSITY default
SELECT model_activate(:first), model_activate(:first);
SELECT kmeans_predict('customers', 15, 8, 25000), kmeans_predict_name('customers', 15, 8, 25000);
SELECT model_import(jsonb_set(document, '{clusters,0,name}', '"Gold"'), activate => true) AS gold
FROM model_document \gset
SELECT version, active FROM ecomm.model WHERE name = 'customers' ORDER BY version;
SELECT kmeans_predict_name('customers', 15, 8, 25000), model_export('customers') #>> '{clusters,0,name}' AS exported;
SELECT model_activate('customers', 1);
SELECT version, active FROM ecomm.model WHERE name = 'customers' ORDER BY version;
SELECT model_activate(-1);
SELECT model_activate('customers', 9);
SELECT model_activate('nobody', 1);
-- A call site that lives longer than a statement sees what is active now.
DO $$
BEGIN
  FOR i IN 1..4 LOOP
    PERFORM model_activate('customers', CASE WHEN i % 2 = 1 THEN 3 ELSE 1 END);
    RAISE WARNING 'active: %', kmeans_predict_name('customers', 15, 8, 25000);
  END LOOP;
END $$;
BEGIN;
DO $$
DECLARE
  label text;
BEGIN
  FOR i IN 1..3 LOOP
    BEGIN
      IF i = 2 THEN PERFORM model_activate('customers', 3); END IF;
      label := kmeans_predict_name('customers', 15, 8, 25000);
      RAISE EXCEPTION '%', label;
    EXCEPTION WHEN raise_exception THEN RAISE WARNING 'active: %', SQLERRM;
    END;
  END LOOP;
END $$;
ROLLBACK;
SELECT model_drop(:gold), model_drop(:gold);
SELECT model_drop('customers', 3);
SELECT model_drop('customers', 1);
\set VERBOSITY terse
SELECT kmeans_predict('customers', 15, 8, 25000);
\set VERBOSITY default
-- A document can only be replaced by a new version.
SELECT model_import(document, 'customers', true) AS latest FROM model_document \gset
SELECT version FROM ecomm.model WHERE id = :latest;

-- --- who sees what ----------------------------------------------------------------------------------------
CREATE ROLE regress_model_anna;
CREATE ROLE regress_model_bob;
CREATE ROLE regress_model_chief IN ROLE regress_model_anna, regress_model_bob;
GRANT SELECT ON model_document TO PUBLIC;
SET ROLE regress_model_anna;
SELECT count(*) FROM ecomm.model;
SELECT kmeans_predict(:latest, 15, 8, 25000);
SELECT kmeans_predict('customers', 15, 8, 25000);
SELECT model_export(:latest);
SELECT model_activate(:latest);
SELECT model_drop(:latest);
SELECT model_import(document, 'mine', true) AS of_anna FROM model_document \gset
SELECT kmeans_predict('mine', 15, 8, 25000), version, created_by FROM ecomm.model;
UPDATE ecomm.model SET document = '{}';
UPDATE ecomm.model SET created_by = 'regress_model_bob';
INSERT INTO ecomm.model (name, version, kind, created_by, parameters, document, metrics)
VALUES ('forged', 1, 'kmeans', 'regress_model_bob', '{}', '{}', '{}');
RESET ROLE;
SET ROLE regress_model_bob;
SELECT kmeans_predict('mine', 15, 8, 25000);
SELECT model_import(document, 'mine', true) AS of_bob FROM model_document \gset
SELECT kmeans_predict('mine', 15, 8, 25000), version, created_by FROM ecomm.model;
RESET ROLE;
-- A member of both owns neither, and is asked which one is meant.
SET ROLE regress_model_chief;
SELECT name, version, active, created_by FROM ecomm.model ORDER BY created_by;
SELECT kmeans_predict('mine', 15, 8, 25000);
SELECT kmeans_predict(:of_bob, 15, 8, 25000);
-- his own goes first
SELECT model_import(jsonb_set(document, '{clusters,0,name}', '"Own"'), 'mine', true) AS of_chief
FROM model_document \gset
SELECT kmeans_predict_name('mine', 15, 8, 25000);
SELECT model_drop(:of_chief), model_drop(:of_bob);
SELECT kmeans_predict_name('mine', 15, 8, 25000);
RESET ROLE;
-- The owner is gone, the model is not, and nobody's query fails over it.
DROP ROLE regress_model_anna;
SET ROLE regress_model_chief;
SELECT count(*) FROM ecomm.model;
RESET ROLE;
SELECT created_by, kmeans_predict(id, 15, 8, 25000) FROM ecomm.model WHERE id = :of_anna;
DROP ROLE regress_model_bob, regress_model_chief;

-- A stored document that is not one of ours is an error, not a crash.
INSERT INTO ecomm.model (name, version, kind, parameters, document, metrics, active)
VALUES ('broken', 1, 'kmeans', '{}', '[1, {"a": 2}]', '{}', true);
SELECT kmeans_predict('broken', 1);
SELECT * FROM kmeans_clusters('broken');

DELETE FROM ecomm.model;
DROP TABLE model_document;
