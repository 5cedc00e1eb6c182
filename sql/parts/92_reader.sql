
-- Who reads dashboards ---------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm_grant_read(reader regrole) RETURNS SETOF regclass
LANGUAGE plpgsql VOLATILE STRICT ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view regclass;
BEGIN
  IF NOT EXISTS (SELECT FROM ecomm._dashboard_views()) THEN
    RAISE EXCEPTION 'there are no views for dashboards yet' USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = format('CALL %s.ecomm_refresh() makes them.', '@extschema@');
  END IF;
  IF NOT has_schema_privilege(reader, 'ecomm', 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA ecomm TO %s', reader);
  END IF;
  FOR view IN SELECT * FROM ecomm._dashboard_views() LOOP
    IF NOT has_table_privilege(view, 'SELECT WITH GRANT OPTION') THEN
      RAISE EXCEPTION 'permission denied to grant on %', view USING ERRCODE = 'insufficient_privilege',
        HINT = 'The role that refreshes owns the views.';
    END IF;
    EXECUTE format('GRANT SELECT ON %s TO %s', view, reader);
    RETURN NEXT view;
  END LOOP;
END
$$;
COMMENT ON FUNCTION ecomm_grant_read(regrole) IS
$$Lets a role read the views made for dashboards, and returns these; of the user's own tables and of ecomm.sale_line it sees nothing.
The grants stay when a refresh makes the views anew; after an upgrade that brings more views, call it again. The role needs CONNECT on
the database besides. Errors: no views yet, a caller who may not grant on them.$$;

CREATE FUNCTION ecomm_revoke_read(reader regrole) RETURNS SETOF regclass
LANGUAGE plpgsql VOLATILE STRICT ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view regclass;
BEGIN
  FOR view IN SELECT * FROM ecomm._dashboard_views() LOOP
    EXECUTE format('REVOKE SELECT ON %s FROM %s', view, reader);
    RETURN NEXT view;
  END LOOP;
  IF EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) AS right_of WHERE nspname = 'ecomm' AND right_of.grantee = reader) THEN
    EXECUTE format('REVOKE USAGE ON SCHEMA ecomm FROM %s', reader);
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm_revoke_read(regrole) IS 'Takes back what ecomm_grant_read granted, and returns the views.';
