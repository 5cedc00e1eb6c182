
-- Dashboards: what a refresh keeps, and the views over it ---------------------------------------------------------

CREATE TABLE ecomm._refresh_state (
  id            boolean PRIMARY KEY DEFAULT true CHECK (id),
  layout        text,
  fingerprint   text,
  snapshot_day  date,
  first_day     date,
  last_day      date,
  lines         bigint,
  refreshed_at  timestamptz,
  cluster_basis text
);
SELECT pg_catalog.pg_extension_config_dump('ecomm._refresh_state', '');
COMMENT ON TABLE ecomm._refresh_state IS 'internal: what the last refresh saw; one row';
COMMENT ON COLUMN ecomm._refresh_state.id IS 'true: there is one row';
COMMENT ON COLUMN ecomm._refresh_state.layout IS 'how the relations of the dashboards were made; another one makes them anew';
COMMENT ON COLUMN ecomm._refresh_state.fingerprint IS 'the sale table and its binding; another one rebuilds';
COMMENT ON COLUMN ecomm._refresh_state.snapshot_day IS 'the day after the last sale: recency counts up to it';
COMMENT ON COLUMN ecomm._refresh_state.first_day IS 'the first day with a sale';
COMMENT ON COLUMN ecomm._refresh_state.last_day IS 'the last day with a sale';
COMMENT ON COLUMN ecomm._refresh_state.lines IS 'dated sale lines';
COMMENT ON COLUMN ecomm._refresh_state.refreshed_at IS 'when the lines were last read';
COMMENT ON COLUMN ecomm._refresh_state.cluster_basis IS 'the model and the snapshot that clusters stand for';

CREATE TABLE ecomm.refresh_run (
  run        bigint      NOT NULL,
  step       text        NOT NULL,
  mode       text,
  started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  seconds    double precision,
  rows       bigint,
  status     text        NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ok', 'failed', 'skipped')),
  error      text,
  PRIMARY KEY (run, step)
);
CREATE SEQUENCE ecomm._refresh_run_seq AS bigint OWNED BY ecomm.refresh_run.run;
SELECT pg_catalog.pg_extension_config_dump('ecomm.refresh_run', '');
SELECT pg_catalog.pg_extension_config_dump('ecomm._refresh_run_seq', '');
GRANT SELECT ON ecomm.refresh_run TO PUBLIC;
COMMENT ON TABLE ecomm.refresh_run IS
  'What every ecomm_refresh() did, step by step. A step that says running and whose call is over was cut off: the next refresh does it again.';
COMMENT ON COLUMN ecomm.refresh_run.run IS 'number of the call';
COMMENT ON COLUMN ecomm.refresh_run.step IS 'prepare, lines, segments, snapshot, trend, outlook';
COMMENT ON COLUMN ecomm.refresh_run.mode IS 'of the step lines: changes, or rebuild and why';
COMMENT ON COLUMN ecomm.refresh_run.started_at IS 'when the step began';
COMMENT ON COLUMN ecomm.refresh_run.seconds IS 'how long it took';
COMMENT ON COLUMN ecomm.refresh_run.rows IS 'rows written; rows that stay the same are not touched';
COMMENT ON COLUMN ecomm.refresh_run.status IS 'running, ok, failed, or skipped because another call was at work';
COMMENT ON COLUMN ecomm.refresh_run.error IS 'what went wrong, with its SQLSTATE';

CREATE FUNCTION ecomm._drop_with_extension(relation regclass) RETURNS void
  AS 'MODULE_PATHNAME', 'ecomm_drop_with_extension' LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._drop_with_extension(regclass) IS
  'internal: a relation of the caller''s goes when the extension goes, though a dump has it';

CREATE FUNCTION ecomm._dashboard_views() RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.oid::regclass FROM pg_class AS c JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
  WHERE c.relnamespace = 'ecomm'::regnamespace AND c.relkind = 'v' AND c.relname NOT LIKE '\_%' AND c.relname <> 'sale_line'
    AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'ecomm_analytics')
  ORDER BY c.relname
$$;
COMMENT ON FUNCTION ecomm._dashboard_views() IS 'internal: the views made for dashboards';

CREATE FUNCTION ecomm._grants(relation regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(format('GRANT %s%s ON %s TO %s%s', a.privilege_type, g.columns, relation,
                                   CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                                   CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)), '{}')
  FROM (SELECT relowner, relacl, '' FROM pg_class WHERE oid = relation
        UNION ALL
        SELECT c.relowner, t.attacl, format(' (%I)', t.attname) FROM pg_class AS c
        JOIN pg_attribute AS t ON t.attrelid = c.oid AND NOT t.attisdropped WHERE c.oid = relation) AS g (relowner, acl, columns),
       aclexplode(g.acl) AS a
  WHERE a.grantee <> g.relowner
$$;
COMMENT ON FUNCTION ecomm._grants(regclass) IS 'internal: the statements that grant again what is granted on a relation';

-- In place where the columns allow it, else anew with the same grants.
CREATE FUNCTION ecomm._put_view(name text, query text, about text, columns text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view text := format('ecomm.%I', name);
  grants text[];
  statement text;
  column_name name;
  number integer := 0;
BEGIN
  BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %s AS %s', view, query);
  EXCEPTION WHEN invalid_table_definition THEN
    grants := ecomm._grants(view::regclass);
    EXECUTE format('DROP VIEW %s', view);
    EXECUTE format('CREATE VIEW %s AS %s', view, query);
    FOREACH statement IN ARRAY grants LOOP EXECUTE statement; END LOOP;
  END;
  PERFORM ecomm._drop_with_extension(view::regclass);
  EXECUTE format('COMMENT ON VIEW %s IS %L', view, about);
  FOR column_name IN SELECT attname FROM pg_attribute WHERE attrelid = view::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum LOOP
    number := number + 1;
    IF columns[number] IS NULL THEN
      RAISE 'column % of % has no comment', column_name, view;
    END IF;
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', view, column_name, columns[number]);
  END LOOP;
  IF cardinality(columns) <> number THEN
    RAISE '% has % columns and % comments', view, number, cardinality(columns);
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm._put_view(text, text, text, text[]) IS
  'internal: creates or replaces a view of the schema ecomm, with comments on it and on its columns in their order, keeping its grants';
