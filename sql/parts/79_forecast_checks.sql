
-- Forecasts looked at afterwards ----------------------------------------------------------------------------------

CREATE FUNCTION sales_anomalies(metric text = 'sales', grain text = 'day', method text = 'ets', level double precision = 0.99,
                                season integer = NULL, by text = NULL, from_date date = NULL, to_date date = NULL,
                                sale regclass = NULL, scale text = 'none')
RETURNS TABLE (series text[], period date, observed double precision, expected double precision, lower double precision,
               upper double precision, probability double precision, method_used text, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 20 AS 'MODULE_PATHNAME', 'ecomm_sales_anomalies';
COMMENT ON FUNCTION sales_anomalies(text, text, text, double precision, integer, text, date, date, regclass, text) IS
$$The periods that came out otherwise than what had come before them let expect: outside the method's forecast one step ahead.

metric, grain, by, from_date, to_date, sale: as for sales_series; a last period that is not over is left out.
method, season, scale: as for sales_forecast. level: an interval of this probability is what a period may lie in, inside 0 to 1.
expected: the forecast from the periods before. lower, upper: that interval; not negative where no value is. probability: of the narrowest
interval around expected that reaches the observed value, so above level. The errors' spread is 1.4826 times their median absolute value;
the method is fitted without the outliers that sales_outliers finds by 'stl'.
Errors as for sales_forecast.$$;

CREATE FUNCTION ts_anomalies(y double precision[], method text = 'ets', level double precision = 0.99, season integer = NULL,
                             scale text = 'none')
RETURNS TABLE (t integer, observed double precision, expected double precision, lower double precision, upper double precision,
               probability double precision, is_anomaly boolean, method_used text, status text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_ts_anomalies';
COMMENT ON FUNCTION ts_anomalies(double precision[], text, double precision, integer, text) IS
$$sales_anomalies for any series: one row per value of y, in order; expected and what follows from it are NULL where the method expects
nothing yet. A NULL or empty array gives no row. Errors: 22000 for NULL, NaN and infinite values; 22023 as for sales_forecast.$$;

CREATE FUNCTION sales_forecast_diagnosis(metric text = 'sales', grain text = 'day', method text = 'auto', season integer = NULL,
                                         by text = NULL, from_date date = NULL, to_date date = NULL, sale regclass = NULL,
                                         scale text = 'none')
RETURNS TABLE (series text[], residuals bigint, mean double precision, deviation double precision, acf1 double precision,
               lags integer, ljung_box double precision, ljung_box_p double precision, jarque_bera double precision,
               jarque_bera_p double precision, method_used text, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 10 AS 'MODULE_PATHNAME', 'ecomm_sales_forecast_diagnosis';
COMMENT ON FUNCTION sales_forecast_diagnosis(text, text, text, integer, text, date, date, regclass, text) IS
$$What a method leaves unexplained of each series: one row per series about its errors one step ahead.

metric, grain, by, from_date, to_date, sale: as for sales_series. method, season, scale: as for sales_forecast.
mean, deviation: of the residuals, which are relative where the method's errors are. acf1: their autocorrelation at lag 1.
ljung_box: the portmanteau test over lags (Ljung & Box 1978, doi:10.1093/biomet/65.2.297); ljung_box_p below 0.05: there is structure left
that another method might find. jarque_bera: Bera & Jarque 1981, doi:10.1016/0165-1765(81)90035-5; a low p: the errors are not normal, so
take intervals from simulation or the past. NULL where there are too few residuals. Errors as for sales_forecast.$$;

CREATE FUNCTION ts_forecast_diagnosis(y double precision[], method text = 'auto', season integer = NULL, scale text = 'none')
RETURNS TABLE (residuals bigint, mean double precision, deviation double precision, acf1 double precision,
               lags integer, ljung_box double precision, ljung_box_p double precision, jarque_bera double precision,
               jarque_bera_p double precision, method_used text, status text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 1 AS 'MODULE_PATHNAME', 'ecomm_ts_forecast_diagnosis';
COMMENT ON FUNCTION ts_forecast_diagnosis(double precision[], text, integer, text) IS
$$sales_forecast_diagnosis for any series. A NULL array gives no row. Errors: 22000 for NULL, NaN and infinite values; 22023 as for
sales_forecast.$$;
