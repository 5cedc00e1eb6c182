
-- Series taken apart and tested ----------------------------------------------------------------------------------
-- sales_* read a series of the sale table first, ts_* take any numbers as an array.

CREATE FUNCTION sales_outliers(metric text = 'sales', grain text = 'day', method text = 'iqr', threshold double precision = NULL,
                               by text = NULL, from_date date = NULL, to_date date = NULL, sale regclass = NULL)
RETURNS TABLE (series text[], period date, value double precision, lower double precision, upper double precision,
               score double precision, rolling_mean double precision, interpolated double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 20 AS 'MODULE_PATHNAME', 'ecomm_sales_outliers';
COMMENT ON FUNCTION sales_outliers(text, text, text, double precision, text, date, date, regclass) IS
$$The periods whose value does not belong to the rest, and what one may put in their place.

metric, grain, by, from_date, to_date, sale: as for sales_series; a last period that is not over is left out.
method: 'iqr': further than threshold (1.5) interquartile ranges beyond the quartiles of all periods (Tukey 1977). 'stl': the remainder of
a robust STL with the grain's usual season lies more than threshold (3.5) robust standard deviations, MAD / 0.6745, from its median.
lower, upper: the bounds. score: how many interquartile ranges beyond the quartile, or the robust z; signed.
rolling_mean: of the 7 periods up to and with this one, of fewer at the start. interpolated: on the line between the nearest periods that
are no outliers.
Errors: 22023 for an unknown method or a threshold that is not positive and finite.$$;

CREATE FUNCTION ts_outliers(y double precision[], method text = 'iqr', threshold double precision = NULL, season double precision = 1)
RETURNS TABLE ("position" integer, value double precision, lower double precision, upper double precision,
               score double precision, outlier boolean)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_ts_outliers';
COMMENT ON FUNCTION ts_outliers(double precision[], text, double precision, double precision) IS
$$sales_outliers for any series: one row per value of y, in order. season: for 'stl', in values; where it does not fit twice there is none.
A NULL array gives no row. Errors: 22000 for NULL, NaN or infinite values and for an empty array; 22023 as for sales_outliers.$$;

CREATE FUNCTION ts_replace_outliers(y double precision[], treatment text = 'interpolate', method text = 'iqr',
                                    threshold double precision = NULL, season double precision = 1)
RETURNS double precision[] LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'ecomm_ts_replace_outliers';
COMMENT ON FUNCTION ts_replace_outliers(double precision[], text, text, double precision, double precision) IS
$$y with its outliers (see ts_outliers) replaced. treatment: 'interpolate': on the line between the nearest values that are none; 'rolling':
the mean of the 7 values up to and with it; 'keep'. NULL gives NULL. Errors as for ts_outliers.$$;

CREATE FUNCTION ts_rolling_mean(y double precision[], length integer = 7) RETURNS double precision[]
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'ecomm_ts_rolling_mean';
COMMENT ON FUNCTION ts_rolling_mean(double precision[], integer) IS
$$The mean of so many values up to and with each; NULL before there are so many and where one of them is NULL or NaN. NULL gives NULL.
Errors: 22023 for a length below 1.$$;

CREATE FUNCTION sales_decompose(metric text = 'sales', grain text = 'day', method text = 'stl', periods double precision[] = NULL,
                                robust boolean = false, seasonal_window integer = NULL, by text = NULL, outliers text = 'keep',
                                from_date date = NULL, to_date date = NULL, sale regclass = NULL)
RETURNS TABLE (series text[], period date, observed double precision, trend double precision, seasonal double precision,
               remainder double precision, seasonals double precision[])
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000 AS 'MODULE_PATHNAME', 'ecomm_sales_decompose';
COMMENT ON FUNCTION sales_decompose(text, text, text, double precision[], boolean, integer, text, text, date, date, regclass) IS
$$Sales taken apart into trend, season and remainder: one row per period.

metric, grain, by, from_date, to_date, sale: as for sales_series; a last period that is not over is left out.
method: 'stl' (Cleveland, Cleveland, McRae & Terpenning 1990; as R's stl), 'mstl' (several seasons: Bandara, Hyndman & Bergmeir 2021,
arXiv:2107.13462; as R's forecast::mstl), 'classical' (additive moving averages, as statsmodels' seasonal_decompose) or
'multiplicative' (the same with factors; all values must be positive).
periods: lengths of the seasons in periods of the grain, '{7}' or for mstl '{7,365.25}'. NULL: those among the customary ones (7 and 365.25
days, 52.18 weeks, 12 months, 4 quarters) that sales_seasons finds significant; of several only mstl takes more than the shortest.
Without any, the season is 0.
robust: outliers lose their weight (stl, mstl). seasonal_window: how many seasons a season is smoothed over; an even number counts as
the next odd one. NULL: the same season throughout for stl, 11, 15, ... for mstl.
outliers: 'keep', 'rolling' or 'interpolate': what becomes of outliers by interquartile range first (see sales_outliers).

observed = trend + seasonal + remainder (multiplicative: their product). seasonals: one per season, shortest first; seasonal is their
sum. Classical trends and remainders are NULL for the first and last half season.
Errors: 22023 for unknown names; 22000 for fewer than two seasons of a period that was given, and what the method cannot take.$$;

CREATE FUNCTION ts_decompose(y double precision[], method text = 'stl', periods double precision[] = NULL, robust boolean = false,
                             seasonal_window integer = NULL)
RETURNS TABLE ("position" integer, observed double precision, trend double precision, seasonal double precision,
               remainder double precision, seasonals double precision[])
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'ecomm_ts_decompose';
COMMENT ON FUNCTION ts_decompose(double precision[], text, double precision[], boolean, integer) IS
$$sales_decompose for any series: one row per value of y, in order. periods NULL: those that ts_seasons finds. A NULL array gives no row.
Errors: 22000 for NULL, NaN or infinite values and for too few of them; 22023 as for sales_decompose; 22003 for magnitudes above 1e150.$$;

CREATE FUNCTION sales_seasons(metric text = 'sales', grain text = 'day', candidates double precision[] = NULL, by text = NULL,
                              outliers text = 'keep', from_date date = NULL, to_date date = NULL, sale regclass = NULL)
RETURNS TABLE (series text[], season double precision, strength double precision, acf double precision, f double precision,
               p_value double precision, significant boolean)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 2 AS 'MODULE_PATHNAME', 'ecomm_sales_seasons';
COMMENT ON FUNCTION sales_seasons(text, text, double precision[], text, text, date, date, regclass) IS
$$Which seasons the sales have, and what speaks for each: one row per length tried.

metric, grain, by, outliers, from_date, to_date, sale: as for sales_decompose. candidates: lengths in periods of the grain; NULL: the
customary ones.
strength: 0 to 1, of the season beside the remainder (Wang, Smith & Hyndman 2006, doi:10.1007/s10618-005-0039-x); noise has about 0.2.
acf: the autocorrelation one season apart, without the trend. f, p_value: analysis of variance by phase of the ranks of what an
autoregression leaves over. significant: p_value below 0.01. NULLs where the sales do not span more than two such seasons.$$;

CREATE FUNCTION ts_seasons(y double precision[], candidates double precision[] = NULL)
RETURNS TABLE (season double precision, strength double precision, acf double precision, f double precision,
               p_value double precision, significant boolean)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100000 ROWS 5 AS 'MODULE_PATHNAME', 'ecomm_ts_seasons';
COMMENT ON FUNCTION ts_seasons(double precision[], double precision[]) IS
$$sales_seasons for any series. candidates NULL: up to five peaks of the autocorrelations. A NULL array gives no row. Errors: 22000 for NULL,
NaN or infinite values; 22023 for candidates below 2.$$;

CREATE FUNCTION ts_strength(y double precision[], periods double precision[] = NULL, robust boolean = false)
RETURNS TABLE (trend double precision, seasonal double precision[], periods_used double precision[])
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1 AS 'MODULE_PATHNAME', 'ecomm_ts_strength';
COMMENT ON FUNCTION ts_strength(double precision[], double precision[], boolean) IS
$$How strong the trend and each season of a series are beside the remainder, 0 to 1 (Wang, Smith & Hyndman 2006,
doi:10.1007/s10618-005-0039-x), from an MSTL decomposition. periods NULL: those that ts_seasons finds. Errors as for ts_decompose.$$;

CREATE FUNCTION sales_stationarity(metric text = 'sales', grain text = 'day', regression text = 'c', lags integer = NULL,
                                   lag_selection text = 'aic', transform text = 'none', differences integer = 0, by text = NULL,
                                   outliers text = 'keep', from_date date = NULL, to_date date = NULL, sale regclass = NULL)
RETURNS TABLE (series text[], test text, statistic double precision, p_value double precision, p_bound text, lags_used integer,
               critical_1 double precision, critical_5 double precision, critical_10 double precision, stationary boolean,
               suggested_d integer, suggested_seasonal_d integer)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 2 AS 'MODULE_PATHNAME', 'ecomm_sales_stationarity';
COMMENT ON FUNCTION sales_stationarity(text, text, text, integer, text, text, integer, text, text, date, date, regclass) IS
$$Are sales stationary? Two rows per series: the augmented Dickey-Fuller test, whose null hypothesis is a unit root (Said & Dickey 1984,
doi:10.1093/biomet/71.3.599), and the KPSS test, whose null hypothesis is stationarity (Kwiatkowski, Phillips, Schmidt & Shin 1992,
doi:10.1016/0304-4076(92)90104-Y). As statsmodels' adfuller and kpss.

metric, grain, by, outliers, from_date, to_date, sale: as for sales_decompose.
regression: what the series may be stationary around: 'n' nothing, 'c' a constant, 'ct' and a trend, 'ctt' and its square (KPSS: a level, or
for 'ct' and 'ctt' a trend).
lags, lag_selection: of ADF: the most to try, NULL for 12 (n/100)^(1/4), chosen by 'aic', 'bic' or 't-stat', or 'fixed' to take just
so many. KPSS chooses its own (Hobijn, Franses & Ooms 1998).
transform: 'none', 'log', 'boxcox' or 'yeo-johnson', with the lambda of largest likelihood; differences: how often to difference then.
p_value, p_bound: MacKinnon (1994, 2010); KPSS's table ends at 0.01 and 0.10, p_bound '<' or '>' says where it does.
stationary: at 5 %: ADF rejects, KPSS does not. suggested_seasonal_d, suggested_d: differences at the season's lag, then first
differences, that make it so, as nsdiffs and ndiffs of R's forecast.
Errors: 22000 for series that are too short or constant.$$;

CREATE FUNCTION ts_adf(y double precision[], regression text = 'c', lags integer = NULL, lag_selection text = 'aic')
RETURNS TABLE (statistic double precision, p_value double precision, lags_used integer, observations integer,
               critical_1 double precision, critical_5 double precision, critical_10 double precision, criterion double precision)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1 AS 'MODULE_PATHNAME', 'ecomm_ts_adf';
COMMENT ON FUNCTION ts_adf(double precision[], text, integer, text) IS
$$The augmented Dickey-Fuller test of any series, as statsmodels' adfuller; arguments as for sales_stationarity. observations: of the
regression. criterion: the least AIC or BIC, or the last |t|; NULL for 'fixed'. A NULL array gives no row.
Errors: 22000 for NULL, NaN or infinite values, too few of them, and a constant series; 22023 for lags out of range.$$;

CREATE FUNCTION ts_kpss(y double precision[], regression text = 'c', lags integer = NULL)
RETURNS TABLE (statistic double precision, p_value double precision, p_bound text, lags_used integer,
               critical_1 double precision, critical_2_5 double precision, critical_5 double precision, critical_10 double precision)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1 AS 'MODULE_PATHNAME', 'ecomm_ts_kpss';
COMMENT ON FUNCTION ts_kpss(double precision[], text, integer) IS
$$The KPSS test of any series around a level ('c') or a trend ('ct'), as statsmodels' kpss. lags NULL: chosen from the data. p_value is
between 0.01 and 0.10; p_bound '<' or '>' says that the true one is beyond. Errors as for ts_adf.$$;

CREATE FUNCTION ts_ndiffs(y double precision[], test text = 'kpss', max_differences integer = 2) RETURNS integer
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'ecomm_ts_ndiffs';
COMMENT ON FUNCTION ts_ndiffs(double precision[], text, integer) IS
$$How many first differences make the series stationary by the 'kpss' or the 'adf' test at 5 %, as ndiffs of R's forecast (Hyndman &
Khandakar 2008, doi:10.18637/jss.v027.i03). NULL gives NULL. Errors: 22000 for NULL, NaN or infinite values and an empty array.$$;

CREATE FUNCTION ts_nsdiffs(y double precision[], season integer, max_differences integer = 1) RETURNS integer
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'ecomm_ts_nsdiffs';
COMMENT ON FUNCTION ts_nsdiffs(double precision[], integer, integer) IS
$$How many differences at the lag of the season leave no season stronger than 0.64, as nsdiffs of R's forecast. NULL gives NULL. Errors: as
for ts_ndiffs, and 22023 for a season below 2.$$;

CREATE FUNCTION ts_difference(y double precision[], lag integer = 1, differences integer = 1) RETURNS double precision[]
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'ecomm_ts_difference';
COMMENT ON FUNCTION ts_difference(double precision[], integer, integer) IS
$$Each value less the one lag before it, so many times over; lag * differences values shorter. NULL gives NULL. Errors: 22000 for NULL, NaN or
infinite values and too few of them; 22023 for a lag below 1.$$;

CREATE FUNCTION ts_transform(y double precision[], transform text = 'boxcox') RETURNS double precision[]
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'ecomm_ts_transform';
COMMENT ON FUNCTION ts_transform(double precision[], text) IS
$$The series under 'log', 'boxcox', 'yeo-johnson' or 'none', with the lambda of largest likelihood. NULL gives NULL. Errors: 22000 for values
the transform cannot take, a single value and a constant series.$$;

CREATE FUNCTION ts_boxcox_lambda(y double precision[]) RETURNS double precision
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'ecomm_ts_boxcox_lambda';
COMMENT ON FUNCTION ts_boxcox_lambda(double precision[]) IS
$$boxcox_lambda of an array: the maximum-likelihood lambda, as scipy.stats.boxcox. NULL gives NULL. Errors: 22000 for values that are not positive,
a single value and a constant series.$$;

CREATE FUNCTION sales_autocorrelation(metric text = 'sales', grain text = 'day', lags integer = NULL, pacf_method text = 'ywadjusted',
                                      alpha double precision = 0.05, transform text = 'none', differences integer = 0,
                                      by text = NULL, outliers text = 'keep', from_date date = NULL, to_date date = NULL,
                                      sale regclass = NULL)
RETURNS TABLE (series text[], lag integer, acf double precision, acf_bound double precision, pacf double precision,
               pacf_bound double precision, ljung_box double precision, ljung_box_p double precision,
               box_pierce double precision, box_pierce_p double precision)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 30 AS 'MODULE_PATHNAME', 'ecomm_sales_autocorrelation';
COMMENT ON FUNCTION sales_autocorrelation(text, text, integer, text, double precision, text, integer, text, text, date, date, regclass) IS
$$How sales relate to their own past: one row per lag from 1.

metric, grain, by, outliers, from_date, to_date, sale: as for sales_decompose; transform, differences: as for sales_stationarity.
lags: how many; NULL: 10 log10(n). acf_bound, pacf_bound: within plus or minus this a correlation is not significant at alpha (Bartlett's
formula; alpha as in 1 less the confidence). pacf: by pacf_method 'ywadjusted', 'ywmle', 'ldadjusted' or 'ldbiased', as statsmodels';
NULL for lags from half the length on. ljung_box, box_pierce: the statistics of the portmanteau tests that all autocorrelations up
to the lag are 0 (Ljung & Box 1978, doi:10.1093/biomet/65.2.297; Box & Pierce 1970), and their p-values.
Errors: 22000 for series that are constant or have a single value, 22023 for lags out of range.$$;

CREATE FUNCTION ts_acf(y double precision[], lags integer = NULL, adjusted boolean = false, alpha double precision = 0.05)
RETURNS TABLE (lag integer, acf double precision, bound double precision)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'ecomm_ts_acf';
COMMENT ON FUNCTION ts_acf(double precision[], integer, boolean, double precision) IS
$$The autocorrelations of a series at lags 0, 1, ..., and Bartlett's bounds; as statsmodels' acf. lags NULL: 10 log10(n). adjusted: divide by
n - lag rather than n. A NULL array gives no row. Errors: 22000 for NULL, NaN or infinite values, fewer than two, and a constant
series; 22023 for lags out of range.$$;

CREATE FUNCTION ts_pacf(y double precision[], lags integer = NULL, method text = 'ywadjusted', alpha double precision = 0.05)
RETURNS TABLE (lag integer, pacf double precision, bound double precision)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'ecomm_ts_pacf';
COMMENT ON FUNCTION ts_pacf(double precision[], integer, text, double precision) IS
$$The partial autocorrelations of a series at lags 0, 1, ... below half its length, and their bounds; as statsmodels' pacf. method: 'ywadjusted',
'ywmle', 'ldadjusted' or 'ldbiased'. Everything else as for ts_acf.$$;

CREATE FUNCTION ts_ljung_box(y double precision[], lags integer = NULL, model_df integer = 0, season integer = NULL)
RETURNS TABLE (lag integer, ljung_box double precision, ljung_box_p double precision, box_pierce double precision,
               box_pierce_p double precision)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10 AS 'MODULE_PATHNAME', 'ecomm_ts_ljung_box';
COMMENT ON FUNCTION ts_ljung_box(double precision[], integer, integer, integer) IS
$$The Ljung-Box and Box-Pierce tests that the autocorrelations up to each lag are 0, as statsmodels' acorr_ljungbox. lags NULL: min(n / 5, 10), or
with a season min(n / 5, 2 season). model_df: how many parameters the model has whose residuals these are; p-values are NULL up to that
lag. Everything else as for ts_acf.$$;
