-- ecomm_sample_data: what it makes, that it makes the same again, and what it refuses.

\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET extra_float_digits = 0;
-- How many rows come depends on nothing but the arguments, and a little on the platform's libm.
SELECT relation, rows BETWEEN 1 AND 4000 AS some FROM ecomm_sample_data(100, 90, schema => 'shop');
SELECT relation, rows FROM ecomm_sample_data(50, 60, 7, 'Odd "name"', '2024-03-01') WHERE relation !~ 'sale';

SELECT table_name, column_name, data_type, numeric_precision, numeric_scale
FROM information_schema.columns WHERE table_schema = 'shop'
ORDER BY table_name, ordinal_position;

-- Statistics are there.
SELECT relname, reltuples > 0 AS analyzed FROM pg_class WHERE relnamespace = 'shop'::regnamespace ORDER BY 1;

-- The amount is the line total, without exception.
SELECT count(*) FILTER (WHERE sale IS DISTINCT FROM quantity * unit_price) AS wrong,
       count(*) FILTER (WHERE quantity < 0) > 0 AS returns,
       count(*) FILTER (WHERE customer_id IS NULL) > 0 AS guests,
       count(*) FILTER (WHERE invoice_no IS NULL) > 0 AS without_invoice,
       min(transaction_date) >= '2023-01-02' AND max(transaction_date) < '2023-04-02' AS in_90_days,
       count(*) FILTER (WHERE extract(dow FROM transaction_date) = 0) AS on_sundays
FROM shop.sale;

-- Stored in order of time.
SELECT count(*) AS out_of_order
FROM (SELECT transaction_date < lag(transaction_date) OVER (ORDER BY ctid) AS earlier FROM shop.sale) AS pairs
WHERE earlier;

-- Keys find their tables.
SELECT count(*) FILTER (WHERE product.stock_code IS NULL) AS unknown_products,
       count(*) FILTER (WHERE sale.customer_id IS NOT NULL AND customer.customer_id IS NULL) AS unknown_customers
FROM shop.sale LEFT JOIN shop.product USING (stock_code) LEFT JOIN shop.customer USING (customer_id);
SELECT count(*) AS spellings, count(DISTINCT order_state) AS different, count(DISTINCT state) AS states
FROM shop.state;

-- The same arguments give the same rows, another seed gives others.
SELECT count(*) AS differ FROM (
    (TABLE shop.sale EXCEPT ALL SELECT * FROM ecomm._sample_sale(100, 90, 42, '2023-01-02')) UNION ALL
    (SELECT * FROM ecomm._sample_sale(100, 90, 42, '2023-01-02') EXCEPT ALL TABLE shop.sale)) AS changes;
SELECT count(*) > 0 AS differ FROM (
    TABLE shop.customer EXCEPT ALL SELECT * FROM ecomm._sample_customer(100, 90, 43, '2023-01-02')) AS changes;

-- Sized by lines.
SELECT rows BETWEEN 4000 AND 6000 AS about_5000
FROM ecomm_sample_data(days => 100, schema => 'sized', lines => 5000) WHERE relation = 'sized.sale';

-- Without a schema: the current one; a hostile search_path changes nothing.
CREATE SCHEMA here;
CREATE FUNCTION here.to_regnamespace(text) RETURNS regnamespace LANGUAGE sql AS 'SELECT NULL::regnamespace';
SET search_path = here, pg_catalog, public;
SELECT relation FROM ecomm_sample_data(10, 10);
SET search_path = nowhere;
SELECT public.ecomm_sample_data(10, 10);
RESET search_path;

-- Nothing is overwritten, be it a table or not, and nothing is left half made.
CREATE SCHEMA taken;
CREATE VIEW taken.product AS SELECT 1 AS one;
SELECT * FROM ecomm_sample_data(10, 10, schema => 'shop');
SELECT * FROM ecomm_sample_data(10, 10, schema => 'taken');
SELECT count(*) FROM pg_class WHERE relnamespace = 'taken'::regnamespace;

-- Arguments out of range.
SELECT * FROM ecomm_sample_data(0, schema => 'refused');
SELECT * FROM ecomm_sample_data(days => 36526, schema => 'refused');
SELECT * FROM ecomm_sample_data(seed => NULL, schema => 'refused');
SELECT * FROM ecomm_sample_data(first_day => 'infinity', schema => 'refused');
SELECT * FROM ecomm_sample_data(first_day => '10000-01-01', schema => 'refused');
SELECT * FROM ecomm_sample_data(days => 1, first_day => '2023-01-01', schema => 'refused', lines => 10);
SELECT * FROM ecomm_sample_data(lines => 0, schema => 'refused');
SELECT * FROM ecomm_sample_data(lines => 3000000000, schema => 'refused');
SET ecomm_analytics.memory_limit = '1MB';
SELECT * FROM ecomm_sample_data(1000000, schema => 'refused');
RESET ecomm_analytics.memory_limit;
SELECT to_regnamespace('refused');

-- Whoever may not create may not.
CREATE ROLE regress_sample_reader;
CREATE SCHEMA closed;
SET ROLE regress_sample_reader;
SELECT * FROM ecomm_sample_data(10, 10, schema => 'mine');
SELECT * FROM ecomm_sample_data(10, 10, schema => 'closed');
RESET ROLE;

-- A long one is cancelled.
SET statement_timeout = '100ms';
SELECT * FROM ecomm_sample_data(5000000, schema => 'refused');
RESET statement_timeout;

DROP ROLE regress_sample_reader;
DROP SCHEMA shop, "Odd ""name""", sized, here, taken, closed CASCADE;
