-- What a reader of dashboards sees: every view, only types that every client takes, a comment on everything, and nothing else.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA reading;
SET search_path = reading, public;
CREATE ROLE regress_reader;
SELECT ecomm_grant_read('regress_reader');

CREATE VIEW view AS SELECT * FROM ecomm._dashboard_views() AS view;
CREATE VIEW offence AS
SELECT c.table_name, c.column_name, c.data_type, c.numeric_precision
FROM information_schema.columns AS c JOIN view ON view = format('%I.%I', c.table_schema, c.table_name)::regclass
WHERE NOT (c.data_type IN ('date', 'timestamp without time zone', 'text', 'integer', 'bigint', 'double precision', 'boolean')
           OR (c.data_type = 'numeric' AND coalesce(c.numeric_precision, 999) <= 18))
UNION ALL
SELECT view::text, NULL, 'no comment', NULL FROM view WHERE coalesce(obj_description(view, 'pg_class'), '') = ''
UNION ALL
SELECT view::text, attname, 'no comment', NULL FROM view JOIN pg_attribute ON attrelid = view AND attnum > 0 AND NOT attisdropped
WHERE coalesce(col_description(view, attnum), '') = '';
CREATE PROCEDURE read_all() LANGUAGE plpgsql AS $$
DECLARE
  view regclass;
  empty text := '';
  value text;
BEGIN
  FOR view IN SELECT * FROM ecomm._dashboard_views() LOOP
    EXECUTE format('SELECT string_agg(v::text, '''') FROM %s AS v', view) INTO value;
    IF value IS NULL THEN
      empty := empty || ' ' || view;
    END IF;
  END LOOP;
  RAISE WARNING 'empty:%', empty;
END
$$;

-- a shop with all its tables
SELECT count(*) FROM ecomm_sample_data(customers => 200, days => 400, schema => 'reading');
SELECT count(*) > 0 AS bound FROM ecomm_bind('sale');
CALL ecomm_refresh();
SELECT view FROM ecomm_grant_read('regress_reader') AS view ORDER BY view::text COLLATE "C";
SELECT * FROM offence;
SELECT * FROM ecomm_verify();

-- the role reads them all, and of ecomm else what everybody may; no table of the user's, nor the lines
GRANT USAGE ON SCHEMA reading TO regress_reader;
SET ROLE regress_reader;
CALL read_all();
SELECT relname, relkind FROM pg_class
WHERE relnamespace IN ('ecomm'::regnamespace, 'reading'::regnamespace) AND relkind IN ('r', 'v', 'm', 'p', 'f', 'S')
  AND has_any_column_privilege(oid, 'SELECT, INSERT, UPDATE, REFERENCES') AND oid NOT IN (SELECT ecomm._dashboard_views())
ORDER BY relname;
SELECT relname FROM pg_class
WHERE oid IN (SELECT ecomm._dashboard_views()) AND has_any_column_privilege(oid, 'INSERT, UPDATE, REFERENCES');
SELECT count(*) FROM ecomm.sale_line;
SELECT count(*) FROM ecomm._sales_daily;
SELECT count(*) FROM reading.sale;
CALL ecomm_refresh();
SELECT ecomm_grant_read('regress_reader');
RESET ROLE;

-- a shop of another shape makes the views anew: the grants stay, and the rule holds
CREATE TABLE visit (at timestamptz, who uuid, "order" bigint, what text, "how many" smallint, paid float4);
INSERT INTO visit SELECT timestamptz '2024-01-01 10:00+00' + i * interval '1 hour', md5((i % 50)::text)::uuid, i / 2, 'P' || i % 5, 1 + i % 3, 2.5
FROM generate_series(1, 3000) AS i;
SELECT count(*) > 0 AS bound FROM ecomm_bind('visit', sold_at => 'at at time zone ''UTC''', customer_id => 'who', invoice_no => '"order"',
                                             product_id => 'what', quantity => '"how many"', amount => 'paid', customer => NULL);
CALL ecomm_refresh();
SELECT * FROM offence;
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'ecomm' AND table_name = 'customer_segments' AND column_name = 'customer_id';
SET ROLE regress_reader;
CALL read_all();
RESET ROLE;

-- taken back
SELECT count(*) = (SELECT count(*) FROM view) AS revoked FROM ecomm_revoke_read('regress_reader');
SELECT view FROM view WHERE has_any_column_privilege('regress_reader', view, 'SELECT');

-- where not everybody may use the schema, the grant brings that too, and takes it back
REVOKE USAGE ON SCHEMA ecomm FROM PUBLIC;
SELECT count(*) > 0 AS granted FROM ecomm_grant_read('regress_reader');
SELECT has_schema_privilege('regress_reader', 'ecomm', 'USAGE');
SELECT count(*) > 0 AS revoked FROM ecomm_revoke_read('regress_reader');
SELECT has_schema_privilege('regress_reader', 'ecomm', 'USAGE');
GRANT USAGE ON SCHEMA ecomm TO PUBLIC;

DROP OWNED BY regress_reader;
DROP ROLE regress_reader;
RESET search_path;
DROP SCHEMA reading CASCADE;
DROP EXTENSION ecomm_analytics;
CREATE EXTENSION ecomm_analytics;
