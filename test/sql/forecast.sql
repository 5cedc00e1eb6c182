-- Forecasts of sales and of any series.
CREATE SCHEMA forecast_test;
SET search_path = forecast_test, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET extra_float_digits = -6;
SET ecomm_analytics.progress = off;
\pset format unaligned
-- Twenty whole weeks of two shops; one sells only on Saturdays, and there is a third with a single sale.
CREATE TABLE sale AS
SELECT timestamp '2024-01-01' + d * interval '1 day' + interval '9 hours' AS sold_at, d AS customer_id, d AS invoice_no,
       (100 + 50 * (d % 7 = 5)::integer + (d * 7919 % 23))::numeric AS amount, 'daily' AS shop FROM generate_series(0, 139) AS d
UNION ALL SELECT timestamp '2024-01-01' + d * interval '1 day', d, 1000 + d, 70, 'weekly' FROM generate_series(5, 139, 7) AS d
UNION ALL SELECT '2024-05-19', 1, 5000, 33, 'new';
SELECT count(*), min(period), max(period), bool_and(lower <= forecast AND forecast <= upper) AS ordered, min(lower) >= 0 AS not_negative, min(left(status, 34)) AS status
FROM sales_forecast(14);
SELECT series, count(*), min(lower) >= 0 AS not_negative, min(left(method_used, 8)) AS method_used, min(left(status, 34)) AS status
FROM sales_forecast(14, by => 'shop') GROUP BY series ORDER BY series;
-- The week is seen.
SELECT extract(isodow FROM period) AS weekday, forecast > 130 AS high FROM sales_forecast(7, by => 'shop') WHERE series = '{daily}' ORDER BY 1;
SELECT method, count(*), bool_and(forecast BETWEEN 50 AND 300) AS plausible
FROM unnest('{mean,naive,seasonal_naive,drift,theta,ets,arima,stl,mstl(theta),croston,sba,tsb,adida,auto}'::text[]) AS method, sales_forecast(10, method => method) GROUP BY method ORDER BY method;
SELECT period, method_used FROM sales_forecast(2, grain => 'month', method => 'drift');
-- Wider for a higher level; the same again, and in workers.
SELECT bool_and(b.upper - b.lower > a.upper - a.lower) FROM sales_forecast(5, level => 0.8) AS a JOIN sales_forecast(5, level => 0.99) AS b USING (period);
SELECT count(*) FROM (SELECT * FROM sales_forecast(30) EXCEPT SELECT * FROM sales_forecast(30)) AS different;
CREATE TABLE many AS SELECT g, i, 10 + g % 5 + sin(i) * (g % 7) + (i * 7919 % 101) / 50.0 AS y FROM generate_series(1, 60) AS g, generate_series(1, 60) AS i;
ANALYZE many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE VIEW ahead AS SELECT g, (SELECT sum(forecast) FROM ts_forecast(array_agg(y ORDER BY i), 5, 'theta', 7)) AS total FROM many GROUP BY g;
CREATE TABLE in_workers AS SELECT * FROM ahead;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM in_workers JOIN ahead USING (g, total);
-- Backtests.
SELECT method, count(*), max(forecasts) FILTER (WHERE step IS NULL) AS forecasts, max(failures) AS failures
FROM sales_backtest(7, '{seasonal_naive,theta,auto}', by => 'shop', from_date => '2024-01-06', to_date => '2024-05-18') WHERE series = '{daily}' GROUP BY method ORDER BY method;
SELECT method, step, forecasts, mae, rmse, bias, mape, smape, mase, coverage FROM ts_backtest('{1,2,3,4,5,6,7,8}', 2, '{naive,drift}', 1);
SELECT method, failures, mae FROM ts_backtest('{1,2,3,4,5,6,7,8}', 1, '{seasonal_naive}', 7) WHERE step IS NULL;
SELECT method, step, status FROM ts_backtest('{1,2,3}', 3);
SELECT * FROM ts_backtest('{1,2,3}', 0);
SELECT series, count(DISTINCT method) AS methods, min(failures) AS least, min(status) FROM sales_backtest(5, '{naive,arima}', by => 'shop') GROUP BY series ORDER BY series;
SELECT ecomm._backtest('\x01');
SELECT * FROM ts_backtest('{1,2,3}', 1, '{}');
SELECT * FROM sales_backtest(methods => '{prophet}');
-- Any numbers.
SELECT * FROM ts_forecast('{1,2,3,4,5}', 3, 'naive', intervals => 'model');
SELECT step, upper - lower AS width FROM ts_forecast('{1,2,3,4,5}', 3, 'naive');
SELECT * FROM ts_forecast('{1,2,3,4,5}', 2, 'drift', level => 0.5);
SELECT * FROM ts_forecast('{1,2,3,1,2,3}', 4, 'seasonal_naive', 3);
SELECT step, forecast FROM ts_forecast('{4,4,4,4,4,4}', 2);
-- Several levels: a row each. Other scales, combinations, forms.
SELECT step, forecast, lower, upper, level FROM ts_forecast('{1,2,3,4,5,7}', 1, 'drift', levels => '{0.95,0.5}', intervals => 'model');
SELECT method_used, forecast > 0 AS positive FROM unnest('{ets(MAM),holt_winters,"combine(theta, ets(ANN))","median(naive, drift, theta(dynamic))"}'::text[]) AS method,
  ts_forecast(array(SELECT 100 + i + 10 * (i % 4) + i * 7919 % 23 FROM generate_series(1, 40) AS i), 1, method, 4) ORDER BY method_used;
SELECT method_used, forecast > 0 AS positive, lower > 0 AS above FROM unnest('{log,boxcox(0.5),boxcox}'::text[]) AS scale,
  ts_forecast(array(SELECT exp(i / 10.0) * (3 + i * 7919 % 23) FROM generate_series(1, 40) AS i), 1, 'naive', 1, scale => scale);
SELECT * FROM ts_forecast('{1,2,3}', levels => '{}');
SELECT * FROM ts_forecast('{1,2,3}', scale => 'sqrt');
SELECT * FROM ts_forecast('{1,2,3}', method => 'combine(ets)');
SELECT ecomm._forecast('\x00');
-- Workers give the numbers that one process gives.
SET max_parallel_workers_per_gather = 2;
CREATE TABLE forecast_in_workers AS SELECT * FROM sales_forecast(14, by => 'shop');
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM (TABLE forecast_in_workers EXCEPT SELECT * FROM sales_forecast(14, by => 'shop')) AS different;
SELECT count(*) FROM ts_forecast(NULL);
SELECT count(*) FROM ts_forecast('{1,2,3}', 0);
SELECT count(*), bool_and(forecast IS NOT NULL) FROM ts_forecast('{7}', 10000);
-- Ways to intervals.
SELECT intervals, min(upper - lower) > 0 AS wide FROM unnest('{calibrated,model,conformal,simulated}'::text[]) AS intervals,
  sales_forecast(7, method => 'ets', intervals => intervals) GROUP BY intervals ORDER BY intervals;
SELECT * FROM ts_forecast('{1,2,4}', intervals => 'wide');
SELECT * FROM ts_forecast('{1,2,4}', method => 'naive', intervals => 'simulated');
SELECT * FROM ts_forecast('{1,2,4}', seed => -1);
-- Reconciled: sums agree, whatever the way.
ALTER TABLE sale ADD region text;
UPDATE sale SET region = CASE WHEN customer_id % 2 = 0 THEN 'north' END;
SELECT reconcile, count(DISTINCT series), max(abs(total - parts)) < 1e-6 AS agree, min(least) >= 0 AS not_negative
FROM unnest('{mint,wls_var,wls_struct,ols,bottom_up}'::text[]) AS reconcile,
  LATERAL (SELECT f.series, sum(forecast) FILTER (WHERE series = '{*,*}') OVER day AS total,
           sum(forecast) FILTER (WHERE series[1] <> '*' AND series[2] IS DISTINCT FROM '*') OVER day AS parts, lower AS least
    FROM sales_forecast(7, by => 'shop,region', method => 'theta', reconcile => reconcile) AS f WINDOW day AS (PARTITION BY period)) AS made
GROUP BY reconcile ORDER BY reconcile;
SELECT DISTINCT series FROM sales_forecast(1, by => 'shop,region', method => 'naive', reconcile => 'ols') ORDER BY series;
SELECT * FROM sales_forecast(1, by => 'shop', reconcile => 'middle_out');
SELECT * FROM sales_forecast(1, by => 'shop', metric => 'orders', reconcile => 'mint');
SELECT * FROM sales_forecast(1, reconcile => 'mint');
ALTER TABLE sale DROP region;
-- What is known of days: closed weekdays, holidays, days closed for once, numbers of the user's own.
CREATE TABLE open AS SELECT timestamp '2024-01-01' + d * interval '1 day' AS sold_at, d AS customer_id, d AS invoice_no,
  (100 + 20 * (d % 7) + (hashint4(d) & 1023) / 100 + CASE WHEN d IN (60, 200, 320) THEN 150 ELSE 0 END)::numeric AS amount
FROM generate_series(0, 399) AS d WHERE d % 7 <> 4 AND d <> 180;
INSERT INTO ecomm.special_day VALUES ('2024-03-01', 'spring'), ('2024-07-19', 'spring'), ('2024-11-16', 'spring'), ('2025-02-08', 'spring');
INSERT INTO ecomm.special_day VALUES ('2024-06-29', 'inventory', 'closed'), ('2025-02-10', 'inventory', 'closed');
SELECT period, extract(isodow FROM period) AS weekday, round(forecast::numeric, -1) AS forecast, upper > 0 AS open, method_used, status
FROM sales_forecast(8, method => 'ets', sale => 'open', calendar => 'holidays, closed');
CREATE VIEW known AS SELECT d::date AS day, (d::date IN (SELECT day FROM ecomm.special_day WHERE name = 'spring'))::integer AS promoted
FROM generate_series(timestamp '2024-01-01', '2025-02-20', '1 day') AS d;
SELECT period, round(forecast::numeric, -1) AS forecast, method_used FROM sales_forecast(6, method => 'theta', sale => 'open', regressors => 'known');
SELECT * FROM sales_forecast(30, sale => 'open', regressors => 'known');
SELECT * FROM sales_forecast(3, sale => 'open', regressors => 'pg_class');
SELECT * FROM sales_forecast(3, sale => 'open', calendar => 'easter');
SELECT * FROM sales_forecast(3, sale => 'open', grain => 'week', calendar => 'closed');
SELECT min(forecast) > 0 AS has_price FROM sales_forecast(10, 'average_order_value', method => 'naive', sale => 'open', calendar => 'closed');
SELECT count(*) FROM sales_forecast(3, method => 'naive', sale => 'open', calendar => 'month', from_date => '2024-06-01');
SELECT forecast FROM ts_forecast('{1,2,3,4,9,6,7,8,9,10,11,16,13,14}', 2, 'drift', regressors => '{0,0,0,0,1,0,0,0,0,0,0,1,0,0,1,0}');
SELECT * FROM ts_forecast('{1,2,3,4}', 2, regressors => '{1,2,3}');
SELECT * FROM ts_forecast('{1,2,3,4}', 2, regressors => '{1,2,3,4,5,NaN}');
INSERT INTO ecomm.special_day VALUES ('2024-01-01', 'x', 'feast');
INSERT INTO ecomm.special_day VALUES ('infinity', 'x');
DELETE FROM ecomm.special_day;
-- Errors.
SELECT * FROM ts_forecast('{}', 3);
SELECT step, forecast, status FROM unnest('{"{5}","{0,0,0}","{2,2,2}"}'::text[]) AS y, ts_forecast(y::float8[], 1);
SELECT * FROM ts_forecast('{1,NULL,3}', 3);
SELECT * FROM ts_forecast('{1,2,3}', -1);
SELECT * FROM ts_forecast('{1,2,3}', 10001);
SELECT * FROM ts_forecast('{1,2,3}', 3, 'prophet');
SELECT * FROM ts_forecast('{1,2,3}', 3, level => 1);
SELECT * FROM ts_forecast('{1,2,3}', 3, season => 0);
SELECT step, forecast, status FROM ts_forecast('{1,2,3}', 1, 'seasonal_naive', 5);
SELECT * FROM sales_forecast(method => 'arima2');
SELECT * FROM sales_forecast(level => -0.5);
CREATE TABLE nothing (LIKE sale);
SELECT * FROM sales_forecast(sale => 'nothing');
SET client_min_messages = warning;
DROP SCHEMA forecast_test CASCADE;
