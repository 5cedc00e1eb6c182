-- pca() and pca_scores(): against scikit-learn, what they leave out, and that the order of rows does not matter.
SET extra_float_digits = 0;
CREATE SCHEMA pca_test;
SET search_path = pca_test, public;

-- reference values (test/data/pca_reference.py)
CREATE TABLE profile AS
SELECT (i + 2) / 3 AS id, v[i] AS recency, v[i + 1]::integer AS frequency, v[i + 2]::numeric AS monetary
FROM (SELECT '{
122,1,187.87,69,8,3892.71,203,1,353.51,110,3,1464.62,34,3,672.77,270,1,193.77,71,1,152.37,122,1,471.62,
120,10,563.21,259,2,896.66,271,1,77.71,188,2,186.22,30,4,356.62,168,3,3232.38,264,4,18.76,362,8,713.97,
359,4,199.92,63,1,706.83,93,2,212.82,183,1,648.02,96,3,3084.14,60,3,639.35,83,4,708.69,351,1,655.05,265,
5,152.11,183,4,817.23,209,9,307.71,125,2,140.44,206,3,383.71,63,7,300.22,23,1,1074.41,223,1,381.58,209,
11,202.7,150,5,2677.83,172,4,1458.12,48,3,2102.01,317,3,888.88,13,2,349.81,179,1,233.97,147,2,280.58,292,
4,1382.98,219,8,466.6,71,1,58.69,195,1,383.44,225,3,64.01,337,1,500.51,195,5,84.36,341,1,78.01,128,2,
470.67,351,8,364.43,354,1,46.51,300,1,1067.09,319,4,6714.51,179,5,58.8,351,3,4297.57,196,1,164.99,222,2,
212.23,149,1,319.72,218,5,61.63,150,1,2183.9,213,10,765.48,16,2,151.88,25,1,281.41,299,5,56.19,321,3,
256.7,93,3,1362.5,8,1,43.39,11,3,228.81,292,1,488.25,175,1,1576.1,101,5,2331.18,269,4,222.64,195,2,154.1,
164,1,724.53,35,4,251.58,137,1,269.61,289,5,1642.93,247,4,3628.81,177,1,570,61,4,314.23}'::float8[] AS v) AS t, generate_series(1, 240, 3) AS i;
SELECT component, round(explained_variance::numeric, 10) AS variance, round(explained_variance_ratio::numeric, 10) AS ratio,
       round(cumulative_ratio::numeric, 10) AS cumulative, round((loadings->>'recency')::numeric, 10) AS recency,
       round((loadings->>'frequency')::numeric, 10) AS frequency, round((loadings->>'monetary')::numeric, 10) AS monetary
FROM pca('profile');
SELECT abs(1.219971906208023 - explained_variance) < 1e-12 AND abs(0.40157408579347403 - explained_variance_ratio) < 1e-12
       AND abs(0.5198985675964555 - (loadings->>'recency')::float8) < 1e-12 AS ok FROM pca('profile', components => 1);
SELECT abs(explained_variance / w - 1) < 1e-12 AS variance, abs((loadings->>'recency')::float8 - l) < 1e-12 AS loading
FROM pca('profile', scale => false)
JOIN (VALUES (1, 1326982.7124115466, 0.006587062970884206), (2, 10335.718928075765, 0.9999758168268459),
             (3, 5.892595678256995, -0.002230776299891064)) AS want (component, w, l) USING (component) ORDER BY component;
SELECT customer_id, array_agg(round(s::numeric, 10) ORDER BY i) AS scores
FROM pca_scores('profile', '{recency,frequency,monetary}') AS p, unnest(p.scores) WITH ORDINALITY AS u (s, i)
WHERE customer_id <= 2 GROUP BY customer_id ORDER BY customer_id;
-- scores have the components' variances and do not correlate
SELECT bool_and(abs(v - explained_variance) < 1e-12) AS variances
FROM (SELECT i, var_samp(s) AS v FROM pca_scores('profile', '{recency,monetary}') AS p, unnest(scores) WITH ORDINALITY AS u (s, i)
      GROUP BY i) AS t JOIN pca('profile', '{recency,monetary}') ON component = i;
SELECT abs(corr(scores[1], scores[2])) < 1e-12 AS uncorrelated FROM pca_scores('profile', transform => 'yeo-johnson');

-- a transform first: the same as transforming the columns oneself
CREATE VIEW logs AS SELECT id, ln(recency) AS recency, ln(frequency::float8) AS frequency, ln(monetary::float8) AS monetary
                    FROM profile;
SELECT bool_and(abs(a.explained_variance - b.explained_variance) < 1e-12) AS scaled
FROM pca('profile', transform => 'log') AS a JOIN pca('logs') AS b USING (component);
SELECT bool_and(abs(a.explained_variance - b.explained_variance) < 1e-12) AS unscaled
FROM pca('profile', transform => 'log', scale => false) AS a JOIN pca('logs', scale => false) AS b USING (component);
CREATE VIEW boxcoxed AS
SELECT id, boxcox(recency, lr) AS recency, boxcox(frequency, lf) AS frequency, boxcox(monetary, lm) AS monetary
FROM profile, (SELECT boxcox_lambda(recency) AS lr, boxcox_lambda(frequency) AS lf, boxcox_lambda(monetary) AS lm
               FROM profile) AS l;
SELECT bool_and(abs(a.explained_variance - b.explained_variance) < 1e-9) AS boxcox
FROM pca('profile', transform => 'boxcox') AS a JOIN pca('boxcoxed') AS b USING (component);
SELECT bool_and(abs(a.scores[1] - b.scores[1]) < 1e-9) AS boxcox_scores
FROM pca_scores('profile', transform => 'boxcox') AS a JOIN pca_scores('boxcoxed') AS b USING (customer_id);

-- the order of rows makes no difference, not in one bit
CREATE TABLE backwards AS SELECT * FROM profile ORDER BY id DESC;
SELECT scale, transform, count(*) FILTER (WHERE float8send(a.explained_variance) <> float8send(b.explained_variance)
                                          OR a.loadings <> b.loadings) AS differ
FROM unnest('{true,false}'::boolean[]) AS scale, unnest('{none,boxcox}'::text[]) AS transform,
     pca('profile', scale => scale, transform => transform) AS a
     JOIN pca('backwards', scale => scale, transform => transform) AS b USING (component)
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FROM pca_scores('profile') AS a JOIN pca_scores('backwards') AS b USING (customer_id)
WHERE array_send(a.scores) <> array_send(b.scores);

-- rows that cannot be used: counted, and with NULL scores
CREATE TABLE gaps (customer_id integer, a float8, b numeric);
INSERT INTO gaps VALUES (1, 1, 2), (2, NULL, 1), (3, 4, 5), (4, 'NaN', 1), (5, 'Infinity', 1), (NULL, 9, 1), (7, -2, 'NaN'),
                        (8, 0, 4);
SELECT component, round(explained_variance::numeric, 6) AS variance FROM pca('gaps', '{a,b}');
SELECT customer_id, round(scores[1]::numeric, 6) AS one, round(scores[2]::numeric, 6) AS two FROM pca_scores('gaps', '{a,b}')
ORDER BY customer_id;
SELECT customer_id, scores IS NULL AS left_out FROM pca_scores('gaps', '{a,b}', transform => 'log', components => 1);
-- huge and tiny
CREATE TABLE extremes AS SELECT i AS id, i % 7 * 1e300 AS a, i % 5 * 1e-300 AS b, i % 3 AS c FROM generate_series(1, 105) AS i;
SELECT component, round(explained_variance::numeric, 9) AS variance, loadings <> '{}' AS loadings FROM pca('extremes', '{a,b,c}');
SELECT component, round(explained_variance_ratio::numeric, 9) AS ratio FROM pca('extremes', '{b}', scale => false);

-- keys: other columns, other types, NULL
ALTER TABLE profile ADD COLUMN code text, ADD COLUMN guid uuid, ADD COLUMN number numeric;
UPDATE profile SET code = CASE WHEN id <> 3 THEN repeat('k', id) END, number = id, guid = md5(id::text)::uuid;
SELECT max(customer_id), count(*) FROM pca_scores('profile', key_column => 'number');
SELECT pg_typeof(customer_id), customer_id, round(scores[1]::numeric, 6) AS score
FROM pca_scores_keyed(NULL::text, 'profile', key_column => 'code') ORDER BY customer_id NULLS FIRST LIMIT 3;
SELECT count(*) FROM pca_scores_keyed(NULL::uuid, 'profile', key_column => 'guid') AS k
  JOIN profile AS p ON p.guid = k.customer_id JOIN pca_scores('profile') AS s ON s.customer_id = p.id
WHERE array_send(k.scores) = array_send(s.scores);
SELECT count(*) FROM pca_scores('profile', key_column => 'code');
SELECT count(*) FROM pca_scores_keyed(NULL::text, 'profile', key_column => 'nothing');

-- from a sale table: RFM first
CREATE TABLE sale (sold_at timestamp, customer_id integer, invoice_no integer, amount numeric);
SELECT * FROM pca('sale');
INSERT INTO sale SELECT timestamp '2024-01-01' + i * interval '5 hours', i % 37, i / 2, (i * 7919 % 10000) / 100.0
                 FROM generate_series(1, 1000) AS i;
INSERT INTO sale VALUES ('2024-03-01', 1000, 5000, -10), ('2024-03-01', NULL, 5001, 10);
SELECT component, round(cumulative_ratio::numeric, 9) AS cumulative FROM pca();
SELECT component FROM pca(as_of => '2024-03-01');
SELECT customer_id, cardinality(scores) FROM pca_scores(components => 2) WHERE customer_id > 35 ORDER BY customer_id;
SELECT count(*) FROM pca_scores_keyed(NULL::text) WHERE scores IS NOT NULL;
CREATE TABLE rfm_kept AS SELECT * FROM rfm();
SELECT bool_and(abs(a.scores[1] - b.scores[1]) < 1e-12) AS ok
FROM pca_scores() AS a JOIN pca_scores('rfm_kept') AS b USING (customer_id);

-- errors
\set VERBOSITY default
CREATE TABLE empty (id integer, a float8, b float8, c text, d float8);
SELECT * FROM pca('empty', '{a,b}');
SELECT * FROM pca('empty', '{a,b}', transform => 'log');
SELECT * FROM pca_scores('empty', '{a,b}');
INSERT INTO empty VALUES (1, 1, 2, 'x', 5);
SELECT * FROM pca('empty', '{a,b}');
INSERT INTO empty VALUES (2, 2, 5, 'y', 5), (3, 4, 4, 'z', 5);
SELECT * FROM pca('empty', '{a,d}');
SELECT * FROM pca('empty', '{a,d}', transform => 'log', scale => false);
SELECT * FROM pca('empty', '{d}', scale => false);
SELECT component, round(explained_variance::numeric, 6) AS variance FROM pca('empty', '{a,d}', scale => false);
SELECT * FROM pca('empty', '{a,b}', components => 3);
SELECT * FROM pca('empty', '{a,b}', components => -1);
SELECT * FROM pca('empty', '{a,b}', transform => 'sqrt');
SELECT * FROM pca('empty', '{a,c}');
SELECT * FROM pca('empty', '{a,missing}');
SELECT * FROM pca('empty', '{a,a}');
SELECT * FROM pca('empty', '{}');
SELECT * FROM pca('empty', '{a,NULL}');
SELECT * FROM pca(features => '{a,b}');
SELECT * FROM pca('sale', as_of => 'infinity');
SELECT * FROM pca('extremes', '{a}', scale => false);
\set VERBOSITY terse
SET ecomm_analytics.memory_limit = '64kB';
CREATE VIEW many AS SELECT i AS id, i % 101 AS x, i % 7 AS y, repeat('k', 100) || i AS k FROM generate_series(1, 20000) AS i;
SELECT * FROM pca('many', '{x,y}');
SELECT count(*) FROM pca_scores_keyed(NULL::text, 'many', '{x,y}', key_column => 'k');
RESET ecomm_analytics.memory_limit;
-- the caller's rights hold
CREATE ROLE pca_nobody;
GRANT USAGE ON SCHEMA pca_test TO pca_nobody;
SET ROLE pca_nobody;
SELECT * FROM pca('empty', '{a,b}');
SELECT * FROM pca_scores('empty', '{a,b}');
RESET ROLE;

-- every function is described
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.proname ~ '^pca' AND obj_description(p.oid, 'pg_proc') IS NULL;

SET client_min_messages = warning;
DROP SCHEMA pca_test CASCADE;
DROP ROLE pca_nobody;
