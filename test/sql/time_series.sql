-- Series taken apart and tested, of sales and of any numbers.
CREATE SCHEMA time_series_test;
SET search_path = time_series_test, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET extra_float_digits = -3;
SET ecomm_analytics.progress = off;
\pset format unaligned
-- Two years of months: a line, a season and one bad month; the last month is not over.
CREATE TABLE sale AS
SELECT (date '2022-01-01' + i * interval '1 month')::timestamp + interval '10 days' AS sold_at, i AS customer_id, i AS invoice_no, 1 AS quantity,
       100 + i + 10 * (i % 12 = 11)::integer + 500 * (i = 17)::integer AS amount, CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END AS parity
FROM generate_series(0, 36) AS i;

SELECT period, value, lower, upper, score, rolling_mean, interpolated FROM sales_outliers(grain => 'month');
SELECT period, round(score::numeric, 1) > 100 AS far FROM sales_outliers(grain => 'month', method => 'stl');
SELECT count(*) FROM sales_outliers(grain => 'month', threshold => 1000);
SELECT period, observed, round(trend::numeric, 3) AS trend, round(seasonal::numeric, 3) AS seasonal, round(remainder::numeric, 3) AS remainder
FROM sales_decompose(grain => 'month', method => 'classical', outliers => 'interpolate') WHERE extract(month FROM period) IN (1, 7, 12);
SELECT count(*), count(trend), max(abs(trend + seasonal + remainder - observed)) < 1e-9 AS adds_up, min(array_length(seasonals, 1)) AS seasons
FROM sales_decompose(grain => 'month', outliers => 'interpolate');
SELECT count(*), max(abs(trend * seasonal * remainder - observed)) < 1e-9 AS multiplies
FROM sales_decompose(grain => 'month', method => 'multiplicative', periods => '{12}');
SELECT season, strength > 0.9 AS strong, significant FROM sales_seasons(grain => 'month', outliers => 'interpolate');
SELECT series, count(*) FROM sales_decompose(grain => 'quarter', by => 'parity') GROUP BY 1 ORDER BY 1;
SELECT test, stationary, suggested_d, suggested_seasonal_d FROM sales_stationarity(grain => 'month', outliers => 'interpolate');
SELECT test, lags_used, p_bound FROM sales_stationarity(grain => 'month', regression => 'ct', lags => 1, lag_selection => 'fixed', outliers => 'rolling',
                                                        transform => 'boxcox', differences => 1);
SELECT lag, round(acf::numeric, 4) AS acf, pacf IS NULL AS no_pacf FROM sales_autocorrelation(grain => 'month', lags => 18, outliers => 'interpolate')
WHERE lag IN (1, 12, 17, 18);

-- Known answers: the lynx trappings of 1821 to 1934, first fifty.
CREATE TABLE lynx AS SELECT '{269,321,585,871,1475,2821,3928,5943,4950,2577,523,98,184,279,409,2285,2685,3409,1824,409,151,45,68,213,546,1033,2129,2536,957,361,
377,225,360,731,1638,2725,2871,2119,684,299,236,245,552,1623,3311,6721,4254,687,255,473}'::float8[] AS y;
SELECT statistic, p_value, lags_used, observations, critical_5 FROM lynx, ts_adf(y);
SELECT statistic, p_value, lags_used FROM lynx, ts_adf(y, 'ct', 3, 'fixed');
SELECT statistic, p_value, p_bound, lags_used FROM lynx, ts_kpss(y);
SELECT lag, acf, bound FROM lynx, ts_acf(y, 2);
SELECT lag, pacf FROM lynx, ts_pacf(y, 2);
SELECT lag, ljung_box, ljung_box_p, box_pierce FROM lynx, ts_ljung_box(y, 2);
SELECT ts_boxcox_lambda(y), ts_ndiffs(y), ts_ndiffs(y, 'adf'), ts_nsdiffs(y, 10) FROM lynx;
SELECT round(season::numeric, 2) AS season, significant FROM lynx, ts_seasons(y);
SELECT "position", value, upper FROM lynx, ts_outliers(y) WHERE outlier;

-- For many series at once, and in workers.
CREATE TABLE many AS SELECT g, i, 10 + g % 5 + sin(i) * (g % 7) + (i * 7919 % 101) / 50.0 AS y FROM generate_series(1, 300) AS g, generate_series(1, 60) AS i;
ANALYZE many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE VIEW per_series AS SELECT g, ts_ndiffs(array_agg(y ORDER BY i)) AS d, ts_boxcox_lambda(array_agg(y ORDER BY i)) AS lambda,
  (SELECT statistic FROM ts_adf(array_agg(y ORDER BY i))) AS adf FROM many GROUP BY g;
CREATE TABLE in_workers AS SELECT * FROM per_series;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM in_workers JOIN per_series USING (g, d, lambda, adf);
SELECT count(*) FROM (SELECT g, (ts_decompose(array_agg(y ORDER BY i), periods => '{7}')).* FROM many WHERE g < 4 GROUP BY g) AS parts;

-- Small things.
SELECT ts_rolling_mean('{1e22,1,1,1,1}', 2), ts_rolling_mean('{inf,1,1,1,1}', 2);
SELECT ts_rolling_mean('{1,2,3,NULL,5,6,7}', 2), ts_difference('{1,2,4,7}', 1, 2), ts_difference('{1,2,4,7}', 2), ts_difference('{5}', 1, 0);
SELECT ts_transform('{1,10,100}', 'log'), ts_transform('{-1,0,5}', 'none');
SELECT ts_replace_outliers('{1,2,3,99,5,6}'), ts_replace_outliers('{1,2,3,99,5,6}', 'rolling'), ts_replace_outliers('{1,2,3,99,5,6}', 'keep');
SELECT trend > 0.9 AS trend, periods_used FROM ts_strength((SELECT array_agg(i) FROM generate_series(1, 50) AS i), '{7}');
-- NULL, empty, one value, constant, NaN.
SELECT ts_rolling_mean(NULL), ts_difference(NULL), ts_boxcox_lambda(NULL), ts_ndiffs(NULL), ts_replace_outliers(NULL);
SELECT (SELECT count(*) FROM ts_decompose(NULL)), (SELECT count(*) FROM ts_adf(NULL)), (SELECT count(*) FROM ts_acf(NULL));
SELECT * FROM ts_decompose('{}');
SELECT * FROM ts_decompose('{1}', periods => '{2}');
SELECT * FROM ts_decompose('{1,2,3,4}', periods => '{1}');
SELECT "position", trend, seasonal, remainder FROM ts_decompose('{5,5,5,5,5,5}', periods => '{3}', method => 'mstl') LIMIT 2;
SELECT "position", trend, seasonal, remainder FROM ts_decompose('{0,0,0,0,0,0}', periods => '{3}') LIMIT 2;
SELECT * FROM ts_decompose('{1,NULL,3,4}', periods => '{2}');
SELECT * FROM ts_decompose('{1,2,3,4}', periods => '{NaN}');
SELECT * FROM ts_decompose('{1,2,3,4}', periods => '{2,4}');
SELECT * FROM ts_decompose('{1,0,3,4}', 'multiplicative', '{2}');
SELECT * FROM ts_decompose('{1,2,3,4}', 'x11');
SELECT * FROM ts_adf('{1,1,1,1,1,1,1,1}');
SELECT * FROM ts_adf('{1,2}');
SELECT * FROM ts_adf('{1,3,2,5,4,6,9,8}', 'x');
SELECT * FROM ts_adf('{1,3,2,5,4,6,9,8}', lags => -1);
SELECT * FROM ts_kpss('{1,NaN,2}');
SELECT * FROM ts_acf('{1}');
SELECT * FROM ts_acf('{1,2,3}', 3);
SELECT * FROM ts_pacf('{1,2,3,2,4}', method => 'ols');
SELECT * FROM ts_ljung_box('{2,2,2,2,2,2}');
SELECT ts_ndiffs('{}');
SELECT ts_difference('{1,2}', 1, 5);
SELECT ts_difference('{1,2}', 0);
SELECT ts_boxcox_lambda('{1,0,2}');
SELECT ts_transform('{1,0,2}', 'log');
SELECT ts_rolling_mean('{1,2}', 0);
SELECT ts_outliers('{}');
SELECT ts_outliers('{1,2}', 'z');
SELECT ts_outliers('{1,2}', threshold => 0);
SELECT ts_outliers('{1,2}', threshold => 'Infinity');
SELECT * FROM sales_decompose(method => 'x11');
SELECT * FROM sales_decompose(outliers => 'drop');
SELECT * FROM sales_stationarity(transform => 'sqrt');
SELECT * FROM sales_stationarity(grain => 'month', differences => -1);
SELECT * FROM sales_autocorrelation(pacf_method => 'ols');
-- Which of several series it is that has no answer.
SELECT * FROM sales_stationarity(grain => 'quarter', by => 'parity');
SELECT * FROM sales_autocorrelation(grain => 'month', by => 'parity, invoice_no');
-- Long series, long periods: an answer in bounded time, and one that can be cancelled.
CREATE TABLE long AS SELECT array_agg(sin(i / 100.0) + i % 24 + i * 7919 % 101 / 50.0 ORDER BY i) AS y FROM generate_series(1, 100000) AS i;
SELECT count(*) FROM long, ts_decompose(y, periods => '{8766}');
SELECT count(*) FROM long, ts_decompose(y, 'mstl', '{24,168}');
SELECT lags_used > 0 FROM long, ts_adf(y);
SELECT ts_nsdiffs(y, 24) FROM long;
SET statement_timeout = 100;
SELECT count(*) FROM long, generate_series(1, 1000), ts_decompose(y, 'mstl', '{24,168,8766}', robust => true);
RESET statement_timeout;
SET client_min_messages = warning;
DROP SCHEMA time_series_test CASCADE;
