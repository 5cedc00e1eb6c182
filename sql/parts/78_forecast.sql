
-- Forecasts -------------------------------------------------------------------------------------------------------

CREATE TABLE ecomm.special_day (
  day  date NOT NULL CHECK (pg_catalog.isfinite(day)),
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL DEFAULT 'holiday' CHECK (kind IN ('holiday', 'promotion', 'closed')),
  PRIMARY KEY (day, name)
);
SELECT pg_catalog.pg_extension_config_dump('ecomm.special_day', '');
GRANT SELECT ON ecomm.special_day TO PUBLIC;
COMMENT ON TABLE ecomm.special_day IS
  'Holidays, promotions and days closed for once, past and to come, for forecasts that ask for them in calendar. Days of one name share '
  'one effect; the day before Christmas is a name of its own. Filled by its owner, or whom it grants the right.';

CREATE FUNCTION ecomm._forecast(task bytea) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'ecomm_forecast_task';
COMMENT ON FUNCTION ecomm._forecast(bytea) IS 'internal: forecasts of several series in a parallel worker';

CREATE FUNCTION ecomm._backtest(task bytea) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'ecomm_backtest_task';
COMMENT ON FUNCTION ecomm._backtest(bytea) IS 'internal: backtests of several series in a parallel worker';

CREATE FUNCTION sales_forecast(horizon integer = 28, metric text = 'sales', grain text = 'day', method text = 'auto',
                               level double precision = 0.95, season integer = NULL, by text = NULL, outliers text = 'keep',
                               from_date date = NULL, to_date date = NULL, sale regclass = NULL,
                               levels double precision[] = NULL, scale text = 'none', calendar text = NULL,
                               regressors regclass = NULL, intervals text = 'calibrated', reconcile text = NULL, seed bigint = 1)
RETURNS TABLE (series text[], period date, forecast double precision, lower double precision, upper double precision,
               level double precision, method_used text, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_sales_forecast';
COMMENT ON FUNCTION sales_forecast(integer, text, text, text, double precision, integer, text, text, date, date, regclass, double precision[], text, text, regclass, text, text, bigint) IS
$$What sales will be: one row per series and coming period, from the one after the last that is over.

horizon: how many periods, 0 to 10,000. metric, grain, by, outliers, from_date, to_date, sale: as for sales_decompose.
method: 'auto': ets, arima and theta, for long or several seasons ets and arima after mstl, for intermittent demand sba and tsb, each judged
by its forecasts from up to twelve earlier points; combined with weights in proportion to 1 / error² (Bates & Granger 1969,
doi:10.1057/jors.1969.103) without those twice as bad as the best, or the naive method where it beats all; status says how they did.
How much is tried is bounded by work, not by the clock, so the same series always has the same forecast.
'ets' (exponential smoothing, its form chosen by AICc: Hyndman, Koehler, Snyder & Grose 2002, doi:10.1016/S0169-2070(01)00110-8), or a form of it: 'ets(MAM)', 'ses', 'holt', 'damped_holt', 'holt_winters',
'holt_winters(multiplicative)'; 'theta' (Assimakopoulos & Nikolopoulos 2000, doi:10.1016/S0169-2070(00)00066-2, as R's thetaf), or
'theta(optimised)', 'theta(dynamic)', 'theta(dynamic optimised)' (Fiorucci et al. 2016, doi:10.1016/j.ijforecast.2016.02.005); 'arima'
(order by the stepwise search of Hyndman & Khandakar 2008, doi:10.18637/jss.v027.i03) or 'arima(0,1,1)(0,1,1)'; 'stl(A)', 'mstl(A)': one or
all seasons taken out, A for what is left; 'croston', 'sba', 'tsb', 'adida' for demand that is mostly 0; the
benchmarks 'mean', 'naive', 'seasonal_naive' and 'drift'; 'combine(ets, theta)', the mean of two to ten of these, or 'median(...)' of them.
level: probability that the truth lies between lower and upper, inside 0 to 1; levels: several, a row for each. season: its length in
periods; NULL: the customary ones that sales_seasons finds significant, else none.
scale: 'log' or 'boxcox' forecasts on that scale and goes back, points staying means; 'boxcox(0.3)' states lambda; where there are values
of zero or less, the series stays as it is and the status says so.
calendar: what of the calendar moves sales, separated by commas: 'weekday', 'month', 'fourier(3)' (pairs of waves over the year, 1 to
20), 'holidays' and 'promotions' from ecomm.special_day (one effect per name), 'closed' (its days closed for once: not taken for bad
days, and 0 ahead; of days, and not for price and average_order_value). Months and waves need a year of sales. regressors: a relation with a column of dates and columns of numbers, a row at least for each period from the first
sale to the last forecast on which the shop sells. The effects are estimated with errors of ARIMA(0,1,1)(0,1,1) (Box & Jenkins 1976), the method forecasts what
they leave. A weekday on which the shop never sold through four weeks and more is left out, and 0 ahead (not for price and
average_order_value).
intervals: 'calibrated': the model's, corrected by what it would have missed at up to twelve earlier points of the series, and by what
short series leave unknown; 'model': the model's own, which take its form and parameters for certain and on real series hold less than
they say; 'conformal': from what it would have missed alone (Vovk, Gammerman & Shafer 2005, doi:10.1007/b106715); 'simulated': paths of an
'ets' model with errors drawn from its residuals under the seed.
reconcile: 'mint', 'wls_var', 'wls_struct', 'ols' or 'bottom_up' forecasts all sums over the names of by too, and makes them agree:
products add up to categories, these to the total (Wickramasuriya, Athanasopoulos & Hyndman 2019, doi:10.1080/01621459.2018.1448825). In
series, '*' stands where a name is summed over; sums of a single series are left out. Where the sum of all never was
negative, no forecast is. For sales and units.
Where no value is negative, neither are forecast and bounds. status: 'ok', with notes after a colon (how the candidates of 'auto' did,
what could not be done); 'all zero' and 'constant' (repeated as it is); 'too short';
'fell back to naive', and why the method could not take the series. A series without any value has a row with its status alone.
Many series are spread over parallel workers; the numbers do not depend on how many.
Errors: 22023 for unknown names, a horizon, level or season out of range.$$;

CREATE FUNCTION ts_forecast(y double precision[], horizon integer = 28, method text = 'auto', season integer = NULL,
                            level double precision = 0.95, levels double precision[] = NULL, scale text = 'none',
                            regressors double precision[] = NULL, intervals text = 'calibrated', seed bigint = 1)
RETURNS TABLE (step integer, forecast double precision, lower double precision, upper double precision, level double precision,
               method_used text, status text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 28 AS 'MODULE_PATHNAME', 'ecomm_ts_forecast';
COMMENT ON FUNCTION ts_forecast(double precision[], integer, text, integer, double precision, double precision[], text, double precision[], text, bigint) IS
$$sales_forecast for any series: one row per step ahead and level. season NULL: those that ts_seasons finds; a stated one of 7, 24 or 48
may bring its longer one (365.25, 168, 336) with it. regressors: as many numbers for each value of y and each step ahead, row by row.
A NULL array gives no row, an empty one a row with its status alone.
Errors: 22000 for NULL, NaN and infinite values; 22023 as for sales_forecast; 22003 for magnitudes above 1e140.$$;

CREATE FUNCTION sales_backtest(horizon integer = 14, methods text[] = '{naive,seasonal_naive,theta,ets,arima,auto}', metric text = 'sales',
                               grain text = 'day', level double precision = 0.95, season integer = NULL, by text = NULL,
                               outliers text = 'keep', from_date date = NULL, to_date date = NULL, sale regclass = NULL,
                               scale text = 'none', calendar text = NULL, regressors regclass = NULL, intervals text = 'calibrated')
RETURNS TABLE (series text[], method text, step integer, forecasts bigint, mae double precision, rmse double precision,
               mape double precision, smape double precision, mase double precision, rmsse double precision,
               bias double precision, coverage double precision, msis double precision, failures bigint, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_sales_backtest';
COMMENT ON FUNCTION sales_backtest(integer, text[], text, text, double precision, integer, text, text, date, date, regclass, text, text, regclass, text) IS
$$How good forecasts would have been: each method from up to ten origins in the past (Tashman 2000, doi:10.1016/S0169-2070(00)00065-0), measured
against what came. One row per series, method and step ahead, and one with a NULL step over all of them.

horizon: steps from each origin, 1 to 10,000. methods and all other arguments: as for sales_forecast.
mae, rmse, bias (forecast less truth) in the metric's unit; mape, smape in percent; mase, rmsse against the in-sample errors of the
seasonal naive forecast: below 1 is better; coverage: share of the truth inside the interval at the level; msis: mean scaled interval score.
Definitions: Makridakis, Spiliotis & Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014. NULL where a measure is undefined.
failures: origins where the method could give nothing but the naive forecast, which do not count; status: 'ok', or the first reason. A
series not longer than the horizon has one row that says so. Many series are spread over parallel workers.
Errors: 22023 as for sales_forecast, and for a horizon of 0 or no methods.$$;

CREATE FUNCTION ts_backtest(y double precision[], horizon integer = 14, methods text[] = '{naive,seasonal_naive,theta,ets,arima,auto}',
                            season integer = NULL, level double precision = 0.95, scale text = 'none', intervals text = 'calibrated')
RETURNS TABLE (method text, step integer, forecasts bigint, mae double precision, rmse double precision,
               mape double precision, smape double precision, mase double precision, rmsse double precision,
               bias double precision, coverage double precision, msis double precision, failures bigint, status text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_ts_backtest';
COMMENT ON FUNCTION ts_backtest(double precision[], integer, text[], integer, double precision, text, text) IS
$$sales_backtest for any series. season NULL: the shortest that ts_seasons finds. A NULL array gives no row. Errors: 22000 for NULL, NaN or
infinite values; 22023 as for sales_backtest.$$;
