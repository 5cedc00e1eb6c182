-- Forecasting models that are kept.
\set SHOW_CONTEXT never
CREATE SCHEMA forecast_model_test;
SET search_path = forecast_model_test, public;
SET datestyle = ISO;
SET extra_float_digits = -6;
SET ecomm_analytics.progress = off;
SET client_min_messages = warning;
ALTER SEQUENCE ecomm.model_id_seq RESTART 2001;
\pset format unaligned
-- A series ---------------------------------------------------------------------------------------------------------
CREATE TABLE numbers AS SELECT array_agg(100 + 20 * (i % 7) + (hashint4(i) & 1023) / 100.0 ORDER BY i)::float8[] AS y FROM generate_series(1, 120) AS i;
-- Right after the fit it says what the series itself says, at any level.
SELECT method, scale, count(*), bool_and(abs(p.forecast - f.forecast) < 1e-9 AND abs(p.lower - f.lower) < 1e-9 AND abs(p.upper - f.upper) < 1e-9
       AND p.method_used = f.method_used AND p.status = f.status) AS same
FROM numbers, unnest('{ets,theta,auto,drift,stl(theta)}'::text[]) AS method, unnest('{none,boxcox}'::text[]) AS scale,
     ts_predict(ts_fit(y, method, 7, scale), levels => '{0.5,0.9}') AS p JOIN ts_forecast(y, method => method, season => 7, scale => scale, levels => '{0.5,0.9}') AS f USING (step, level)
GROUP BY method, scale ORDER BY method, scale;
-- Continued, without a new fit: as the same values at once, and as if nothing had been stored between.
SELECT count(*), bool_and(a.forecast = b.forecast AND a.upper = b.upper) AS same
FROM numbers, ts_predict(ts_update(ts_fit(y[:100], 'ets', 7), y[101:]), 7) AS a,
     ts_predict(ts_update(ts_update(ts_fit(y[:100], 'ets', 7), y[101:110]), y[111:]), 7) AS b WHERE a.step = b.step;
SELECT step, forecast FROM ts_predict(ts_update(ts_fit('{1,2,4}', 'naive'), '{7}'), 2);
SELECT step, forecast, level FROM ts_predict(ts_update(ts_fit('{2,4,6,8}', 'drift'), '{10,12}'), 1, levels => '{0.9,0.5}');
SELECT ts_update(ts_fit('{1,2,4}', 'naive'), '{}') = ts_fit('{1,2,4}', 'naive') AS nothing_new;
-- Series that cannot be modelled.
SELECT y, step, forecast, status FROM unnest('{"{}","{5}","{0,0,0}","{2,2,2}","{1,2}"}'::text[]) AS y, ts_predict(ts_fit(y::float8[], 'seasonal_naive', 12), 1);
SELECT step, forecast, status FROM ts_predict(ts_update(ts_fit('{2,2,2}'), '{3}'), 1);
SELECT count(*) FROM ts_predict(NULL);
SELECT ts_update(NULL, '{1}') IS NULL AS none, ts_update(ts_fit('{1}'), NULL) IS NULL AS nothing;
-- What is not taken.
SELECT ts_fit(NULL);
SELECT ts_fit('{1,NULL}');
SELECT ts_fit('{1,2}', 'prophet');
SELECT ts_fit('{1,2}', season => 0);
SELECT ts_update(ts_fit('{1,2,4,3,6}', 'naive', scale => 'log'), '{0}');
SELECT ts_update(ts_fit('{1,2}'), '{Infinity}');
SELECT * FROM ts_predict(ts_fit('{1,2}'), -1);
SELECT * FROM ts_predict(ts_fit('{1,2}'), level => 1);
SELECT * FROM ts_predict('null');
SELECT * FROM ts_predict('[1]');
SELECT * FROM ts_predict('{}');
SELECT * FROM ts_predict(ts_fit('{1,2}') || '{"kind": "kmeans"}');
SELECT * FROM ts_predict(ts_fit('{1,2,4}', 'naive') #- '{model,model,type}');
SELECT ts_update(jsonb_set(ts_fit('{1,2,4}', 'naive'), '{correction,deviation,0}', '-1'), '{1}');
SELECT ts_update(jsonb_set(ts_fit('{1,2,4}', 'naive'), '{lambda}', '"NaN"'), '{1}');
-- Sales ------------------------------------------------------------------------------------------------------------
-- Twenty whole weeks of two shops, closed on Sundays; the last four weeks are kept back.
CREATE TABLE later AS
SELECT timestamp '2024-01-01' + d * interval '1 day' + interval '9 hours' AS sold_at, d AS customer_id, 2 * d + s AS invoice_no,
       (100 + 50 * (d % 7 = 5)::integer + 20 * s + (hashint4(2 * d + s) & 1023) / 100)::numeric AS amount, 'shop ' || s AS shop
FROM generate_series(0, 139) AS d, generate_series(1, 2) AS s WHERE d % 7 <> 6;
CREATE TABLE sale AS SELECT * FROM later WHERE sold_at < '2024-04-22';
SELECT sales_forecast_train(by => 'shop', method => 'ets', name => 'shops') AS shops \gset
SELECT name, version, kind, source, parameters, metrics, active FROM ecomm.model WHERE id = :shops;
-- As sales_forecast.
SELECT count(*), bool_and(abs(a.forecast - b.forecast) < 1e-9 AND abs(a.lower - b.lower) < 1e-9 AND abs(a.upper - b.upper) < 1e-9 AND a.status = b.status) AS same,
       count(*) FILTER (WHERE a.upper = 0) AS closed
FROM sales_forecast(model => :shops) AS a JOIN sales_forecast(28, by => 'shop', method => 'ets') AS b USING (series, period);
-- Each call finds the function that is meant.
SELECT count(*), count(DISTINCT level) FROM sales_forecast(:shops, 3, levels => '{0.5,0.9}');
SELECT count(*) FROM sales_forecast('shops', 3);
SELECT count(*) FROM sales_forecast(model => :shops, horizon => 4);
SELECT count(*) FROM sales_forecast(model => 'shops', level => 0.5);
SELECT count(*) FROM sales_forecast(28);
SELECT count(*) FROM sales_forecast(7, level => 0.8);
SELECT count(*) FROM sales_forecast(horizon => 7);
SELECT count(*) FROM sales_forecast();
SELECT count(*) FROM sales_forecast(3, 'units', 'month', method => 'naive');
SELECT count(*) FROM sales_forecast(NULL::bigint);
-- What came since is taken in; one shop is new, one sells nothing any more.
TRUNCATE sale;
INSERT INTO sale SELECT * FROM later WHERE shop = 'shop 1' OR sold_at < '2024-04-22';
INSERT INTO sale VALUES ('2024-05-10', 1, 9001, 77, 'shop 3');
SELECT series, count(*), min(period), max(period), max(forecast) < 100 AS low, min(method_used), min(status) AS status FROM sales_forecast('shops', 7) GROUP BY series ORDER BY series;
-- The stored model is as it was.
SELECT document -> 'next_period' = to_jsonb(date '2024-04-21' - date '2000-01-01') AS untouched FROM ecomm.model WHERE id = :shops;
-- Everything at once, and by continuing a model of the first weeks: the states of the same parameters.
SELECT sales_forecast_train(method => 'naive', to_date => '2024-04-20', name => 'total') AS total \gset
SELECT a.period, a.forecast = b.forecast AS same FROM sales_forecast('total', 2) AS a JOIN sales_forecast(2, method => 'naive') AS b USING (period) ORDER BY period;
-- A price, the scale, months.
SELECT sales_forecast_train('average_order_value', 'week', 'theta', scale => 'log', by => 'shop', name => 'value') AS value \gset
SELECT series, count(*), min(forecast) > 0 AS positive, min(status) AS status FROM sales_forecast('value', 2) GROUP BY series ORDER BY series;
DELETE FROM sale WHERE shop = 'shop 2';
INSERT INTO sale SELECT sold_at + interval '28 days', customer_id, invoice_no + 10000, amount, shop FROM later WHERE shop = 'shop 1' AND sold_at >= '2024-04-22';
SELECT series, count(forecast), min(status) AS status FROM sales_forecast('value', 2) GROUP BY series ORDER BY series;
-- Documents.
SELECT model_import(model_export(:shops)) AS copy \gset
SELECT name, version, kind, active, document = (SELECT document FROM ecomm.model WHERE id = :shops) AS same FROM ecomm.model WHERE id = :copy;
SELECT count(*) FROM (SELECT * FROM sales_forecast(model => :copy) EXCEPT SELECT * FROM sales_forecast(model => :shops)) AS different;
SELECT model_import(model_export(:shops) #- '{series,0,model,status}');
SELECT model_import(jsonb_set(model_export(:shops), '{series,1,name}', '["shop 1"]'));
SELECT model_import(jsonb_set(model_export(:shops), '{metric}', '"margin"'));
-- Workers train what one process trains.
SET max_parallel_workers_per_gather = 0;
SELECT sales_forecast_train(by => 'shop', method => 'ets', name => 'alone') AS alone \gset
SET max_parallel_workers_per_gather = 2;
SELECT sales_forecast_train(by => 'shop', method => 'ets', name => 'alone') AS together \gset
SELECT model_export(:alone) = model_export(:together) AS same;
-- Models of another kind.
SELECT kmeans_predict(:shops, 1, 2, 3);
SELECT * FROM kmeans_clusters('shops');
SELECT * FROM kmeans_assign('shops');
SELECT model_import('{"format_version": 1, "kind": "kmeans", "name": "customers",
  "features": [{"name": "x", "transform": "none", "lambda": 1, "mean": 0, "scale": 1}],
  "clusters": [{"name": "high", "centroid": [1]}, {"name": "low", "centroid": [-1]}]}', activate => true) AS customers \gset
SELECT * FROM sales_forecast('customers');
SELECT * FROM sales_forecast(model => :customers);
SELECT * FROM sales_forecast('nobody');
SELECT * FROM sales_forecast(model => -1);
SELECT * FROM sales_forecast('shops', -1);
-- Others do not see it.
CREATE ROLE regress_forecast_model;
GRANT USAGE ON SCHEMA forecast_model_test TO regress_forecast_model;
SET ROLE regress_forecast_model;
SELECT * FROM sales_forecast('shops');
SELECT * FROM sales_forecast(model => :shops);
RESET ROLE;
DROP OWNED BY regress_forecast_model;
DROP ROLE regress_forecast_model;
-- Nothing to train on, nothing to read.
CREATE TABLE nothing (LIKE sale);
SELECT sales_forecast_train(sale => 'nothing');
SELECT sales_forecast_train(name => '');
SELECT sales_forecast_train(method => 'prophet');
DROP TABLE sale;
SELECT * FROM sales_forecast('shops');
DELETE FROM ecomm.model;
DROP SCHEMA forecast_model_test CASCADE;
