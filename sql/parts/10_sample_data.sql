
-- Sample data -----------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._sample_state(
    OUT order_state text, OUT state_abbreviation text, OUT region text, OUT state text)
RETURNS SETOF record LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 357
AS 'MODULE_PATHNAME', 'ecomm_sample_state';

CREATE FUNCTION ecomm._sample_product(
    OUT stock_code text, OUT weight numeric, OUT landed_cost numeric, OUT shipping_cost_1000_mile numeric,
    OUT description text, OUT category text)
RETURNS SETOF record LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 34
AS 'MODULE_PATHNAME', 'ecomm_sample_product';

CREATE FUNCTION ecomm._sample_customer(
    customers integer, days integer, seed bigint, first_day date,
    OUT customer_id bigint, OUT order_city text, OUT order_postal text, OUT order_state text,
    OUT latitude double precision, OUT longitude double precision)
RETURNS SETOF record LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 4000
AS 'MODULE_PATHNAME', 'ecomm_sample_customer';

CREATE FUNCTION ecomm._sample_sale(
    customers integer, days integer, seed bigint, first_day date,
    OUT transaction_date timestamp, OUT customer_id bigint, OUT description text, OUT stock_code text,
    OUT invoice_no bigint, OUT quantity integer, OUT sale numeric, OUT unit_price numeric)
RETURNS SETOF record LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 80000
AS 'MODULE_PATHNAME', 'ecomm_sample_sale';

COMMENT ON FUNCTION ecomm._sample_state() IS
'Internal: rows of the sample state table: every spelling with what it means.';
COMMENT ON FUNCTION ecomm._sample_product() IS
'Internal: rows of the sample product table; weights in pounds.';
COMMENT ON FUNCTION ecomm._sample_customer(integer, integer, bigint, date) IS
'Internal: rows of the sample customer table; see ecomm_sample_data for the arguments.';
COMMENT ON FUNCTION ecomm._sample_sale(integer, integer, bigint, date) IS
'Internal: rows of the sample sale table, in order of time; see ecomm_sample_data for the arguments.';

CREATE FUNCTION ecomm_sample_data(
    customers integer DEFAULT 4000,
    days integer DEFAULT 730,
    seed bigint DEFAULT 42,
    schema name DEFAULT NULL,
    first_day date DEFAULT '2023-01-02',
    lines bigint DEFAULT NULL)
RETURNS TABLE (relation text, rows bigint)
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 4
AS 'MODULE_PATHNAME', 'ecomm_sample_data';

COMMENT ON FUNCTION ecomm_sample_data(integer, integer, bigint, name, date, bigint) IS
'Creates the tables sale, customer, product and state of a made-up garden shop in a schema (NULL: the current one; created if it is not there), fills and analyzes them. Nothing is overwritten: a table of that name is an error.
customers: 1 to 100 million, a fair part of whom buy once and a few very often. days: 1 to 36525 from first_day on; the shop is closed on Sundays. lines: 1 to 2 billion, sizes the shop by sale lines instead, to some percent; customers is then not looked at. The same arguments give the same rows.
sale.sale is the line total, quantity x unit_price. As in real tables there are returns (negative quantity), customers and invoices that are not known (NULL), free gifts (price 0), a misspelt category, and states spelt in many ways.
About 21 lines per customer over 730 days: customers => 470000 gives 10 million lines.';
