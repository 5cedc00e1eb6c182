-- Trend and outlook of daily totals: the same numbers as from the sale lines, written by difference.
\set VERBOSITY terse
SET client_min_messages = warning;
SET datestyle = ISO;
CREATE TABLE sale AS
SELECT sold_at, 'C' || i % 37 AS customer_id, 'I' || i / 2 AS invoice_no, 'P' || i % 5 AS product_id, 1 + i % 4 AS quantity,
       round((20 + 10 * sin(i) + extract(isodow FROM sold_at) * 3 + CASE WHEN i = 700 THEN 2500 ELSE 0 END)::numeric, 2) AS amount
FROM (SELECT i, timestamp '2023-01-02 09:00' + i * interval '3 hours' AS sold_at FROM generate_series(0, 1599) AS i) AS line
WHERE extract(isodow FROM sold_at) < 7;
INSERT INTO sale VALUES ('2023-03-08 10:00', NULL, NULL, 'P1', -2, -35.5), ('2023-03-08 11:00', NULL, 'I9', 'P1', NULL, NULL);
SELECT count(*) FROM ecomm_bind('sale');

-- What a refresh finds; made here as the summaries make it.
CREATE TABLE ecomm._sales_period (
  level text, grain text, period date, category text, product_id text, region text, state text, sales numeric, units numeric,
  lines bigint, orders bigint, customers bigint, PRIMARY KEY (level, grain, period, category, product_id, region, state));
CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS $$
  DELETE FROM ecomm._sales_period;
  INSERT INTO ecomm._sales_period
  SELECT 'total', 'day', s.period, 'All', 'All', 'All', 'All', s.value, u.value, l.lines, o.value, 0
  FROM sales_series('sales') AS s JOIN sales_series('units') AS u USING (period) JOIN sales_series('orders') AS o USING (period)
       JOIN (SELECT sold_at::date AS period, count(*) AS lines FROM ecomm.sale_line GROUP BY 1) AS l USING (period);
$$;
SELECT fill();
SELECT ecomm._create_outlook_tables();
SELECT ecomm._create_outlook_tables();
SELECT ecomm._create_outlook_views('numeric(18,2)');

SELECT ecomm._refresh_trend() > 0 AS written;
SELECT ecomm._refresh_outlook() > 0 AS written;
SELECT metric, count(*), min(sale_date), max(sale_date), count(*) FILTER (WHERE is_outlier) AS outliers,
       count(*) FILTER (WHERE NOT is_complete) AS incomplete, count(rolling_mean) AS means
FROM ecomm.sales_trend GROUP BY metric ORDER BY metric;
SELECT metric, kind, count(*), min(sale_date), max(sale_date), count(observed) AS observed, count(forecast) AS forecast,
       count(value) AS value, bool_and(lower <= lower_80 AND lower_80 <= forecast AND forecast <= upper_80 AND upper_80 <= upper) AS nested,
       count(*) FILTER (WHERE forecast = 0) AS closed
FROM ecomm.sales_outlook GROUP BY metric, kind ORDER BY metric, kind DESC;

-- The same as from the lines, number by number.
CREATE FUNCTION differences() RETURNS TABLE (what text, metric text, rows bigint) LANGUAGE sql AS $$
  SELECT 'series', m, count(*) FROM unnest('{sales,units,orders}'::text[]) AS m, LATERAL (
    (SELECT period, value, rolling_mean, complete FROM sales_series(m)
     EXCEPT SELECT sale_date, observed, rolling_mean, is_complete FROM ecomm._sales_trend AS t WHERE t.metric = m)
    UNION ALL
    (SELECT sale_date, observed, rolling_mean, is_complete FROM ecomm._sales_trend AS t WHERE t.metric = m
     EXCEPT SELECT period, value, rolling_mean, complete FROM sales_series(m))) AS d GROUP BY m
  UNION ALL
  SELECT 'trend', m, count(*) FROM unnest('{sales,units,orders}'::text[]) AS m, LATERAL (
    (SELECT period, observed, trend, seasonal, remainder FROM sales_decompose(m)
     EXCEPT SELECT sale_date, observed::float8, trend, seasonal, remainder FROM ecomm._sales_trend AS t WHERE t.metric = m)
    UNION ALL
    (SELECT sale_date, observed::float8, trend, seasonal, remainder FROM ecomm._sales_trend AS t
     WHERE t.metric = m AND (is_complete OR trend IS NOT NULL)
     EXCEPT SELECT period, observed, trend, seasonal, remainder FROM sales_decompose(m))) AS d GROUP BY m
  UNION ALL
  SELECT 'outliers', m, count(*) FROM unnest('{sales,units,orders}'::text[]) AS m, LATERAL (
    (SELECT period FROM sales_outliers(m) EXCEPT SELECT sale_date FROM ecomm._sales_trend AS t WHERE t.metric = m AND is_outlier)
    UNION ALL
    (SELECT sale_date FROM ecomm._sales_trend AS t WHERE t.metric = m AND is_outlier EXCEPT SELECT period FROM sales_outliers(m))) AS d
  GROUP BY m
  UNION ALL
  SELECT 'forecast', m, count(*) FROM unnest('{sales,units,orders}'::text[]) AS m, LATERAL (
    (SELECT period, forecast, lower, upper, method_used FROM sales_forecast(28, m, calendar => 'holidays,promotions,closed')
     EXCEPT SELECT sale_date, forecast, lower, upper, method_used FROM ecomm._sales_outlook AS t WHERE t.metric = m)
    UNION ALL
    (SELECT sale_date, forecast, lower_80, upper_80, method_used FROM ecomm._sales_outlook AS t
     WHERE t.metric = m AND kind = 'forecast'
     EXCEPT SELECT period, forecast, lower, upper, method_used
     FROM sales_forecast(28, m, level => 0.8, calendar => 'holidays,promotions,closed'))) AS d GROUP BY m
$$;
SELECT * FROM differences();

-- Nothing changed, nothing is written; a changed day is.
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook() AS outlook;
UPDATE sale SET amount = amount + 400 WHERE sold_at::date = '2023-05-10';
SELECT fill();
SELECT ecomm._refresh_trend() BETWEEN 1 AND 300 AS trend, ecomm._refresh_outlook() BETWEEN 1 AND 100 AS outlook;
SELECT metric, observed, is_outlier FROM ecomm.sales_trend WHERE sale_date = '2023-05-10' ORDER BY metric;
SELECT * FROM differences();

-- A special day changes the forecast alone; so does another horizon.
INSERT INTO ecomm.special_day VALUES ('2023-07-25', 'Move', 'closed'), ('2023-03-01', 'Sale', 'promotion'), ('2023-08-01', 'Sale', 'promotion');
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook() > 0 AS outlook;
SELECT metric, forecast FROM ecomm.sales_outlook WHERE sale_date = '2023-07-25' ORDER BY metric;
SELECT * FROM differences();
DELETE FROM ecomm.special_day;
SELECT ecomm._refresh_outlook(7) > 0 AS outlook;
SELECT kind, count(*) FROM ecomm.sales_outlook GROUP BY kind ORDER BY kind;

-- A last day that is not over is observed, and forecast.
CREATE TABLE kept AS TABLE sale;
UPDATE sale SET sold_at = sold_at + (current_date - date '2023-07-21') * interval '1 day';
SELECT fill();
SELECT ecomm._refresh_trend() > 0 AS trend, ecomm._refresh_outlook() > 0 AS outlook;
SELECT max(sale_date) = current_date AS today, bool_and(is_complete = (sale_date < current_date)) AS complete,
       count(trend) FILTER (WHERE NOT is_complete) AS trend_of_today
FROM ecomm.sales_trend;
SELECT kind, min(sale_date) - current_date AS first, max(sale_date) - current_date AS last, count(*) / 3 AS days
FROM ecomm.sales_outlook WHERE sale_date >= current_date - 1 GROUP BY kind ORDER BY kind;
SELECT * FROM differences();
-- More of the same day changes no forecast.
INSERT INTO sale VALUES (current_date + time '08:00', 'C1', 'I-1', 'P1', 1, 12.5);
SELECT fill();
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook() AS outlook;

-- Too little to take apart or forecast, and nothing at all.
TRUNCATE sale;
INSERT INTO sale SELECT * FROM kept WHERE sold_at < '2023-01-04';
SELECT fill();
SELECT ecomm._refresh_trend() > 0 AS trend, ecomm._refresh_outlook() > 0 AS outlook;
SELECT (SELECT count(*) FROM ecomm.sales_trend) AS trend, (SELECT count(*) FROM ecomm.sales_outlook) AS outlook;
INSERT INTO sale SELECT * FROM kept WHERE sold_at >= '2023-01-04' AND sold_at < '2023-01-07';
SELECT fill();
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook(2) AS outlook;
SELECT metric, kind, count(*) FROM ecomm.sales_outlook GROUP BY metric, kind ORDER BY metric, kind;
TRUNCATE sale;
SELECT fill();
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook() AS outlook;
SELECT ecomm._refresh_trend() AS trend, ecomm._refresh_outlook() AS outlook;

-- What a view must never fail on: an estimate that is huge, infinite or none.
INSERT INTO ecomm._sales_trend VALUES ('sales', '2023-01-02', 1, 'NaN', '-Infinity', 1e300, NULL, false, true);
INSERT INTO ecomm._sales_outlook VALUES ('sales', '2023-01-02', 'forecast', NULL, 'Infinity', 'NaN', 1e17, 1, 2, 'none');
SELECT * FROM ecomm.sales_trend;
SELECT * FROM ecomm.sales_outlook;

-- Types that every client takes, and a comment on every column.
SELECT table_name, column_name, data_type, numeric_precision, numeric_scale
FROM information_schema.columns WHERE table_schema = 'ecomm' AND table_name IN ('sales_trend', 'sales_outlook')
ORDER BY table_name, ordinal_position;
SELECT attrelid::regclass, attname FROM pg_attribute
WHERE attrelid IN ('ecomm.sales_trend'::regclass, 'ecomm.sales_outlook'::regclass) AND attnum > 0 AND col_description(attrelid, attnum) IS NULL;

DROP VIEW ecomm.sales_trend, ecomm.sales_outlook, ecomm._daily;
DROP TABLE ecomm._sales_trend, ecomm._sales_outlook, ecomm._outlook_basis, ecomm._sales_period;
SELECT ecomm_unbind();
DROP TABLE sale, kept;
DROP FUNCTION fill, differences;
