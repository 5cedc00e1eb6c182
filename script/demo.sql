
\echo '\n=== What is understood of the sale table'
SELECT role, expression, note FROM ecomm_bind('sale') WHERE relation = 'public.sale';

\echo '\n=== The best customers: recency in days, frequency in orders, monetary in money'
SELECT * FROM rfm() ORDER BY monetary DESC LIMIT 5;

\echo '\n=== Segments by name'
SELECT segment, count(*) AS customers, round(avg(recency)) AS days_ago, round(avg(frequency), 1) AS orders,
       sum(monetary) AS revenue, round(100 * sum(monetary) / sum(sum(monetary)) OVER (), 1) AS percent
FROM rfm_segments() GROUP BY segment ORDER BY revenue DESC;
