
-- Sales over time ------------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._series_transition(internal, integer, text, timestamp, numeric, "any", "any", "any") RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_series_transition';
CREATE FUNCTION ecomm._series_combine(internal, internal) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_series_combine';
CREATE FUNCTION ecomm._series_serialize(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_series_serialize';
CREATE FUNCTION ecomm._series_deserialize(bytea, internal) RETURNS internal
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_series_deserialize';
CREATE FUNCTION ecomm._series_final(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_series_final';
COMMENT ON FUNCTION ecomm._series_transition(internal, integer, text, timestamp, numeric, "any", "any", "any") IS
  'internal: transition of ecomm._series';
COMMENT ON FUNCTION ecomm._series_combine(internal, internal) IS 'internal: combine of ecomm._series';
COMMENT ON FUNCTION ecomm._series_serialize(internal) IS 'internal: state of ecomm._series to bytes';
COMMENT ON FUNCTION ecomm._series_deserialize(bytea, internal) IS 'internal: bytes to state of ecomm._series';
COMMENT ON FUNCTION ecomm._series_final(internal) IS 'internal: final function of ecomm._series';

CREATE AGGREGATE ecomm._series(options integer, series text, sold_at timestamp, amount numeric, quantity "any", invoice_no "any",
                               customer_id "any") (
  SFUNC = ecomm._series_transition, STYPE = internal, SSPACE = 1048576,
  COMBINEFUNC = ecomm._series_combine, SERIALFUNC = ecomm._series_serialize, DESERIALFUNC = ecomm._series_deserialize,
  FINALFUNC = ecomm._series_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecomm._series(integer, text, timestamp, numeric, "any", "any", "any") IS
  'internal: sales per period and series in one pass, as the bytes sales_series() unpacks';

CREATE FUNCTION sales_series(metric text = 'sales', grain text = 'day', by text = NULL, from_date date = NULL, to_date date = NULL,
                             fill text = 'auto', rolling integer = 7, sale regclass = NULL)
RETURNS TABLE (series text[], period date, value numeric, rolling_mean double precision, complete boolean)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000 AS 'MODULE_PATHNAME', 'ecomm_sales_series';
COMMENT ON FUNCTION sales_series(text, text, text, date, date, text, integer, regclass) IS
$$Sales over time without gaps: one row per period from the first sale to the last, in order of series and period.

metric: 'sales' (net sum of amounts, exact), 'units' (net sum of quantities, exact), 'orders' (distinct invoices with a purchase; lines
without an invoice number count as one order per customer and day), 'customers' (distinct known customers who bought),
'average_order_value' (sales by orders), 'price' (units-weighted average selling price: amounts by quantities of what was sold).
grain: 'day', 'week' (ISO, from Monday), 'month' or 'quarter'; period is its first day.
by: what to tell series apart by: product, category, state, region, city, segment, or a column of the sale table; several as
'category,state'. series holds the values, one per name; NULL without by. All series have the same periods.
from_date, to_date: the first and the last day that count; NULL: all. Days after 294276-12-31 are after every sale.
fill: what stands in a period without sales: 'zero', 'carry' (the last period's value), 'null', or 'auto': carried for price and
average_order_value, 0 for the rest.
rolling: rolling_mean is the mean of this many periods up to and with this one; NULL before there are so many. NULL: none.
complete: false for a last period that may not be over: one with days after the last sale of all, other than weekdays the shop never sold on
through four weeks and more, or with a sale of today. With to_date, days up to it and before today count as over though nothing was sold.
sale: as for rfm().

Unknown customers (NULL, -1) count in sales. Lines without a date, and without the amount or quantity the metric needs, count as
nothing; a NOTICE says how many. Sums with more than 16 digits behind the point are rounded to these.
Errors: 22023 for an unknown metric, grain or fill and where by names a dimension that is not known, 42703 for a column that does not
exist, 22000 for more than 1,000,000 periods, 22003 for a sum with more than 20 digits before the point.$$;

CREATE FUNCTION sales_profile(metric text = 'sales', cycle text = 'weekday', by text = NULL, from_date date = NULL, to_date date = NULL,
                              sale regclass = NULL)
RETURNS TABLE (series text[], number integer, name text, periods bigint, total numeric, mean double precision,
               index double precision, closed boolean)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 12 AS 'MODULE_PATHNAME', 'ecomm_sales_profile';
COMMENT ON FUNCTION sales_profile(text, text, text, date, date, regclass) IS
$$How sales lie in the week or in the year: one row per weekday (1 is Monday) or month (1 is January).

metric: 'sales', 'units', 'orders' or 'customers', as for sales_series. cycle: 'weekday' (of days) or 'month' (of whole months).
periods: how many such days or months there were, from the first sale to the last, those without sales too; a month that the sales begin
or end within is left out. total and mean are over these. index: the mean by the mean of all; 1 is average. closed: there were no sales
on this weekday, through at least four weeks.
Errors as for sales_series, and 22023 for a metric that is a ratio.$$;
