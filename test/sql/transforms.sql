-- boxcox() and yeojohnson(), their inverses, and the aggregates that estimate lambda.
SET extra_float_digits = 0;
CREATE SCHEMA transforms_test;
SET search_path = transforms_test, public;

-- reference values (scipy.special.boxcox and 50-digit arithmetic; test/data/transform_reference.py)
SELECT name, x, lambda, abs(got / want - 1) < 1e-12 AS ok
FROM (SELECT 'boxcox' AS name, x, lambda, want, boxcox(x, lambda) AS got
      FROM (VALUES (0.25::float8, -2::float8, -7.5), (1e300, -30, 0.03333333333333333), (1e-300, -0.5, -2e150),
                   (0.25, 0, -1.3862943611198906), (1e300, 1e-12, 690.7755281367992),
                   (1e-300, 0.178150173, -5.613241812568995), (0.25, 1.99999999999, -0.4687500000019105),
                   (1e300, 1, 1e300)) AS t (x, lambda, want)
      UNION ALL
      SELECT 'boxcox_inverse', x, lambda, want, boxcox_inverse(x, lambda)
      FROM (VALUES (-1e9::float8, -30::float8, 0.447468661469716), (-40, -30, 0.7894935139292161),
                   (-2, -30, 0.8719448270506733)) AS t (x, lambda, want)) AS all_of_them
ORDER BY name, lambda, x;
SELECT round(boxcox(250, 0.18)::numeric, 12) AS boxcox,
       round(boxcox_inverse(boxcox(250, 0.18), 0.18)::numeric, 9) AS back,
       yeojohnson(-3, 1) AS the_same, yeojohnson(0, 0.3) AS zero;
-- there and back; Box-Cox with lambda = 1 cannot tell 1e-300 from 0
SELECT x, bool_and(abs(yeojohnson_inverse(yeojohnson(x, lambda), lambda) / x - 1) < 1e-12) AS yeojohnson,
       bool_and(x < 0.1 OR abs(boxcox_inverse(boxcox(abs(x), lambda), lambda) / abs(x) - 1) < 1e-12) AS boxcox
FROM unnest('{-1e100,-300.5,-1e-300,1e-300,0.5,214.2,1e100}'::float8[]) AS x,
     unnest('{0,0.001,0.5,1}'::float8[]) AS lambda
WHERE lambda > 0 OR abs(x) < 1e99 AND x > 0
GROUP BY x ORDER BY x;

-- NULL and NaN pass; an infinite value has a limit
SELECT boxcox(NULL, 1), boxcox(1, NULL), yeojohnson(NULL, 1), boxcox_inverse(1, NULL), yeojohnson_inverse(NULL, 0);
SELECT boxcox('NaN', 1), boxcox(1, 'NaN'), yeojohnson('NaN', 1), boxcox_inverse('NaN', 0), yeojohnson_inverse(1, 'NaN');
SELECT boxcox('Infinity', 0.5), boxcox('Infinity', -0.5), yeojohnson('-Infinity', 1), boxcox_inverse('-Infinity', 0);

-- errors: never a NaN that was not put in
\set VERBOSITY default
SELECT boxcox(0, 0.5);
SELECT boxcox(-214.20, 0.5);
SELECT boxcox('-Infinity', 0.5);
SELECT boxcox(2, 'Infinity');
SELECT boxcox(1e-300, -30);
SELECT boxcox_inverse(-3, 0.5);
SELECT boxcox_inverse(1e300, 0.01);
SELECT boxcox_inverse(1000, 0);
SELECT yeojohnson(1e300, 3);
SELECT yeojohnson(1, '-Infinity');
SELECT yeojohnson_inverse(2, -1);
SELECT yeojohnson_inverse(-2, 3);
\set VERBOSITY sqlstate
SELECT boxcox(0, 0.5);
SELECT boxcox(2, 'Infinity');
SELECT boxcox_inverse(-3, 0.5);
SELECT boxcox_inverse(1000, 0);
SELECT boxcox('two', 1);
SELECT boxcox(DATE '2024-01-01', 1);
\set VERBOSITY terse

-- lambda, against the exact maximum (test/data/transform_reference.py; scipy agrees to 1e-7)
CREATE TABLE purchases AS SELECT unnest('{
1,3,1,1,1,5,1,3,2,1,1,2,5,14,1,1,3,3,2,2,4,1,2,14,1,1,1,3,2,3,2,3,7,1,1,4,2,1,4,1,3,7,4,6,1,2,2,2,1,5,1,
2,6,3,2,2,2,4,1,5,10,3,2,1,5,5,3,8,2,2,5,1,1,2,6,2,2,1,5,1,1,3,2,5,2,4,7,1,1,5,4,4,7,3,3,3,3,2,2,3,2,4,1,
2,2,1,1,2,1,1,1,8,2,1,3,3,2,2,1,1,3,2,3,1,1,3,2,3,3,1,1,4,2,2,1,4,1,3,4,8,1,1,2,2,3,2,3,4,2,1,1,1,1,9,5,
2,1,7,2,1,1,3,1,1,1,10,1,4,3,2,2,1,1,1,1,1,2,4,7,4,1,1,1,1,1,1,4,1,1,2,2,3,2,2,1,3,2,2,2,1}'::float8[]) AS x;
CREATE TABLE net_of_returns AS SELECT unnest('{
-22.75,11.5,11.99,186.37,17.74,289.31,41.97,-32.04,-7,-20.72,12.02,-24.95,330.98,-28.42,34.01,34.11,
134.19,-8.38,159.85,-21.33,99.27,-6.49,-14.57,191.92,-35.94,-36.99,-2.18,2017.12,-17.14,11.01,302.96,
-21.05,-19.61,53.96,-15.7,10.91,-9.28,-14.3,-27.32,-29.6,-24.97,230.84,-5.83,59.33,7.78,-10.45,65.05,7.5,
-5.25,99.25,101.39,-24.86,78.64,-18.93,-30.68,93.11,-20.32,13.26,1291.69,-8.08,4.21,0.48,81.05,101.17,
371.03,-16.41,178.38,-28.28,-33.25,-25.17,179.35,33.37,121.63,-12.84,-18.91,-17.34,140.12,161.53,9.06,
-5.11,2459.42,-27.1,371.36,-30.82,25.25,21.49,-32.15,-16.58,148.84,27.55,-13.07,-33.54,12,46.45,60.61,
65.2,31.88,-20.89,60.73,67.46,-33.42,-37.51,88.22,-10.06,110.92,349.17,-11.2,38.2,55.06,-28.74,852.74,
100.68,-25.32,-9.49,670.12,1.15,-16.26,-22.83,-21.16,20.55}'::float8[]) AS x;
SELECT abs(boxcox_lambda(x) - -0.41060900314956944) < 1e-9 AS boxcox,
       abs(yeojohnson_lambda(x - 1) - boxcox_lambda(x)) < 1e-9 AS yeojohnson FROM purchases;
SELECT abs(yeojohnson_lambda(x) - 0.6094155050829843) < 1e-9 AS yeojohnson FROM net_of_returns;
-- any scale
SELECT abs(boxcox_lambda(x * 1e300) - boxcox_lambda(x)) < 1e-9 AS huge,
       abs(boxcox_lambda(x * 1e-300) - boxcox_lambda(x)) < 1e-9 AS tiny FROM purchases;
-- other types of number
SELECT abs(boxcox_lambda(x::numeric) - boxcox_lambda(x::integer)) < 1e-12 AS ok FROM purchases;

-- NULLs are ignored, no value gives NULL
SELECT boxcox_lambda(x), yeojohnson_lambda(x) FROM purchases WHERE false;
SELECT boxcox_lambda(NULL), yeojohnson_lambda(NULL::float8) FROM purchases;
SELECT boxcox_lambda(x) = (SELECT boxcox_lambda(x) FROM purchases) AS ok
FROM (SELECT x FROM purchases UNION ALL SELECT NULL FROM generate_series(1, 3)) AS t;
-- FILTER, DISTINCT, groups without values, a window
SELECT boxcox_lambda(x) FILTER (WHERE x > 0) BETWEEN 0 AND 1 AS filtered, boxcox_lambda(DISTINCT abs(x)) < 1 AS distinct
FROM net_of_returns WHERE x <> 0;
SELECT g, yeojohnson_lambda(CASE WHEN g < 2 THEN x END) IS NULL AS empty
FROM net_of_returns, generate_series(1, 2) AS g GROUP BY g ORDER BY g;
SELECT bool_and(running = (SELECT boxcox_lambda(x) FROM generate_series(1, least(n + 1, 6)) AS x)) AS ok
FROM (SELECT n, boxcox_lambda(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS running
      FROM generate_series(1, 6) AS n) AS t;

-- errors
\set VERBOSITY default
SELECT boxcox_lambda(5);
SELECT boxcox_lambda(5) FROM purchases;
SELECT yeojohnson_lambda(-2) FROM purchases;
SELECT boxcox_lambda(x) FROM net_of_returns;
SELECT boxcox_lambda(x) FROM unnest('{1,2,NaN,3}'::float8[]) AS x;
SELECT yeojohnson_lambda(x) FROM unnest('{1,-Infinity,3}'::float8[]) AS x;
SELECT yeojohnson_lambda('text'::text);
\set VERBOSITY terse
SET ecomm_analytics.memory_limit = '64kB';
SELECT boxcox_lambda(i) FROM generate_series(1, 100000) AS i;
RESET ecomm_analytics.memory_limit;

-- the same bits in whatever order, and through however many workers, the values come; -0 is 0
CREATE TABLE lines AS SELECT i, exp(i % 997 / 100.0 + i / 1e6) AS x,
                             CASE i % 5 WHEN 0 THEN -0.0::float8 WHEN 1 THEN 0 ELSE i % 777 - 300.25 END AS net
                      FROM generate_series(1, 20000) AS i;
ANALYZE lines;
CREATE TABLE bits (how text, boxcox bytea, yeojohnson bytea);
SET max_parallel_workers_per_gather = 0;
INSERT INTO bits SELECT 'serial', float8send(boxcox_lambda(x)), float8send(yeojohnson_lambda(net)) FROM lines;
INSERT INTO bits SELECT 'ascending', float8send(boxcox_lambda(x ORDER BY x)), float8send(yeojohnson_lambda(net ORDER BY net, i))
                 FROM lines;
INSERT INTO bits SELECT 'backwards', float8send(boxcox_lambda(x ORDER BY i DESC)),
                        float8send(yeojohnson_lambda(net ORDER BY i DESC)) FROM lines;
SET max_parallel_workers_per_gather = 4;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
ALTER TABLE lines SET (parallel_workers = 2);
EXPLAIN (COSTS off) SELECT boxcox_lambda(x), yeojohnson_lambda(net) FROM lines;
INSERT INTO bits SELECT 'parallel', float8send(boxcox_lambda(x)), float8send(yeojohnson_lambda(net)) FROM lines;
CREATE TABLE parallel AS SELECT float8send(boxcox_lambda(x)) AS boxcox, float8send(yeojohnson_lambda(net)) AS yeojohnson FROM lines;
INSERT INTO bits SELECT 'two workers', * FROM parallel;
-- a state of one value is a short varlena; workers without a row have none
CREATE TABLE two AS SELECT unnest('{2,5}'::float8[]) AS x;
ALTER TABLE two SET (parallel_workers = 2);
SELECT abs(boxcox_lambda(x)) < 1e-12 AS two, boxcox_lambda(x) FILTER (WHERE x > 9) AS none FROM two;
SELECT count(*), count(DISTINCT boxcox) AS boxcox, count(DISTINCT yeojohnson) AS yeojohnson FROM bits;
RESET max_parallel_workers_per_gather;

-- every function is described
SELECT p.oid::regprocedure FROM pg_proc AS p
WHERE p.proname ~ '^(_?(boxcox|yeojohnson)|_lambda_)' AND obj_description(p.oid, 'pg_proc') IS NULL;

SET client_min_messages = warning;
DROP SCHEMA transforms_test CASCADE;
