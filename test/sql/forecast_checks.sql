-- Anomalies and what forecasts leave unexplained.
CREATE SCHEMA checks_test;
SET search_path = checks_test, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET extra_float_digits = -6;
SET ecomm_analytics.progress = off;
\pset format unaligned
-- Twenty weeks of two shops; a day too high, a day too low, and a shop that never varies.
CREATE TABLE sale AS
SELECT timestamp '2024-01-01' + d * interval '1 day' + interval '9 hours' AS sold_at, d AS customer_id, d AS invoice_no,
       (100 + 50 * (d % 7 = 5)::integer + ((hashint4(d) & 1023) + (hashint4(d + 1000) & 1023) + (hashint4(d + 2000) & 1023)) % 3000 / 150 + CASE d WHEN 80 THEN 300 WHEN 120 THEN -90 ELSE 0 END)::numeric AS amount,
       'daily' AS shop FROM generate_series(0, 139) AS d
UNION ALL SELECT timestamp '2024-01-01' + d * interval '1 day', d, 1000 + d, 70, 'steady' FROM generate_series(0, 139) AS d;
SELECT period, observed, round(expected) AS expected, lower < upper AS ordered, probability > 0.999 AS likely, method_used, status FROM sales_anomalies(level => 0.999);
SELECT series, count(*), min(period), max(period) FROM sales_anomalies(level => 0.999, by => 'shop') GROUP BY series ORDER BY series;
SELECT count(*) FROM sales_anomalies(grain => 'month');
SELECT * FROM ts_anomalies('{4,6,4,6,4,6,4,6,40}', 'mean', 0.9);
SELECT t, is_anomaly FROM ts_anomalies('{1,2,3,4}', 'naive');
SELECT count(*) FROM ts_anomalies(NULL);
SELECT count(*) FROM ts_anomalies('{}');
SELECT * FROM ts_anomalies('{1,2,3}', level => 1);
SELECT * FROM ts_anomalies('{1,2,3}', 'prophet');
SELECT * FROM ts_anomalies('{1,NULL,3}');
SELECT * FROM sales_anomalies(level => 0);
SELECT series, residuals, lags, ljung_box_p < 0.01 AS correlated, jarque_bera_p < 0.01 AS not_normal, method_used, status FROM sales_forecast_diagnosis(method => 'mean', season => 7, by => 'shop') ORDER BY series;
SELECT * FROM ts_forecast_diagnosis('{2,4,4,5,9,11,3,6}', 'mean', 1);
SELECT * FROM ts_forecast_diagnosis('{}');
SELECT count(*) FROM ts_forecast_diagnosis(NULL);
CREATE TABLE nothing (LIKE sale);
SELECT * FROM sales_anomalies(sale => 'nothing');
SELECT * FROM sales_forecast_diagnosis(sale => 'nothing');
SET client_min_messages = warning;
DROP SCHEMA checks_test CASCADE;
