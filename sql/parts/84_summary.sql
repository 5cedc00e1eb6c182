
-- Summaries of the sale lines --------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._match_key(text) RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
  AS 'MODULE_PATHNAME', 'ecomm_match_key';
COMMENT ON FUNCTION ecomm._match_key(text) IS
  'internal: how stock codes are matched: without the white space around, a to z as A to Z';

CREATE FUNCTION ecomm._line_log_transition(internal, timestamp, "any", "any", "any", "any", numeric, integer, integer) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_line_log_transition';
CREATE FUNCTION ecomm._line_log_combine(internal, internal) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_line_log_combine';
CREATE FUNCTION ecomm._line_log_serialize(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_line_log_serialize';
CREATE FUNCTION ecomm._line_log_deserialize(bytea, internal) RETURNS internal
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_line_log_deserialize';
CREATE FUNCTION ecomm._line_log_final(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_line_log_final';
COMMENT ON FUNCTION ecomm._line_log_transition(internal, timestamp, "any", "any", "any", "any", numeric, integer, integer) IS
  'internal: transition of ecomm._line_log';
COMMENT ON FUNCTION ecomm._line_log_combine(internal, internal) IS 'internal: combine of ecomm._line_log';
COMMENT ON FUNCTION ecomm._line_log_serialize(internal) IS 'internal: state of ecomm._line_log to bytes';
COMMENT ON FUNCTION ecomm._line_log_deserialize(bytea, internal) IS 'internal: bytes to state of ecomm._line_log';
COMMENT ON FUNCTION ecomm._line_log_final(internal) IS 'internal: final function of ecomm._line_log';

CREATE AGGREGATE ecomm._line_log(sold_at timestamp, customer_id "any", invoice_no "any", product_id "any", quantity "any", amount numeric,
                                 part integer, parts integer) (
  SFUNC = ecomm._line_log_transition, STYPE = internal, SSPACE = 1048576,
  COMBINEFUNC = ecomm._line_log_combine, SERIALFUNC = ecomm._line_log_serialize, DESERIALFUNC = ecomm._line_log_deserialize,
  FINALFUNC = ecomm._line_log_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecomm._line_log(timestamp, "any", "any", "any", "any", numeric, integer, integer) IS
$$internal: sale lines written down compactly and exactly, for ecomm._summarise and for change tracking. NULL of no line.
Lines without a date are counted, not logged; a NULL, NaN or infinite amount or quantity counts as 0, and such an amount is no purchase.
With parts > 1 only what concerns the orders and customers of part (from 0) is kept: summaries of all parts add up, and take less memory.
part and parts are those of the first line. Amounts with more than 16 digits behind the point are rounded to these.
Errors: 53400 over ecomm_analytics.memory_limit and above 1 GB (take more parts), 22003 for amounts above 10^20.$$;

CREATE FUNCTION ecomm._summarise(logs bytea[], customers text, products text)
RETURNS TABLE (level text, grain text, period date, category text, product_id text, region text, state text,
               sales numeric, units numeric, lines bigint, orders bigint, customers bigint)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_summarise';
COMMENT ON FUNCTION ecomm._summarise(bytea[], text, text) IS
$$internal: every cell with lines, of every level and grain, from logs of sale lines (ecomm._line_log).

customers: a query of (customer_id, state, region); products: one of (match_key, product_id, category); both run with the caller's
rights, and with pg_catalog alone on the search path. Who or what is in neither, and NULL, is 'Unknown'; a product that no match key
equals is its own match key.
level: 'total', 'category', 'region', 'state', 'product', 'category_region', 'product_state'; grain: 'day', 'week' (from Monday), 'month',
'quarter', 'year', 'all'. Not kept: weeks of states; days, weeks and quarters of products; product_state has days alone. period is the
first day, -infinity for 'all'; dimensions that a level does not tell apart are 'All', but product_state has category and region too.
sales, units: exact net sums. orders, customers: as sales_series counts them.
Logs may be of the same or of different parts. Rows come in no order.
Errors: 53400 over ecomm_analytics.memory_limit: it takes about 20 bytes a line and 60 a cell of product, state and day; 22P02 for
what is no log.$$;

CREATE FUNCTION ecomm._summarise_changes(inserted bytea[], deleted bytea[], current bytea, customers text, products text)
RETURNS TABLE (level text, grain text, period date, category text, product_id text, region text, state text,
               sales numeric, units numeric, lines bigint, orders bigint, customers bigint)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 10000 AS 'MODULE_PATHNAME', 'ecomm_summarise_changes';
COMMENT ON FUNCTION ecomm._summarise_changes(bytea[], bytea[], bytea, text, text) IS
$$internal: the difference, cell by cell as ecomm._summarise, that lines inserted and deleted and customers who moved make.

inserted, deleted: logs of changed lines, in any order; a line may come and go. current: a log of the lines as they are now, at least all of
every order and every customer in these logs (ecomm._changed_customers, ecomm._changed_invoices), of every day that has changed lines with
neither (ecomm._changed_unknown_days), of every customer who moved, and of the orders that such customers have lines of. More does no harm.
customers: a query of (customer_id, state, region, old_state, old_region), of all customers in these lines; changed lines count where
their customers were before, and who moved takes all lines along. products: as for ecomm._summarise.
Only cells with a difference are returned; each is to be added to what there is.
Errors: EC001 where the logs say more than can have happened (then everything is to be summarised again), and as ecomm._summarise.$$;

CREATE FUNCTION ecomm._changed_customers(logs bytea[], key anyelement) RETURNS anyarray LANGUAGE c IMMUTABLE PARALLEL SAFE
  AS 'MODULE_PATHNAME', 'ecomm_changed_customers';
CREATE FUNCTION ecomm._changed_invoices(logs bytea[], key anyelement) RETURNS anyarray LANGUAGE c IMMUTABLE PARALLEL SAFE
  AS 'MODULE_PATHNAME', 'ecomm_changed_invoices';
CREATE FUNCTION ecomm._changed_unknown_days(logs bytea[]) RETURNS date[] LANGUAGE c IMMUTABLE PARALLEL SAFE
  AS 'MODULE_PATHNAME', 'ecomm_changed_unknown_days';
COMMENT ON FUNCTION ecomm._changed_customers(bytea[], anyelement) IS
  'internal: the known customers in logs of sale lines, each once and in order, in the type of the typed null';
COMMENT ON FUNCTION ecomm._changed_invoices(bytea[], anyelement) IS
  'internal: the invoice numbers in logs of sale lines, each once and in order, in the type of the typed null';
COMMENT ON FUNCTION ecomm._changed_unknown_days(bytea[]) IS
  'internal: the days of lines with neither invoice nor customer in logs of sale lines';

CREATE FUNCTION ecomm._changed_amounts(inserted bytea[], deleted bytea[], key anyelement)
RETURNS TABLE (customer_id anyelement, amount numeric) LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
  AS 'MODULE_PATHNAME', 'ecomm_changed_amounts';
COMMENT ON FUNCTION ecomm._changed_amounts(bytea[], bytea[], anyelement) IS
  'internal: by how much the amounts of known customers differ after these logs of sale lines, of those for whom they do';

CREATE FUNCTION ecomm._rfm_rows(key anyelement, finished bytea)
RETURNS TABLE (customer_id anyelement, frequency bigint, monetary numeric, first_purchase timestamp, last_purchase timestamp)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_rfm_rows';
COMMENT ON FUNCTION ecomm._rfm_rows(anyelement, bytea) IS
$$internal: what ecomm._rfm found, one row a customer in ascending order of key, in the type of the typed null, which must be that of the
customers it read; columns as for rfm(). Errors: 53400 where it was over ecomm_analytics.memory_limit, 22003 where a sum was out of range.$$;
