-- What series are told apart by: dimensions joined by keys of other types, columns of any name and collation.
CREATE SCHEMA series_by;
SET search_path = series_by, public;
SET datestyle = ISO;
SET client_min_messages = warning;
\pset format unaligned
CREATE TABLE sale (sold_at timestamp, customer_id bigint, invoice_no integer, product_id float8, amount numeric, "Weird,Col" text, "say ""so""" text);
INSERT INTO sale VALUES ('2024-01-01', 1, 1, 10, 1, 'a', 'x'), ('2024-01-01', 2, 2, 1e15, 2, 'b', NULL), ('2024-01-02', 17850, 3, 10, 4, NULL, 'x'),
                        ('2024-01-02', NULL, 4, NULL, 8, 'a', 'y');
-- Numbers meet by value, whatever their types and scales.
CREATE TABLE customer (customer_id numeric(10,1), city text, state text);
INSERT INTO customer VALUES (1, 'Rome', 'Lazio'), (2, 'Oslo', NULL), (17850, 'Rome', 'LAZIO'), (17850, 'Rome', 'LAZIO'), (NULL, 'Nowhere', 'None');
CREATE TABLE product (product_id numeric, category text);
INSERT INTO product VALUES (10.00, 'Ten'), (1000000000000000, 'Many');
CREATE TABLE state (spelling text, state_code text, region text);
INSERT INTO state VALUES ('Lazio', 'LZ', 'South'), ('LAZIO', 'LZ', 'South');
SELECT series, value FROM sales_series(grain => 'month', by => 'city');
SELECT series, value FROM sales_series(grain => 'month', by => 'category');
SELECT series, value FROM sales_series(grain => 'month', by => 'state');
SELECT series, value FROM sales_series(grain => 'month', by => 'region, state');
SELECT series, value FROM sales_series(grain => 'month', by => 'segment');
-- Names with commas and quotes; upper case.
SELECT series, value FROM sales_series(grain => 'month', by => '"Weird,Col"');
SELECT series, value FROM sales_series(grain => 'month', by => '{"say ""so""", "Weird,Col"}');
SELECT series, value FROM sales_series(grain => 'month', by => 'INVOICE_NO');
-- A column of the sale table serves where the dimension is not there.
CREATE TABLE flat AS SELECT sold_at, customer_id, invoice_no, amount, 'c' || invoice_no % 2 AS category, 'r' AS region FROM sale;
SELECT series, value FROM sales_series(grain => 'month', by => 'category, region', sale => 'flat');
SELECT series, value FROM sales_series(grain => 'month', by => 'product', sale => 'flat');
-- Collations: the aggregate and the plan that spills tell values apart alike.
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE channel AS
SELECT timestamp '2024-01-01' + i * interval '1 hour' AS sold_at, i AS customer_id, i::text COLLATE any_case AS invoice_no, 1 AS amount,
       (ARRAY['web', 'Web', 'shop'])[1 + i % 3] COLLATE any_case AS channel, (ARRAY['x', 'X'])[1 + i % 2] COLLATE "en-x-icu" AS other
FROM generate_series(1, 24) AS i;
SELECT s.series, s.value AS sales, o.value AS orders
FROM sales_series('sales', 'month', 'channel', sale => 'channel') AS s JOIN sales_series('orders', 'month', 'channel', sale => 'channel') AS o USING (series, period);
SELECT count(*), sum(value) FROM sales_series('orders', 'month', 'channel, other', sale => 'channel');
DROP SCHEMA series_by CASCADE;
