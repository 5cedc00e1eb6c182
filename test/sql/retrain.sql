-- A model is trained again as it was, on what was sold since.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA retraining;
SET search_path = retraining, public;
CREATE TABLE visitor (id integer, visits integer, "Pages Read" float8);
INSERT INTO visitor SELECT i, 1 + i % 7, (i * 7919 % 1000) / 10.0 + 1 FROM generate_series(1, 300) AS i;
SELECT kmeans_train('visitor', 2, '{visits,"Pages Read"}', 'log', 'readers', '{often,"now and then"}', 3, 50, 1e-5, 7) IS NOT NULL AS trained;
INSERT INTO visitor SELECT i, 10, 500 FROM generate_series(301, 340) AS i;
CALL ecomm_retrain('readers');
CREATE FUNCTION version(name text, version integer) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('source', source, 'parameters', m.parameters, 'features', jsonb_path_query_array(document, '$.features[*].name'),
                            'names', jsonb_path_query_array(document, '$.clusters[*].name'))
  FROM ecomm.model AS m WHERE (m.name, m.version) = ($1, $2)
$$;
SELECT version, active, document -> 'training' ->> 'rows' AS rows FROM ecomm.model WHERE name = 'readers' ORDER BY version;
SELECT jsonb_pretty(version('readers', 2));
SELECT version('readers', 1) = version('readers', 2) AS same;

-- customers of the bound shop; the first training is by the defaults
SELECT count(*) FROM ecomm_sample_data(customers => 200, days => 200, schema => 'retraining');
SELECT count(*) > 0 AS bound FROM ecomm_bind('sale');
CALL ecomm_retrain();
CALL ecomm_retrain();
SELECT version, active, jsonb_path_query_array(document, '$.clusters[*].name') AS names FROM ecomm.model WHERE name = 'default' ORDER BY version;
SELECT version('default', 1) = version('default', 2) AS same;

-- an imported model has no source and no options: the bound shop, and the defaults
SELECT model_import(model_export('default') - 'parameters', 'imported', true) IS NOT NULL AS imported;
CALL ecomm_retrain('imported');
SELECT version('imported', 2) = version('default', 2) AS same;

-- what cannot be
SELECT kmeans_train('visitor', 2, '{visits,"Pages Read"}', name => 'weighted', value_weights => '{-1,-1}') IS NOT NULL AS trained;
CALL ecomm_retrain('weighted');
ALTER TABLE visitor RENAME TO guest;
CALL ecomm_retrain('readers');
SELECT sales_forecast_train(name => 'ahead', method => 'naive') IS NOT NULL AS trained;
CALL ecomm_retrain('ahead');
CALL ecomm_retrain(NULL);
SELECT name, max(version) FROM ecomm.model WHERE source ~ '^retraining' OR source = 'ecomm.sale_line' GROUP BY name ORDER BY name;

SELECT ecomm_unbind();
DELETE FROM ecomm.model WHERE name IN ('ahead', 'default', 'imported', 'readers', 'weighted');
RESET search_path;
DROP SCHEMA retraining CASCADE;
