-- Which lines changed since the last refresh ----------------------------------------------------------

CREATE TABLE ecomm._change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  inserted boolean,
  sums_only boolean,
  lines bytea,
  count bigint,
  why text
);
-- The logs are compact as they are.
ALTER TABLE ecomm._change ALTER COLUMN lines SET STORAGE EXTERNAL;
COMMENT ON TABLE ecomm._change IS
  'internal: what changed since the last refresh. Written by the triggers of ecomm_track and emptied by the refresh; not '
  'dumped: after a restore the next refresh builds everything anew.';
COMMENT ON COLUMN ecomm._change.id IS 'in the order of writing, not of committing';
COMMENT ON COLUMN ecomm._change.kind IS
  'lines: these changed; rebuild: everything is to be built anew; customer, product, state: that table changed';
COMMENT ON COLUMN ecomm._change.inserted IS 'of lines: whether they appeared or went; an update has a row for each';
COMMENT ON COLUMN ecomm._change.sums_only IS
  'of lines: whether of one and the same update, which changed amounts and quantities and nothing else: no order and no customer buys, or ceased to buy, anything';
COMMENT ON COLUMN ecomm._change.lines IS 'of lines: the changed lines of one statement, as ecomm._line_log writes them';
COMMENT ON COLUMN ecomm._change.count IS 'of lines: how many';
COMMENT ON COLUMN ecomm._change.why IS 'of rebuild: what happened';

CREATE FUNCTION ecomm._line_query() RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_line_query' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._line_query() IS
  'internal: a query of sold_at, customer_id, invoice_no, product_id, quantity and amount over ecomm.sale_line, customer_id in '
  'the type that ecomm._customer_type() names, invoice_no in that of ecomm._invoice_type(). Errors: 42P01 where no sale table is bound, 55000 where it is gone.';

CREATE FUNCTION ecomm._customer_type() RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_customer_type' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._customer_type() IS
  'internal: the type of customer_id in relations for dashboards: integer for smallint and integer, bigint for bigint, else '
  'text. Errors: as ecomm._line_query.';

CREATE FUNCTION ecomm._invoice_type() RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_invoice_type' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._invoice_type() IS
  'internal: the type of invoice_no in ecomm._line_query(): smallint, integer, bigint and uuid as they are, else text, numbers '
  'without trailing zeros. Errors: as ecomm._line_query.';

CREATE FUNCTION ecomm._bound_relation() RETURNS regclass
  AS 'MODULE_PATHNAME', 'ecomm_bound_relation' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._bound_relation() IS
  'internal: what ecomm.sale_line reads, if it is as ecomm_bind makes it; NULL where it is not, or where nothing is bound.';

CREATE FUNCTION ecomm._lines_depend_on_session() RETURNS boolean
  AS 'MODULE_PATHNAME', 'ecomm_lines_depend_on_session' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._lines_depend_on_session() IS
  'internal: whether ecomm.sale_line may show other lines in another time zone or date style; false where nothing is bound.';

CREATE FUNCTION ecomm._partitions_of_bound() RETURNS text
  AS 'MODULE_PATHNAME', 'ecomm_partitions_of_bound' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._partitions_of_bound() IS
  'internal: a checksum of the names of the bound table''s partitions and children; empty where nothing is bound.';

CREATE FUNCTION ecomm._request_rebuild(why text) RETURNS void
  AS 'MODULE_PATHNAME', 'ecomm_request_rebuild' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._request_rebuild(text) IS
  'internal: has the next refresh build everything anew. Errors: 42501 unless the caller owns the bound sale table or may '
  'insert into ecomm._change.';

CREATE FUNCTION ecomm._track_changes() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ecomm_track_changes' LANGUAGE C;
COMMENT ON FUNCTION ecomm._track_changes() IS
  'internal: the trigger of a tracked sale table, after each statement. Arguments: ecomm._partitions_of_bound(), and if lines '
  'depend on them the time zone and the date style by which they are read. A statement that changed more than 100,000 lines, and more than a tenth of those there were at the last '
  'refresh, is not logged line by line: the next refresh builds everything anew, as it does where a bound expression fails.';

CREATE FUNCTION ecomm._track_dimension() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ecomm_track_dimension' LANGUAGE C;
COMMENT ON FUNCTION ecomm._track_dimension() IS
  'internal: the trigger of a tracked table of customers, products or states, after each statement. Argument: customer, '
  'product or state. Does nothing on a table that is not bound as such.';

-- How customers, products and states are read is as good as a change of theirs.
CREATE TRIGGER cleaning_rule_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ecomm.cleaning_rule
  FOR EACH STATEMENT EXECUTE FUNCTION ecomm._track_dimension('customer');

CREATE FUNCTION ecomm._with_descendants(relation regclass) RETURNS SETOF regclass
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE tree (relation) AS (
    SELECT $1 WHERE $1 IS NOT NULL
    UNION
    SELECT i.inhrelid::regclass FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.relation
  )
  SELECT t.relation FROM tree AS t ORDER BY t.relation::oid
$$;
COMMENT ON FUNCTION ecomm._with_descendants(regclass) IS
  'internal: a relation, its partitions and the tables that inherit from it, at any depth.';

CREATE FUNCTION ecomm._line_settings() RETURNS text[]
  LANGUAGE sql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN ecomm._lines_depend_on_session() THEN ARRAY[current_setting('TimeZone'), current_setting('DateStyle')] ELSE '{}' END
$$;
COMMENT ON FUNCTION ecomm._line_settings() IS
  'internal: the time zone and the date style of this session, if lines depend on them; else nothing.';

CREATE FUNCTION ecomm._hides_lines(relation oid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.relrowsecurity AND NOT (r.rolsuper OR r.rolbypassrls)
         AND (c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))
  FROM pg_class AS c, pg_roles AS r WHERE c.oid = relation AND r.oid = ecomm._binder()
$$;
COMMENT ON FUNCTION ecomm._hides_lines(oid) IS
  'internal: whether row security applies to the owner of ecomm.sale_line where the view reads this relation.';

CREATE FUNCTION ecomm._tracking()
  RETURNS TABLE (kind text, relation regclass, trigger text, event text, reads text, function text, arguments text[],
                 possible boolean, present boolean)
  LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS (
    SELECT 'sale' AS kind, t.relation, 'ecomm_track_' || lower(e.event) AS trigger, e.event, e.reads,
           'ecomm._track_changes' AS function, ecomm._partitions_of_bound() || ecomm._line_settings() AS arguments
    FROM ecomm._with_descendants(ecomm._bound_relation()) AS t (relation)
         CROSS JOIN (VALUES ('INSERT', 'REFERENCING NEW TABLE AS ecomm_new'),
                            ('UPDATE', 'REFERENCING OLD TABLE AS ecomm_old NEW TABLE AS ecomm_new'),
                            ('DELETE', 'REFERENCING OLD TABLE AS ecomm_old'),
                            ('TRUNCATE', '')) AS e (event, reads)
    UNION ALL
    SELECT d.kind, t.relation, 'ecomm_track_' || d.kind, 'INSERT OR UPDATE OR DELETE OR TRUNCATE', '', 'ecomm._track_dimension',
           ARRAY[d.kind]
    FROM (SELECT DISTINCT split_part(b.role, '.', 1) AS kind, to_regclass(b.relation) AS relation
          FROM ecomm.binding AS b WHERE b.role LIKE '%.%' AND b.expression IS NOT NULL) AS d,
         ecomm._with_descendants(d.relation) AS t (relation)
  )
  SELECT w.kind, w.relation, w.trigger, w.event, w.reads, w.function, w.arguments,
         c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_subscription_rel AS s WHERE s.srrelid = c.oid)
         AND (w.kind <> 'sale' OR pg_has_role(ecomm._binder(), c.relowner, 'USAGE') AND NOT ecomm._hides_lines(c.oid)),
         EXISTS (SELECT FROM pg_trigger AS t
                 WHERE t.tgrelid = w.relation AND t.tgname = w.trigger AND t.tgfoid = w.function::regproc AND t.tgenabled = 'A'
                   AND t.tgargs = (SELECT string_agg(convert_to(a.value, getdatabaseencoding()) || '\x00', '' ORDER BY a.position)
                                   FROM unnest(w.arguments) WITH ORDINALITY AS a (value, position)))
  FROM wanted AS w JOIN pg_class AS c ON c.oid = w.relation
  ORDER BY w.kind <> 'sale', w.kind, w.relation::oid, w.event
$$;
COMMENT ON FUNCTION ecomm._tracking() IS
  'internal: the triggers that tracking takes, on the bound tables, their partitions and children (a statement fires those of the '
  'table it names alone): possible: whether triggers see all changes of such a relation, and of a sale table '
  'whether they may read them as the view does; present: whether it is there, enabled ALWAYS.';

CREATE FUNCTION ecomm._tracked() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_and(t.possible AND t.present), false) FROM ecomm._tracking() AS t WHERE t.kind = 'sale'
$$;
COMMENT ON FUNCTION ecomm._tracked() IS
  'internal: whether every change of the bound sale table is logged: all triggers of ecomm_track are there and enabled ALWAYS, '
  'on it and on all its partitions; no subscription fills it, whose changes fire none of them; '
  'the owner of ecomm.sale_line has the rights of the owners of them all, and sees all their lines in spite of row security; and this session''s time zone '
  'and date style are those of the call of ecomm_track, if lines depend on them. False where nothing is bound.';

CREATE FUNCTION ecomm._dimensions_tracked() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM ecomm.binding AS b
                     WHERE b.role LIKE '%.%' AND b.expression IS NOT NULL AND to_regclass(b.relation) IS NULL)
         AND coalesce(bool_and(t.possible AND t.present), true)
  FROM ecomm._tracking() AS t WHERE t.kind <> 'sale'
$$;
COMMENT ON FUNCTION ecomm._dimensions_tracked() IS
  'internal: whether every change of the bound tables of customers, products and states is logged; true where there are none.';

CREATE FUNCTION ecomm._relation_fingerprint() RETURNS text
  LANGUAGE sql STABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT md5(concat_ws(E'\n',
    (SELECT string_agg(t.relation::oid || ':' || coalesce(pg_relation_filenode(t.relation), 0), ' ' ORDER BY t.relation::oid)
     FROM ecomm._with_descendants(ecomm._bound_relation()) AS t (relation)),
    (SELECT r.ev_class || ':' || r.xmin FROM pg_rewrite AS r WHERE r.ev_class = to_regclass('ecomm.sale_line')),
    (SELECT string_agg(b.xmin || ':' || b::text, E'\n' ORDER BY b.position) FROM ecomm.binding AS b),
    (SELECT string_agg(i.inhrelid || '<' || i.inhparent || ':' || i.xmin, ' ' ORDER BY i.inhrelid, i.inhparent)
     FROM pg_inherits AS i WHERE i.inhparent IN (SELECT ecomm._with_descendants(ecomm._bound_relation()))),
    (SELECT string_agg(t.relation::oid::text, ' ' ORDER BY t.relation::oid)
     FROM ecomm._with_descendants(ecomm._bound_relation()) AS t (relation) WHERE ecomm._hides_lines(t.relation)),
    ecomm._line_settings()::text))
$$;
COMMENT ON FUNCTION ecomm._relation_fingerprint() IS
  'internal: changes with anything after which the lines are others without a line having been written: the bound table or a '
  'partition was rewritten, attached, detached or truncated, a table was bound anew, row security came to apply or ceased to, or the session reads lines by another '
  'time zone or date style, if they depend on it.';

CREATE FUNCTION ecomm._install_trigger(relation regclass, trigger text, event text, reads text, function text, arguments text[])
  RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = relation AND t.tgname = trigger) THEN
    EXECUTE format('DROP TRIGGER %I ON %s', trigger, relation);
  END IF;
  EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %s(%s)', trigger, event, relation, reads,
                 function, (SELECT string_agg(quote_literal(a.value), ', ' ORDER BY a.position)
                            FROM unnest(arguments) WITH ORDINALITY AS a (value, position)));
  -- A load that disables all triggers and enables them again leaves them enabled, but not ALWAYS: so the gap shows.
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relation, trigger);
  EXECUTE format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION ecomm_analytics', trigger, relation);
END
$$;
COMMENT ON FUNCTION ecomm._install_trigger(regclass, text, text, text, text, text[]) IS
  'internal: makes a trigger of ecomm_track, to go when the extension goes.';

CREATE FUNCTION ecomm_track(sale regclass DEFAULT NULL)
  RETURNS TABLE (relation text, trigger text, event text)
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bound regclass := ecomm._bound_relation();
  obstacle record;
  wanted record;
  installed boolean := false;
BEGIN
  IF bound IS NULL AND to_regclass('ecomm.sale_line') IS NOT NULL THEN
    RAISE EXCEPTION 'ecomm.sale_line was not made by ecomm_bind' USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = 'Only lines that are read from one table, all of them, can be tracked.',
      HINT = 'A refresh does without tracking: it builds everything anew.';
  END IF;
  IF bound IS NULL THEN
    RAISE EXCEPTION 'no sale table is bound' USING ERRCODE = 'undefined_table',
      HINT = format('Bind one: SELECT * FROM ecomm_bind(%s).', coalesce(quote_literal(sale), '''my_table'''));
  END IF;
  IF sale <> bound THEN
    RAISE EXCEPTION '% is not the bound sale table', sale USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = format('Bound is %s.', bound), HINT = format('Bind it first: SELECT * FROM ecomm_bind(%L).', sale);
  END IF;
  SELECT c.oid::regclass AS relation,
         CASE c.relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
                        ELSE 'filled by a subscription' END AS kind
  INTO obstacle
  FROM ecomm._with_descendants(bound) AS t (relation) JOIN pg_class AS c ON c.oid = t.relation
  WHERE c.relkind NOT IN ('r', 'p') OR EXISTS (SELECT FROM pg_subscription_rel AS s WHERE s.srrelid = c.oid)
  ORDER BY c.oid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'changes of % cannot be tracked', obstacle.relation USING ERRCODE = 'wrong_object_type',
      DETAIL = format('It is %s: statements that change it fire no triggers with the changed rows.', obstacle.kind),
      HINT = 'A refresh does without tracking: it builds everything anew.';
  END IF;

  SELECT c.oid::regclass AS relation INTO obstacle
  FROM ecomm._with_descendants(bound) AS t (relation) JOIN pg_class AS c ON c.oid = t.relation
  WHERE NOT pg_has_role(ecomm._binder(), c.relowner, 'USAGE')
  ORDER BY c.oid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'changes of % cannot be tracked', obstacle.relation USING ERRCODE = 'insufficient_privilege',
      DETAIL = format('The sale lines are bound by %I, which does not own it: its writers would run what that role bound.',
                      pg_get_userbyid(ecomm._binder())),
      HINT = 'Have its owner bind it. A refresh does without tracking: it builds everything anew.';
  END IF;
  SELECT t.relation INTO obstacle FROM ecomm._with_descendants(bound) AS t (relation)
  WHERE ecomm._hides_lines(t.relation) ORDER BY t.relation::oid LIMIT 1;
  IF FOUND THEN
    RAISE NOTICE 'each refresh builds everything anew: row security on % applies to the owner of ecomm.sale_line', obstacle.relation
      USING HINT = 'Have a role bind it that sees all lines.';
  END IF;

  FOR wanted IN SELECT t.*, pg_has_role(c.relowner, 'USAGE') AS owned
                FROM ecomm._tracking() AS t JOIN pg_class AS c ON c.oid = t.relation
                ORDER BY t.kind <> 'sale', t.kind, t.relation::oid, t.event
  LOOP
    IF NOT wanted.present THEN
      IF wanted.kind <> 'sale' AND NOT (wanted.possible AND wanted.owned) THEN
        RAISE NOTICE 'changes of % are not tracked: %', wanted.relation,
          CASE WHEN wanted.possible THEN format('its owner is not %I', current_user) ELSE 'triggers do not see them' END
          USING HINT = 'Each refresh reads it whole.';
        CONTINUE;
      END IF;
      PERFORM ecomm._install_trigger(wanted.relation, wanted.trigger, wanted.event, wanted.reads, wanted.function, wanted.arguments);
      installed := true;
    END IF;
    relation := wanted.relation;
    trigger := wanted.trigger;
    event := wanted.event;
    RETURN NEXT;
  END LOOP;

  IF installed THEN
    PERFORM ecomm._request_rebuild('tracking began');
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm_track(regclass) IS
  'Has every change of the bound sale table logged from now on, so that a refresh reads what changed and not everything: '
  'triggers after each INSERT, UPDATE, DELETE, COPY, MERGE and TRUNCATE, on the table and on each of its partitions and '
  'children; where the tables of customers, products and states are tables of the caller''s, on those too, else a NOTICE says '
  'so. sale: NULL or the bound table. Returns the triggers; calling it again is harmless, and needed after a partition was '
  'added and after triggers were disabled. Lines are logged by the time zone and date style of this call, whatever those of '
  'the writers are. Writers need no further right, and no statement fails because of tracking. Removed by ecomm_untrack, '
  'or with the extension. Errors: 42P01 where nothing is bound, 55000 if sale is not the bound table or '
  'ecomm.sale_line was made by hand, 42809 if that table is a view, '
  'a foreign table, or filled by a subscription, 42501 unless the caller owns it, and the owner of ecomm.sale_line has the '
  'rights of its owner. Where row security hides lines from the owner of ecomm.sale_line each refresh builds everything anew; a '
  'NOTICE says so.';

CREATE FUNCTION ecomm_untrack(sale regclass DEFAULT NULL) RETURNS bigint
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made record;
  removed bigint := 0;
BEGIN
  FOR made IN SELECT t.tgrelid::regclass AS relation, t.tgname AS trigger
              FROM pg_trigger AS t
              WHERE t.tgfoid IN ('ecomm._track_changes()'::regprocedure, 'ecomm._track_dimension()'::regprocedure)
                AND t.tgrelid <> 'ecomm.cleaning_rule'::regclass
                AND (sale IS NULL OR t.tgrelid IN (SELECT d FROM ecomm._with_descendants(sale) AS d))
              ORDER BY t.tgrelid, t.tgname
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', made.trigger, made.relation);
    removed := removed + 1;
  END LOOP;
  RETURN removed;
END
$$;
COMMENT ON FUNCTION ecomm_untrack(regclass) IS
  'Undoes ecomm_track: drops the triggers it made, on sale, its partitions and children; NULL: wherever they are, those on '
  'tables of customers, products and states too. Returns how many. Refreshes then build everything anew. Errors: 42501 unless '
  'the caller owns the tables.';
