
-- Trend and outlook of daily sales, for dashboards --------------------------------------------------------------
-- Both are taken from the daily totals of ecomm._sales_period, by the very functions that take them from the sale lines: ecomm._daily
-- has the shape of a sale table with one line a day and metric. The numbers are those of sales_decompose() and sales_forecast().

CREATE FUNCTION ecomm._create_outlook_tables() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  CREATE TABLE IF NOT EXISTS ecomm._sales_trend (
    metric text NOT NULL, sale_date date NOT NULL, observed numeric NOT NULL, trend float8, seasonal float8, remainder float8,
    rolling_mean float8, is_outlier boolean NOT NULL, is_complete boolean NOT NULL, PRIMARY KEY (metric, sale_date)
  ) WITH (fillfactor = 80);
  COMMENT ON TABLE ecomm._sales_trend IS 'internal: what ecomm.sales_trend shows';
  CREATE TABLE IF NOT EXISTS ecomm._sales_outlook (
    metric text NOT NULL, sale_date date NOT NULL, kind text NOT NULL, observed numeric, forecast float8, lower float8, upper float8,
    lower_80 float8, upper_80 float8, method_used text NOT NULL, PRIMARY KEY (metric, sale_date)
  ) WITH (fillfactor = 80);
  COMMENT ON TABLE ecomm._sales_outlook IS 'internal: what ecomm.sales_outlook shows';
  CREATE TABLE IF NOT EXISTS ecomm._outlook_basis (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), basis text NOT NULL);
  COMMENT ON TABLE ecomm._outlook_basis IS 'internal: what the forecasts in ecomm._sales_outlook were made from, as a digest';
  PERFORM ecomm._drop_with_extension(to_regclass('ecomm._' || t)) FROM unnest('{sales_trend,sales_outlook,outlook_basis}'::text[]) AS t;
END $$;
COMMENT ON FUNCTION ecomm._create_outlook_tables() IS 'internal: makes the tables behind the views of trend and outlook, where missing';

CREATE FUNCTION ecomm._create_outlook_views(money text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- An estimate can be huge, infinite or none at all; the type takes no such number, and a view must not fail.
  estimate text := 'CAST(CASE WHEN abs(%1$s) < 1e14 THEN %1$s END AS ' || money || ') AS %1$s';
BEGIN
  PERFORM ecomm._put_view('_daily',
    $view$SELECT p.period::timestamp AS sold_at, NULL::bigint AS customer_id, m.amount, m.metric
          FROM ecomm._sales_period AS p
               JOIN ecomm._day_window() AS w ON p.period BETWEEN w.first_day AND w.last_day
               CROSS JOIN LATERAL (VALUES ('sales', p.sales), ('units', p.units), ('orders', p.orders::numeric)) AS m (metric, amount)
          WHERE p.level = 'total' AND p.grain = 'day'$view$,
    'internal: the daily totals, as a sale table with one line a day and metric',
    ARRAY['the day', 'unknown', 'the total', 'sales, units or orders']);
  PERFORM ecomm._put_view('sales_trend',
    format('SELECT metric, sale_date, observed::%s AS observed, %s, %s, %s, %s, is_outlier, is_complete FROM ecomm._sales_trend', money,
           format(estimate, 'trend'), format(estimate, 'seasonal'), format(estimate, 'remainder'), format(estimate, 'rolling_mean')),
    'Daily sales, units and orders taken apart into trend, season and remainder (STL): one row a metric and day, days without sales too',
    ARRAY['sales, units or orders', 'the day', 'what was sold: trend + seasonal + remainder',
          'the long run; empty for a day that is not over', 'what the weekday adds or takes; 0 where the days show no season',
          'what neither explains', 'mean of the seven days up to and with this one; empty for the first six',
          'further than 1.5 interquartile ranges beyond the quartiles of all days', 'false for a last day that may not be over']);
  PERFORM ecomm._put_view('sales_outlook',
    format('SELECT metric, sale_date, kind, observed::%1$s AS observed, %2$s, '
           'CAST(CASE WHEN observed IS NOT NULL THEN observed WHEN abs(forecast) < 1e14 THEN forecast::numeric END AS %1$s) AS value, '
           '%3$s, %4$s, %5$s, %6$s, method_used FROM ecomm._sales_outlook', money, format(estimate, 'forecast'),
           format(estimate, 'lower'), format(estimate, 'upper'), format(estimate, 'lower_80'), format(estimate, 'upper_80')),
    'History and forecast of daily sales, units and orders in one set of columns: one row a metric and day. A line of value over sale_date '
      || 'runs on without a gap; a last day that may not be over is forecast',
    ARRAY['sales, units or orders', 'the day', 'history or forecast', 'what was sold; empty for forecast',
          'the expected value; empty for history, so that a sum of it counts no day twice', 'observed, then forecast: one line',
          'lower bound of the 95 % interval; empty for history', 'upper bound of the 95 % interval; empty for history',
          'lower bound of the 80 % interval; empty for history', 'upper bound of the 80 % interval; empty for history',
          'how the metric was forecast']);
END $$;
COMMENT ON FUNCTION ecomm._create_outlook_views(text) IS
  'internal: makes the views of trend and outlook over their tables and ecomm._sales_period; money: the numeric type of what they show';

CREATE FUNCTION ecomm._days_of_sales() RETURNS integer LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(w.last_day - w.first_day + 1, 0) FROM ecomm._day_window() AS w);
END $$;
COMMENT ON FUNCTION ecomm._days_of_sales() IS 'internal: days from the first sale to the last';

CREATE FUNCTION ecomm._refresh_trend() RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  written bigint;
BEGIN
  IF ecomm._days_of_sales() < 3 THEN
    DELETE FROM ecomm._sales_trend;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
  END IF;
  WITH fresh AS MATERIALIZED (
    SELECT s.series[1] AS metric, s.period AS sale_date, s.value AS observed, d.trend, d.seasonal, d.remainder, s.rolling_mean,
           o.period IS NOT NULL AS is_outlier, s.complete AS is_complete
    FROM @extschema@.sales_series(by => 'metric', sale => 'ecomm._daily') AS s
         LEFT JOIN @extschema@.sales_decompose(by => 'metric', sale => 'ecomm._daily') AS d
           ON d.series = s.series AND d.period = s.period
         LEFT JOIN @extschema@.sales_outliers(by => 'metric', sale => 'ecomm._daily') AS o
           ON o.series = s.series AND o.period = s.period
  ), gone AS (
    DELETE FROM ecomm._sales_trend AS t
    WHERE NOT EXISTS (SELECT FROM fresh AS f WHERE f.metric = t.metric AND f.sale_date = t.sale_date)
    RETURNING 1
  ), put AS (
    INSERT INTO ecomm._sales_trend AS t
    SELECT f.* FROM fresh AS f LEFT JOIN ecomm._sales_trend AS old ON old.metric = f.metric AND old.sale_date = f.sale_date
    WHERE ROW(old.*) IS DISTINCT FROM ROW(f.*)
    ON CONFLICT (metric, sale_date) DO UPDATE SET
      (observed, trend, seasonal, remainder, rolling_mean, is_outlier, is_complete) =
      (excluded.observed, excluded.trend, excluded.seasonal, excluded.remainder, excluded.rolling_mean, excluded.is_outlier,
       excluded.is_complete)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) INTO written;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_trend() IS
  'internal: brings ecomm._sales_trend up to date from ecomm._sales_period; returns the rows written. Fewer than three days: no rows';

-- A forecast depends on the days that are over, on which weekdays are closed, and on the special days; where none of these has changed,
-- it is not made again.
CREATE FUNCTION ecomm._outlook_digest(horizon integer) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  basis text;
BEGIN
  WITH day AS (
    SELECT p.period, p.sales, p.units, p.orders, s.complete
    FROM ecomm._sales_period AS p
         LEFT JOIN @extschema@.sales_series(sale => 'ecomm._daily') AS s ON s.period = p.period
    WHERE p.level = 'total' AND p.grain = 'day' AND p.lines > 0
  )
  SELECT md5(concat_ws(' ', horizon, (SELECT extversion FROM pg_extension WHERE extname = 'ecomm_analytics'),
                       string_agg(CASE WHEN complete THEN concat_ws(' ', period, trim_scale(sales), trim_scale(units), orders)
                                       ELSE period::text END, ';' ORDER BY period),
                       (SELECT string_agg(concat_ws(' ', s.day, s.kind, s.name), ';' ORDER BY s.day, s.name) FROM ecomm.special_day AS s)))
  INTO basis FROM day;
  RETURN basis;
END $$;
COMMENT ON FUNCTION ecomm._outlook_digest(integer) IS 'internal: a digest of all that the forecasts of daily sales depend on';

CREATE FUNCTION ecomm._refresh_outlook(horizon integer DEFAULT 28) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  now_basis text := ecomm._outlook_digest(horizon);
  written bigint;
BEGIN
  IF ecomm._days_of_sales() < 3 THEN
    DELETE FROM ecomm._outlook_basis;
    DELETE FROM ecomm._sales_outlook;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
  END IF;
  IF EXISTS (SELECT FROM ecomm._outlook_basis AS b WHERE b.basis = now_basis)
     AND (SELECT count(*) FROM ecomm._sales_outlook AS o WHERE o.kind = 'forecast') = 3 * horizon THEN
    RETURN 0;
  END IF;
  WITH ahead AS MATERIALIZED (
    SELECT f.series[1] AS metric, f.period AS sale_date, f.forecast, f.lower, f.upper, f.level, f.method_used
    FROM @extschema@.sales_forecast(horizon, by => 'metric', sale => 'ecomm._daily', levels => '{0.8,0.95}',
                                    calendar => 'holidays,promotions,closed') AS f
    WHERE f.period IS NOT NULL
  ), fresh AS MATERIALIZED (
    SELECT s.series[1] AS metric, s.period AS sale_date, 'history' AS kind, s.value AS observed, NULL::float8 AS forecast,
           NULL::float8 AS lower, NULL::float8 AS upper, NULL::float8 AS lower_80, NULL::float8 AS upper_80,
           coalesce((SELECT a.method_used FROM ahead AS a WHERE a.metric = s.series[1] LIMIT 1), 'none') AS method_used
    FROM @extschema@.sales_series(by => 'metric', sale => 'ecomm._daily') AS s
    WHERE s.complete
    UNION ALL
    SELECT a.metric, a.sale_date, 'forecast', NULL, a.forecast, a.lower, a.upper, b.lower, b.upper, a.method_used
    FROM ahead AS a JOIN ahead AS b ON b.metric = a.metric AND b.sale_date = a.sale_date
    WHERE a.level = 0.95 AND b.level = 0.8
  ), gone AS (
    DELETE FROM ecomm._sales_outlook AS t
    WHERE NOT EXISTS (SELECT FROM fresh AS f WHERE f.metric = t.metric AND f.sale_date = t.sale_date)
    RETURNING 1
  ), put AS (
    INSERT INTO ecomm._sales_outlook AS t
    SELECT f.* FROM fresh AS f LEFT JOIN ecomm._sales_outlook AS old ON old.metric = f.metric AND old.sale_date = f.sale_date
    WHERE ROW(old.*) IS DISTINCT FROM ROW(f.*)
    ON CONFLICT (metric, sale_date) DO UPDATE SET
      (kind, observed, forecast, lower, upper, lower_80, upper_80, method_used) =
      (excluded.kind, excluded.observed, excluded.forecast, excluded.lower, excluded.upper, excluded.lower_80, excluded.upper_80,
       excluded.method_used)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) INTO written;
  INSERT INTO ecomm._outlook_basis AS b (basis) VALUES (now_basis) ON CONFLICT (is_only) DO UPDATE SET basis = excluded.basis;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_outlook(integer) IS
  'internal: brings ecomm._sales_outlook up to date from ecomm._sales_period and ecomm.special_day; horizon: days ahead. Returns the rows written. Fewer than three days: no rows';
