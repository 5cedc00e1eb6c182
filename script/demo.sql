
\echo '\n=== How the sale table is understood\n'
SELECT role, expression, note FROM ecomm_bind('sale') WHERE relation = 'public.sale';

\echo '\n=== The best customers: recency in days, frequency in orders, monetary in money\n'
SELECT * FROM rfm() ORDER BY monetary DESC LIMIT 5;

\set ECHO none
-- Once is enough to be told what is left out.
SET client_min_messages = warning;
SET ecomm_analytics.progress = off;
\set ECHO queries

\echo '\n=== Customers by segment\n'
SELECT segment, count(*) AS customers, round(avg(recency)) AS days_ago, round(avg(frequency), 1) AS orders,
       sum(monetary) AS revenue, round(100 * sum(monetary) / sum(sum(monetary)) OVER (), 1) AS percent
FROM rfm_segments() GROUP BY segment ORDER BY revenue DESC;

\echo '\n=== How many clusters?\n'
SELECT k, round(silhouette::numeric, 3) AS silhouette, round(davies_bouldin::numeric, 3) AS davies_bouldin,
       round(calinski_harabasz::numeric, 1) AS calinski_harabasz, recommended
FROM kmeans_select_k(k_max => 6);

\echo '\n=== Train a model and keep it: RFM, Box-Cox, scaling, k-means\n'
SELECT kmeans_train(k => 3, name => 'customers') AS model;
SELECT id, name, version, active, created_by FROM ecomm.model;

\echo '\n=== Its clusters, from best to worst, and how well they are apart\n'
SELECT cluster, name, size, round((center->>'recency')::numeric) AS days_ago,
       round((center->>'frequency')::numeric, 1) AS orders, round((center->>'monetary')::numeric, 2) AS revenue
FROM kmeans_clusters('customers');
SELECT k, members, round(inertia::numeric, 2) AS inertia, round(silhouette::numeric, 4) AS silhouette,
       round(davies_bouldin::numeric, 4) AS davies_bouldin, round(calinski_harabasz::numeric, 2) AS calinski_harabasz
FROM kmeans_evaluate('customers');

\echo '\n=== Predict: a customer of 15 days ago with 8 orders worth 2,500, and two others\n'
SELECT recency, frequency, monetary, kmeans_predict_name('customers', recency, frequency, monetary) AS cluster
FROM (VALUES (15, 8, 2500), (200, 5, 700), (150, 1, 50)) AS customer (recency, frequency, monetary);

\echo '\n=== Segment and cluster side by side\n'
SELECT segment, count(*) FILTER (WHERE name = 'Champions') AS champions,
       count(*) FILTER (WHERE name = 'At-Risk') AS at_risk, count(*) FILTER (WHERE name = 'Occasional') AS occasional
FROM rfm_segments() JOIN kmeans_assign('customers') USING (customer_id)
GROUP BY segment ORDER BY champions DESC, at_risk DESC;

\echo '\n=== Sales by month, and what a unit sold for\n'
SELECT period, s.value AS sales, o.value AS orders, round(p.value, 2) AS price
FROM sales_series('sales', 'month') AS s JOIN sales_series('orders', 'month') AS o USING (period)
JOIN sales_series('price', 'month') AS p USING (period) ORDER BY period DESC LIMIT 6;

\echo '\n=== The week: which day sells, and is the shop closed on one?\n'
SELECT name, periods AS days, total, round(index::numeric, 2) AS index, closed FROM sales_profile();

\echo '\n=== Which seasons do daily sales have?\n'
SELECT season, round(strength::numeric, 3) AS strength, round(acf::numeric, 3) AS acf, significant FROM sales_seasons();

\echo '\n=== Taken apart: trend, season of the week, remainder (the last week)\n'
SELECT period, round(observed::numeric, 2) AS observed, round(trend::numeric, 2) AS trend, round(seasonal::numeric, 2) AS seasonal,
       round(remainder::numeric, 2) AS remainder
FROM sales_decompose() ORDER BY period DESC LIMIT 7;

\echo '\n=== Days that do not belong to the rest\n'
SELECT period, round(value::numeric, 2) AS value, round(score::numeric, 2) AS score, round(interpolated::numeric, 2) AS instead
FROM sales_outliers() ORDER BY abs(score) DESC LIMIT 5;

\echo '\n=== Are they stationary? Before and after one difference\n'
SELECT differences, test, round(statistic::numeric, 3) AS statistic, p_bound || ' ' || round(p_value::numeric, 4) AS p_value, stationary
FROM generate_series(0, 1) AS differences, sales_stationarity(differences => differences);

\echo '\n=== The next week, and which method would have done best in the past\n'
SELECT period, round(forecast::numeric, 2) AS forecast, round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper
FROM sales_forecast(7);
SELECT method, round(mae::numeric, 2) AS mae, round(mase::numeric, 3) AS mase, round(coverage::numeric, 2) AS coverage
FROM sales_backtest(14) WHERE step IS NULL ORDER BY mae;

\echo '\n=== How good are the lines? What is made of those that are not\n'
SELECT subject, reason, lines, amount, effect FROM sales_quality() WHERE lines > 0 AND reason NOT IN ('all', 'complete') ORDER BY lines DESC LIMIT 6;

\echo '\n=== Views for dashboards: built, then kept fresh from the lines that change\n'
CALL ecomm_refresh();
SELECT count(*) AS triggers FROM ecomm_track();
CALL ecomm_refresh();
UPDATE sale SET quantity = quantity + 1 WHERE customer_id = (SELECT min(customer_id) FROM sale);
CALL ecomm_refresh();
SELECT run, step, mode, rows, round(seconds::numeric, 2) AS seconds FROM ecomm.refresh_run WHERE step = 'lines' ORDER BY run;
SELECT count(*) AS numbers_that_differ_from_the_lines FROM ecomm_verify();
SELECT period, sales, orders, active_customers, average_order_value, round(sales_change_year::numeric, 2) AS change_on_year_before
FROM ecomm.kpi WHERE grain = 'month' ORDER BY period DESC LIMIT 4;
SELECT table_name AS view FROM information_schema.views WHERE table_schema = 'ecomm' AND table_name NOT LIKE '\_%' ORDER BY 1;
