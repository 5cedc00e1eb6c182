-- The report page: its numbers are those of the views, its text is text, and what cannot be answered is said.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA reporting;
SET search_path = reporting, public;
SET datestyle = 'ISO, YMD';

-- before there are views, and before there are sales
SELECT ecomm_report();
CREATE TABLE sale (sold_at timestamp, customer_id integer, invoice_no text, product_id text, quantity integer, amount numeric(12,2));
CREATE TABLE customer (customer_id integer PRIMARY KEY, customer_name text, state text);
CREATE TABLE product (product_id text PRIMARY KEY, description text, category text);
SELECT count(*) > 0 AS bound FROM ecomm_bind('sale');
CALL ecomm_refresh();
SELECT substring(ecomm_report() FROM '<p class="lead" id="nothing">.*</p>');

-- a shop whose names are hostile
INSERT INTO product SELECT 'P' || i, '<script>alert("' || i || '")</script> & co', 'Food & ''Drink'' <b>' || i % 3 FROM generate_series(1, 12) AS i;
INSERT INTO customer SELECT i, 'C' || i, (ARRAY['CA', 'NY', '<i>TX</i>'])[1 + i % 3] FROM generate_series(1, 60) AS i;
INSERT INTO sale
SELECT timestamp '2023-03-06 10:00' + (i * 7919 % 480) * interval '1 day' + i % 300 * interval '1 minute', nullif(1 + i * 31 % 61, 61), 'I' || i / 3,
       'P' || 1 + i % 12, 1 + i % 4, round((5 + i * 131 % 977 / 7.0)::numeric, 2) * CASE WHEN i % 40 = 0 THEN -1 ELSE 1 END
FROM generate_series(1, 3000) AS i WHERE extract(isodow FROM timestamp '2023-03-06' + (i * 7919 % 480) * interval '1 day') < 7;
-- an order on two days
INSERT INTO sale VALUES ('2023-12-31 23:50', 5, 'two days', 'P1', 1, 10), ('2024-01-01 00:10', 5, 'two days', 'P1', 1, 10);
SELECT count(*) > 0 AS bound FROM ecomm_bind('sale');
CALL ecomm_refresh();
CREATE TABLE page AS SELECT ecomm_report(title => 'A & B <script>"') AS html;
SELECT substring(html FROM '<title>.*</title><style>'), html !~ '[^\x01-\x7e]' AS is_ascii, html ~ '<script' AS script, html ~ '(src|href)="[^#]' AS loads,
       (length(html) - length(replace(html, '<h1>', ''))) / 4 AS h1, length(html) < 300000 AS small
FROM page;
SELECT ecomm_report(title => 'A & B <script>"') = html AS same_again FROM page;
-- more than a day apart
SET timezone = 'Pacific/Kiritimati';
SELECT ecomm_report(title => 'A & B <script>"') = html AS same_in_the_east, html ~ 'table-models' AS models FROM page;
SET timezone = 'Pacific/Pago_Pago';
SELECT ecomm_report(title => 'A & B <script>"') = html AS same_in_the_west FROM page;
RESET timezone;

-- a table of the page, cell by cell: exact values where there are, else text
CREATE FUNCTION cells(html text, id text) RETURNS TABLE (line bigint, cells text[]) LANGUAGE sql SET search_path = pg_catalog AS $$
  SELECT r.line, ARRAY(SELECT coalesce(substring(c[2] FROM '<data value="([^"]*)"'), c[2])
                       FROM regexp_matches(r.tr[1], '<(t[hd])[^>]*?>(.*?)</t[hd]>', 'g') WITH ORDINALITY AS m (c, i) ORDER BY i)
  FROM regexp_matches(substring(html FROM '<table id="table-' || id || '">.*?</table>'), '<tr>(.*?)</tr>', 'g') WITH ORDINALITY AS r (tr, line)
  WHERE r.line > 1
$$;
CREATE FUNCTION number(html text, id text) RETURNS numeric LANGUAGE sql SET search_path = pg_catalog AS $$
  SELECT nullif(substring(html FROM '<data id="' || id || '" value="([^"]*)"'), '')::numeric
$$;
CREATE FUNCTION differences(html text, expected text, id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  result bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM ((SELECT cells FROM cells($1, $2) EXCEPT SELECT c::text[] FROM (%1$s) AS e (c))
                  UNION ALL (SELECT c::text[] FROM (%1$s) AS e (c) EXCEPT SELECT cells FROM cells($1, $2))) AS d', expected) INTO result USING html, id;
  RETURN result;
END $$;

-- all days: as the views have them
SELECT number(html, 'kpi-sales') = k.sales AS sales, number(html, 'kpi-orders') = k.orders AS orders, number(html, 'kpi-units') = k.units AS units,
       number(html, 'kpi-customers') = k.active_customers AS customers, number(html, 'kpi-aov') = k.average_order_value AS aov,
       number(html, 'kpi-items') = k.items_per_order AS items, k.sales = (SELECT sum(amount) FROM sale) AS as_the_lines
FROM page, ecomm.kpi AS k WHERE k.grain = 'all';
SELECT number(html, 'outlook-total') = sum(o.forecast) AS outlook FROM page, ecomm.sales_outlook AS o WHERE o.metric = 'sales' GROUP BY html;
SELECT id, (SELECT count(*) FROM cells(html, id)) AS rows, differences(html, expected, id)
FROM page, (VALUES
  ('categories', 'SELECT ARRAY[replace(replace(replace(replace(category, ''&'', ''&amp;''), ''<'', ''&lt;''), ''>'', ''&gt;''), '''''''', ''&#39;''),
                               sales::text, round(sales_share::numeric, 6)::text, units::text, orders::text, customers::text] FROM ecomm.category_totals'),
  ('weekdays', 'SELECT ARRAY[weekday_name, days::text, sales::text, mean_sales::text, round(sales_share::numeric, 6)::text] FROM ecomm.weekday_profile'),
  ('segments', 'SELECT ARRAY[segment, customers::text, round(share::numeric, 6)::text, round(recency::numeric, 1)::text, round(frequency::numeric, 1)::text,
                             monetary::text, sales::text, round(sales_share::numeric, 6)::text] FROM ecomm.segment_summary'),
  ('trend', 'SELECT ARRAY[to_char(min(sale_date), ''FMDD Mon YYYY''), count(*)::text, sum(observed)::text, round(avg(observed), 2)::text,
                          round(avg(trend), 2)::text] FROM ecomm.sales_trend WHERE metric = ''sales'' GROUP BY date_trunc(''week'', sale_date)')
) AS t (id, expected);
SELECT (SELECT sum(cells[2]::numeric) FROM cells(html, 'states')) = (SELECT sum(sales) FROM ecomm.state_totals) AS states,
       (SELECT count(*) FROM cells(html, 'products')) AS products, (SELECT sum(cells[2]::numeric) FROM cells(html, 'products')) = (SELECT sum(sales) FROM ecomm.product_totals) AS all_products
FROM page;
SELECT cells[1] AS fact, cells[2] AS number FROM page, cells(html, 'facts') WHERE line > 2 LIMIT 4;

-- ranges: a month, compared with the one before; days of one's own, with what is known of them
CREATE FUNCTION kpi(html text) RETURNS TABLE (sales numeric, orders numeric, customers numeric) LANGUAGE sql AS $$
  SELECT number(html, 'kpi-sales'), number(html, 'kpi-orders'), number(html, 'kpi-customers') $$;
SELECT p.sales = k.sales AS sales, p.orders = k.orders AS orders, p.customers = k.active_customers AS customers, html ~ 'than the month before' AS compared
FROM ecomm_report('2023-08-01', '2023-08-31') AS html, kpi(html) AS p, ecomm.kpi AS k WHERE k.grain = 'month' AND k.period = '2023-08-01';
SELECT p.sales = (SELECT sum(sales) FROM ecomm.sales_daily WHERE sale_date BETWEEN '2023-08-05' AND '2023-09-11') AS sales,
       p.orders = (SELECT sum(orders) FROM ecomm.orders_daily WHERE level = 'total' AND sale_date BETWEEN '2023-08-05' AND '2023-09-11') AS orders,
       p.customers, html ~ 'is counted on both' AS told, html ~ 'than the 38 days before' AS compared
FROM ecomm_report('2023-08-05', '2023-09-11') AS html, kpi(html) AS p;
SELECT p.customers = (SELECT count(DISTINCT customer_id) FROM sale WHERE sold_at >= '2024-04-20' AND amount > 0) AS customers_up_to_now
FROM ecomm_report('2024-04-20') AS html, kpi(html) AS p;
-- what sales begin in is not whole, and a day is compared with the same weekday
SELECT substring(html FROM 'In [^.]*? last full month') AS lead, html ~ 'more than in the month before|less than in the month before' AS compared
FROM unnest(ARRAY[ecomm_report(NULL, '2023-03-31'), ecomm_report(NULL, '2023-04-30'), ecomm_report(NULL, '2023-05-31')]) AS html;
SELECT (SELECT array_agg(cells[1]) FROM cells(html, 'recent')) AS recent, (SELECT array_agg(cells[3] ~ '\d') FROM cells(html, 'recent')) AS compared
FROM unnest(ARRAY[ecomm_report(), ecomm_report(NULL, '2023-12-31')]) AS html;
SELECT html ~ 'than 52 weeks before' AS weekday, html ~ 'than a year before</dd>' AS date FROM ecomm_report('2024-03-07', '2024-03-07') AS html;
SELECT ecomm_report('-infinity', 'infinity', 'A & B <script>"') = html AS open_ends FROM page;
SELECT substring(ecomm_report('2030-01-01') FROM '<p class="lead" id="nothing">.*</p>');
SELECT substring(ecomm_report(title => ' ') FROM '<h1>.*?</h1>') AS blank_title;
SELECT ecomm_report('2024-02-01', '2024-01-01');
SELECT ecomm_report('infinity', '2024-01-01');

-- a reader of the views may call it; of the lines it learns that it may not read them
CREATE ROLE regress_report_reader;
GRANT USAGE ON SCHEMA reporting TO regress_report_reader;
GRANT SELECT ON page TO regress_report_reader;
SELECT count(*) > 0 AS granted FROM ecomm_grant_read('regress_report_reader');
SELECT (SELECT count(*) FROM cells(ecomm_report(quality => true), 'quality')) > 3 AS quality;
SET ROLE regress_report_reader;
SELECT public.ecomm_report(title => 'A & B <script>"') = (SELECT html FROM page) AS same_page;
SELECT substring(public.ecomm_report(quality => true) FROM '<p class="remark" id="quality-refused">.*?</p>');
RESET ROLE;
SELECT count(*) > 0 AS revoked FROM ecomm_revoke_read('regress_report_reader');
SET ROLE regress_report_reader;
SELECT public.ecomm_report();
RESET ROLE;

DROP OWNED BY regress_report_reader;
DROP ROLE regress_report_reader;
RESET search_path;
DROP SCHEMA reporting CASCADE;
DROP EXTENSION ecomm_analytics;
CREATE EXTENSION ecomm_analytics;
