-- Floats as the decimals people meant.
SET client_min_messages = warning;
\pset format unaligned

SELECT f, ecomm._exact_numeric(f::float8) FROM (VALUES ('0'), ('-0'), ('19.99'), ('0.1'), ('-0.07'), ('0.005'), ('1.005'),
  ('0.30000000000000004'), ('123456789012.34'), ('9999999999999.99'), ('12345678901234.56'), ('1e15'), ('1e22'), ('1e300'),
  ('5e-324'), ('NaN'), ('Infinity'), ('-Infinity')) AS given(f);
SELECT f, ecomm._exact_numeric(f::float4) FROM (VALUES ('0'), ('0.1'), ('19.99'), ('16777217'), ('1e-45'), ('3.4e38'),
  ('NaN'), ('-Infinity')) AS given(f);
SELECT ecomm._exact_numeric(NULL::float8) IS NULL AS null_stays_null;
-- Independent of the session's settings.
SET extra_float_digits = -10;
SELECT ecomm._exact_numeric(0.1234567890123456::float8);
RESET extra_float_digits;
-- Every price in cents comes out as itself, and every double reads back.
SELECT count(*) FROM generate_series(-1000000, 1000000, 7) AS cents
  WHERE ecomm._exact_numeric((cents / 100.0)::float8) <> cents / 100.0;
SELECT count(*) FROM generate_series(1, 20000) AS i, LATERAL (SELECT sin(i) * power(10, i % 40 - 20) AS x) AS s
  WHERE ecomm._exact_numeric(x)::float8 <> x;
