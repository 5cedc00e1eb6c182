
-- Forecasting models that are kept ----------------------------------------------------------------------------------

CREATE FUNCTION ecomm._fit(task bytea) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'ecomm_fit_task';
COMMENT ON FUNCTION ecomm._fit(bytea) IS 'internal: trains models of several series in a parallel worker';

CREATE FUNCTION ts_fit(y double precision[], method text = 'auto', season integer = NULL, scale text = 'none')
RETURNS jsonb LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000000 AS 'MODULE_PATHNAME', 'ecomm_ts_fit';
COMMENT ON FUNCTION ts_fit(double precision[], text, integer, text) IS
$$A forecasting model of a series, with every parameter and state, as a document: ts_predict forecasts from it, ts_update takes new values
in. method, season, scale: as for ts_forecast. Intervals are calibrated for 28 steps ahead, and those beyond as the last of them:
ts_predict(ts_fit(y)) gives what ts_forecast(y) gives. Regressors are not kept. Errors: those of ts_forecast; 22004 for a NULL array.$$;

CREATE FUNCTION ts_update(model jsonb, y double precision[]) RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'ecomm_ts_update';
COMMENT ON FUNCTION ts_update(jsonb, double precision[]) IS
$$The model continued over the values that follow, without a new fit: level, trend, seasonal states and variance move on; parameters, the
scale and the calibration of intervals stay. NULL for NULL. Errors: 22P02 for a document that is no model of ts_fit, naming the place;
22000 for NULL, NaN and infinite values, and for values of zero or less on another scale.$$;

CREATE FUNCTION ts_predict(model jsonb, horizon integer = 28, level double precision = 0.95, levels double precision[] = NULL)
RETURNS TABLE (step integer, forecast double precision, lower double precision, upper double precision, level double precision,
               method_used text, status text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 28 AS 'MODULE_PATHNAME', 'ecomm_ts_predict';
COMMENT ON FUNCTION ts_predict(jsonb, integer, double precision, double precision[]) IS
$$What a model of ts_fit or ts_update forecasts: one row per step ahead and level, as ts_forecast has them. A NULL model gives no row, one
of an empty series a row with its status alone. Errors: 22P02 for a document that is none, naming the place; 22023 as for ts_forecast.$$;

CREATE FUNCTION sales_forecast_train(metric text = 'sales', grain text = 'day', method text = 'auto', season integer = NULL,
                                     by text = NULL, outliers text = 'keep', from_date date = NULL, to_date date = NULL,
                                     sale regclass = NULL, scale text = 'none', name text = 'forecast', activate boolean = true)
RETURNS bigint LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000000 AS 'MODULE_PATHNAME', 'ecomm_sales_forecast_train';
COMMENT ON FUNCTION sales_forecast_train(text, text, text, integer, text, text, date, date, regclass, text, text, boolean) IS
$$Trains a forecasting model of each series of sales, stores them as one document in ecomm.model (kind 'forecast'), and returns its id.
sales_forecast(model) forecasts from it and takes in the sales that came since, without a new fit.

metric, grain, method, season, by, outliers, from_date, to_date, sale, scale: as for sales_forecast. Weekdays on which the shop never
sells are kept with the model; calendar, regressors, other intervals than calibrated ones (for 28 periods ahead) and reconciliation are
not. name: what the model is called; training again adds a version and overwrites nothing. activate: whether the name stands for this
version from now on. Many series are spread over parallel workers.
ecomm.model.metrics tells how many series there are, and how many of each status. Errors: 22000 where there are no sales; 22023 as for
sales_forecast, and for a name that is none.$$;

CREATE FUNCTION sales_forecast(model bigint, horizon integer = 28, level double precision = 0.95, levels double precision[] = NULL)
RETURNS TABLE (series text[], period date, forecast double precision, lower double precision, upper double precision,
               level double precision, method_used text, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_sales_forecast_from';
COMMENT ON FUNCTION sales_forecast(bigint, integer, double precision, double precision[]) IS
$$What sales will be, from a model of sales_forecast_train: one row per series, coming period and level, from the one after the last that
is over. Write sales_forecast(model => 3): a bare 3 is a horizon. The sales are read again as for the training; periods after the model's last one are taken in without a new fit, and the stored
model stays as it is. horizon, level, levels, and the columns: as for sales_forecast.

status: that of the training; 'not in the model' for a series that came since, without a forecast; 'not continued', and why, where what
came since cannot be taken in (values of zero or less on another scale, a price that is not there any more). A series that is gone has
sold nothing since. A NULL model gives no row. Errors: 42704 no such model, 42809 a model of another kind, 42P01 the sale table is gone;
22023 as for sales_forecast.$$;

CREATE FUNCTION sales_forecast(model text, horizon integer = 28, level double precision = 0.95, levels double precision[] = NULL)
RETURNS TABLE (series text[], period date, forecast double precision, lower double precision, upper double precision,
               level double precision, method_used text, status text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_sales_forecast_from_named';
COMMENT ON FUNCTION sales_forecast(text, integer, double precision, double precision[]) IS
  'As sales_forecast(model bigint, ...) with the active version of a model by name.';
