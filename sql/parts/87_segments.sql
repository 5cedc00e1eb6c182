
-- Customers and segments, for dashboards --------------------------------------------------------------------------

CREATE FUNCTION ecomm._rfm_breaks_transition(internal, timestamp, bigint, numeric) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_breaks_transition';
CREATE FUNCTION ecomm._rfm_breaks_final(internal) RETURNS numeric[]
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_breaks_final';
COMMENT ON FUNCTION ecomm._rfm_breaks_transition(internal, timestamp, bigint, numeric) IS 'internal: transition of ecomm._rfm_breaks';
COMMENT ON FUNCTION ecomm._rfm_breaks_final(internal) IS 'internal: final function of ecomm._rfm_breaks';

CREATE AGGREGATE ecomm._rfm_breaks(last_purchase timestamp, frequency bigint, monetary numeric) (
  SFUNC = ecomm._rfm_breaks_transition, STYPE = internal, SSPACE = 1048576, FINALFUNC = ecomm._rfm_breaks_final,
  FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecomm._rfm_breaks(timestamp, bigint, numeric) IS
  'internal: the quintile breaks of rfm_segments(), four an axis: last day (days after 2000-01-01, latest first), frequency, monetary; NULL for amounts of more than 20 digits before or 16 behind the point';

CREATE FUNCTION ecomm._rfm_score(breaks numeric[], last_purchase timestamp, frequency bigint, monetary numeric) RETURNS integer
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_score';
COMMENT ON FUNCTION ecomm._rfm_score(numeric[], timestamp, bigint, numeric) IS
  'internal: 100 R + 10 F + M of a customer by the breaks of ecomm._rfm_breaks; 111 for who never bought';

CREATE FUNCTION ecomm._create_segment_tables(customer_type text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  EXECUTE format(
    'CREATE TABLE IF NOT EXISTS ecomm._customer_rfm (
       customer_id %1$s PRIMARY KEY, frequency bigint NOT NULL, monetary numeric NOT NULL, first_purchase timestamp,
       last_purchase timestamp, r_score integer, f_score integer, m_score integer, segment text, cluster integer, cluster_name text,
       stale boolean NOT NULL DEFAULT true
     ) WITH (fillfactor = 80);
     CREATE TABLE IF NOT EXISTS ecomm._segment_snapshot (
       snapshot_day date, customer_id %1$s, segment text NOT NULL, cluster_name text NOT NULL, monetary numeric NOT NULL,
       PRIMARY KEY (snapshot_day, customer_id)
     ) WITH (fillfactor = 80)', customer_type);
  COMMENT ON TABLE ecomm._customer_rfm IS
    'internal: one row a customer of ecomm.sale_line. stale: the totals have changed since scores and cluster were found';
  COMMENT ON TABLE ecomm._segment_snapshot IS 'internal: the segment of every customer, as of the last snapshots';
  CREATE TABLE IF NOT EXISTS ecomm._segment_summary (
    kind text, name text, cluster integer, customers bigint NOT NULL, share float8 NOT NULL, recency float8,
    frequency float8 NOT NULL, monetary numeric NOT NULL, sales numeric NOT NULL, sales_share float8, orders bigint NOT NULL, average_order_value numeric,
    center_recency float8, center_frequency float8, center_monetary float8, PRIMARY KEY (kind, name, cluster)
  ) WITH (fillfactor = 80);
  COMMENT ON TABLE ecomm._segment_summary IS 'internal: totals of every segment and cluster';
  CREATE TABLE IF NOT EXISTS ecomm._segment_migration (
    from_day date NOT NULL, to_day date NOT NULL, from_segment text, to_segment text, customers bigint NOT NULL, monetary numeric NOT NULL,
    PRIMARY KEY (from_segment, to_segment));
  COMMENT ON TABLE ecomm._segment_migration IS 'internal: who went where between the last two snapshots';
  CREATE TABLE IF NOT EXISTS ecomm._segment_history (
    snapshot_day date, segment text, customers bigint NOT NULL, sales numeric NOT NULL, PRIMARY KEY (snapshot_day, segment));
  COMMENT ON TABLE ecomm._segment_history IS 'internal: totals of every segment at every snapshot';
  PERFORM ecomm._drop_with_extension(to_regclass('ecomm._' || t))
  FROM unnest('{customer_rfm,segment_snapshot,segment_summary,segment_migration,segment_history}'::text[]) AS t;
END $$;
COMMENT ON FUNCTION ecomm._create_segment_tables(text) IS
  'internal: makes the tables behind the views of customers and segments, where missing; customer_type: integer, bigint or text';

-- Totals of customers ------------------------------------------------------------------------------------------

-- The statement that brings ecomm._customer_rfm and ecomm._customer up to date, where `totals` is a query of the totals and
-- `gone` the condition of those (alias t) that have no lines any more.
CREATE FUNCTION ecomm._customer_statement(totals text, gone text) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN format($statement$
    WITH fresh AS MATERIALIZED (
      SELECT customer_id, frequency, monetary, first_purchase, last_purchase FROM %1$s
    ), gone AS (
      DELETE FROM ecomm._customer_rfm AS t WHERE %2$s
      RETURNING 1
    ), changed AS (
      UPDATE ecomm._customer_rfm AS t
      SET (frequency, monetary, first_purchase, last_purchase, stale) = (f.frequency, f.monetary, f.first_purchase, f.last_purchase, true)
      FROM fresh AS f
      WHERE t.customer_id = f.customer_id AND ROW(t.frequency, t.monetary, t.first_purchase, t.last_purchase)
            IS DISTINCT FROM ROW(f.frequency, f.monetary, f.first_purchase, f.last_purchase)
      RETURNING 1
    ), added AS (
      INSERT INTO ecomm._customer_rfm (customer_id, frequency, monetary, first_purchase, last_purchase)
      SELECT * FROM fresh AS f WHERE NOT EXISTS (SELECT FROM ecomm._customer_rfm AS t WHERE t.customer_id = f.customer_id)
      RETURNING 1
    ), unknown AS (
      INSERT INTO ecomm._customer (customer_id, customer_name, city, postal_code, state, region, country)
      SELECT f.customer_id, 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown' FROM fresh AS f
      WHERE NOT EXISTS (SELECT FROM ecomm._customer AS c WHERE c.customer_id = f.customer_id)
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed) + (SELECT count(*) FROM added) + (SELECT count(*) FROM unknown)
    $statement$, totals, gone);
END $$;
COMMENT ON FUNCTION ecomm._customer_statement(text, text) IS 'internal: the statement that writes what is new of customers'' totals';

CREATE FUNCTION ecomm._refresh_customers_full() RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  customer_type text := (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                         WHERE attrelid = 'ecomm._customer_rfm'::regclass AND attname = 'customer_id');
  written bigint;
BEGIN
  EXECUTE ecomm._customer_statement(format('@extschema@.rfm_keyed(NULL::%s, ''ecomm.sale_line'')', customer_type),
                                    'NOT EXISTS (SELECT FROM fresh AS f WHERE f.customer_id = t.customer_id)') INTO written;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_customers_full() IS
  'internal: brings the totals of all customers up to date from ecomm.sale_line; returns the rows written. Customers that no dimension table knows become unknown members';

-- A few thousand of half a million customers are looked up one by one in a quarter of the time that hashing all takes.
CREATE FUNCTION ecomm._refresh_customers_changed(rfm bytea, customers anyarray) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  written bigint;
BEGIN
  IF coalesce(cardinality(customers), 0) = 0 THEN
    RETURN 0;
  END IF;
  EXECUTE ecomm._customer_statement(
    format('ecomm._rfm_rows(NULL::%s, $1) WHERE customer_id = ANY ($2) LIMIT cardinality($2)', left(pg_typeof(customers)::text, -2)),
    't.customer_id IN (SELECT unnest($2) EXCEPT SELECT customer_id FROM fresh)') INTO written USING rfm, customers;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_customers_changed(bytea, anyarray) IS
  'internal: as ecomm._refresh_customers_full(), of these customers alone; rfm: ecomm._rfm of all their lines. Who has no lines any more goes';

-- Looked up one by one for the same reason.
CREATE FUNCTION ecomm._refresh_customers_amounts(inserted bytea[], deleted bytea[], but anyarray) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  expected bigint;
  written bigint;
BEGIN
  EXECUTE format($statement$
    WITH fresh AS MATERIALIZED (
      SELECT customer_id, amount FROM ecomm._changed_amounts($1, $2, NULL::%s)
      WHERE customer_id NOT IN (SELECT unnest($3))
    ), changed AS (
      UPDATE ecomm._customer_rfm AS t SET (monetary, stale) = (t.monetary + f.amount, true)
      FROM fresh AS f WHERE t.customer_id = f.customer_id
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM changed)$statement$, left(pg_typeof(but)::text, -2))
    INTO expected, written USING inserted, deleted, but;
  IF written <> expected THEN
    RAISE EXCEPTION 'the change log does not fit the customers' USING ERRCODE = 'EC001';
  END IF;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_customers_amounts(bytea[], bytea[], anyarray) IS
  'internal: adds to what customers spent by how much lines differ that changed in amounts alone, but for those whose totals are found anew. EC001 where one is missing';

-- Scores, segments and clusters --------------------------------------------------------------------------------

CREATE FUNCTION ecomm._quintile_breaks() RETURNS numeric[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  breaks numeric[];
  customers bigint;
BEGIN
  SELECT ecomm._rfm_breaks(c.last_purchase, c.frequency, c.monetary) INTO breaks
  FROM ecomm._customer_rfm AS c WHERE c.last_purchase IS NOT NULL;
  IF breaks IS NOT NULL THEN
    RETURN breaks;
  END IF;
  -- Amounts too long to be held exactly are sorted as they are. percentile_disc(f) is the value at position ceil(f x count).
  SELECT count(*) INTO customers FROM ecomm._customer_rfm AS c WHERE c.last_purchase IS NOT NULL;
  IF customers = 0 THEN
    RETURN NULL;
  END IF;
  SELECT percentile_disc(p.at) WITHIN GROUP (ORDER BY (c.last_purchase::date - date '2000-01-01')::numeric DESC)
         || percentile_disc(p.at) WITHIN GROUP (ORDER BY c.frequency::numeric)
         || percentile_disc(p.at) WITHIN GROUP (ORDER BY c.monetary)
  INTO breaks
  FROM ecomm._customer_rfm AS c,
       (SELECT array_agg(((customers - 1) * i / 5 + 0.5)::float8 / customers ORDER BY i) AS at FROM generate_series(1, 4) AS i) AS p
  WHERE c.last_purchase IS NOT NULL GROUP BY p.at;
  RETURN breaks;
END $$;
COMMENT ON FUNCTION ecomm._quintile_breaks() IS 'internal: where the quintiles of ecomm._customer_rfm lie, as ecomm._rfm_breaks gives them';

CREATE FUNCTION ecomm._cluster_model(model text) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT m.id FROM ecomm.model AS m
          WHERE m.name = model AND m.active AND m.kind = 'kmeans' AND m.created_by = current_user
            AND jsonb_path_query_array(m.document, '$.features[*].name') = '["recency", "frequency", "monetary"]');
END $$;
COMMENT ON FUNCTION ecomm._cluster_model(text) IS
  'internal: the active k-means model of that name of the current role, if its features are recency, frequency and monetary';

CREATE FUNCTION ecomm._train_cluster_model(model text) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET ecomm_analytics.progress = off AS $$
BEGIN
  IF EXISTS (SELECT FROM ecomm.model AS m WHERE m.name = model AND m.active AND m.created_by = current_user)
     OR (SELECT count(*) FROM (SELECT FROM ecomm._customer_rfm AS c WHERE c.last_purchase IS NOT NULL LIMIT 30) AS c) < 30 THEN
    RETURN NULL;
  END IF;
  RETURN @extschema@.kmeans_train('ecomm._customer_feature', name => model);
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'no clusters: model "%" could not be trained: %', model, SQLERRM;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION ecomm._train_cluster_model(text) IS
  'internal: trains k-means on ecomm._customer_rfm where no model of that name is active and there are 30 customers; NULL where not, with a WARNING if it failed';

CREATE FUNCTION ecomm._refresh_segments(model text DEFAULT 'default') RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  snapshot date := (SELECT s.snapshot_day FROM ecomm._refresh_state AS s);
  model_id bigint := coalesce(ecomm._cluster_model(model), ecomm._train_cluster_model(model));
  segments text[];
  names text[];
  basis text;
  all_rows boolean;
  written bigint;
BEGIN
  SELECT array_agg(r.segment ORDER BY r.rfm_score) INTO segments FROM ecomm.segment_rule AS r WHERE r.rule_set = 'default';
  IF cardinality(segments) IS DISTINCT FROM 125 THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'segment rule set "default" is incomplete',
      HINT = 'Restore it with segment_rules_reset(''default'').';
  END IF;
  SELECT array_agg(c.name ORDER BY c.cluster) INTO names FROM @extschema@.kmeans_clusters(model_id) AS c;
  basis := concat_ws(' ', coalesce(model_id, 0), snapshot, md5(segments::text));
  all_rows := coalesce((SELECT s.cluster_basis IS DISTINCT FROM basis FROM ecomm._refresh_state AS s), true);
  -- The breaks become a constant of the plan. Of 125 segments in the order of scores, that of r, f, m is number 25 r + 5 f + m - 30.
  EXECUTE replace(replace($update$
    UPDATE ecomm._customer_rfm AS c
    SET (r_score, f_score, m_score, segment, cluster, cluster_name, stale) = (
      SELECT n.score / 100, n.score / 10 % 10, n.score % 10, ($2)[n.score / 100 * 25 + n.score / 10 % 10 * 5 + n.score % 10 - 30],
             n.cluster, CASE WHEN $3 OR c.stale THEN ($4)[n.cluster] ELSE c.cluster_name END, false
      FROM (SELECT SCORE AS score, CASE WHEN $3 OR c.stale THEN PREDICTED ELSE c.cluster END AS cluster OFFSET 0) AS n)
    WHERE c.stale OR 100 * c.r_score + 10 * c.f_score + c.m_score <> SCORE
       OR CASE WHEN $3 THEN c.segment <> ($2)[c.r_score * 25 + c.f_score * 5 + c.m_score - 30]
                            OR c.cluster IS DISTINCT FROM PREDICTED OR c.cluster_name IS DISTINCT FROM ($4)[c.cluster] END$update$,
    'SCORE', 'ecomm._rfm_score($1, c.last_purchase, c.frequency, c.monetary)'),
    'PREDICTED', '@extschema@.kmeans_predict($5, VARIADIC ARRAY[($6 - c.last_purchase::date)::float8, c.frequency::float8, c.monetary::float8])')
  USING ecomm._quintile_breaks(), segments, all_rows, names, model_id, snapshot;
  GET DIAGNOSTICS written = ROW_COUNT;
  UPDATE ecomm._refresh_state AS s SET cluster_basis = basis WHERE s.cluster_basis IS DISTINCT FROM basis;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_segments(text) IS
  'internal: brings scores, segments and clusters in ecomm._customer_rfm up to date, as rfm_segments() and kmeans_assign() give them; returns the rows written. Clusters are those of the current role''s active k-means model of that name; it is trained if there is none';

-- Summaries and snapshots --------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._refresh_segment_summary() RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  snapshot date := (SELECT s.snapshot_day FROM ecomm._refresh_state AS s);
  -- Of a model that has gone or may not be seen there are no centres.
  model_id bigint := (SELECT m.id FROM ecomm._refresh_state AS s JOIN ecomm.model AS m ON m.id::text = split_part(s.cluster_basis, ' ', 1));
  written bigint;
BEGIN
  -- By itself, because workers help with no statement that writes rows of other tables.
  CREATE TEMPORARY TABLE ecomm_refresh_cell ON COMMIT DROP AS
    SELECT c.r_score, c.f_score, c.m_score, c.cluster, min(c.segment) AS segment, min(c.cluster_name) AS cluster_name,
           count(*) AS customers, count(c.last_purchase) AS buyers, sum(c.last_purchase::date - date '2000-01-01') AS days, sum(c.frequency) AS orders,
           sum(c.monetary) AS sales
    FROM ecomm._customer_rfm AS c GROUP BY c.r_score, c.f_score, c.m_score, c.cluster;
  WITH part AS (
    SELECT 'segment' AS kind, coalesce(segment, 'Unknown') AS name, 0 AS cluster, customers, buyers, days, orders, sales
    FROM pg_temp.ecomm_refresh_cell
    UNION ALL
    SELECT 'cluster', coalesce(cluster_name, 'Unknown'), coalesce(cluster, -1), customers, buyers, days, orders, sales
    FROM pg_temp.ecomm_refresh_cell
  ), total AS (
    SELECT sum(customers) AS customers, sum(sales) AS sales FROM pg_temp.ecomm_refresh_cell
  ), fresh AS MATERIALIZED (
    SELECT p.kind, p.name, p.cluster, sum(p.customers)::bigint AS customers, (sum(p.customers) / min(t.customers))::float8 AS share,
           (snapshot - date '2000-01-01' - sum(p.days) / nullif(sum(p.buyers), 0))::float8 AS recency,
           (sum(p.orders) / sum(p.customers))::float8 AS frequency, sum(p.sales) / sum(p.customers) AS monetary, sum(p.sales) AS sales,
           (sum(p.sales) / nullif(min(t.sales), 0))::float8 AS sales_share, sum(p.orders)::bigint AS orders,
           sum(p.sales) / nullif(sum(p.orders), 0) AS average_order_value, min((k.center ->> 'recency')::float8) AS center_recency,
           min((k.center ->> 'frequency')::float8) AS center_frequency, min((k.center ->> 'monetary')::float8) AS center_monetary
    FROM part AS p CROSS JOIN total AS t
         LEFT JOIN @extschema@.kmeans_clusters(model_id) AS k ON k.cluster = p.cluster
    GROUP BY p.kind, p.name, p.cluster
  ), gone AS (
    DELETE FROM ecomm._segment_summary AS t
    WHERE NOT EXISTS (SELECT FROM fresh AS f WHERE f.kind = t.kind AND f.name = t.name AND f.cluster = t.cluster)
    RETURNING 1
  ), put AS (
    INSERT INTO ecomm._segment_summary AS t
    SELECT f.*
    FROM fresh AS f LEFT JOIN ecomm._segment_summary AS old ON old.kind = f.kind AND old.name = f.name AND old.cluster = f.cluster
    WHERE ROW(old.*) IS DISTINCT FROM ROW(f.*)
    ON CONFLICT (kind, name, cluster) DO UPDATE SET
      (customers, share, recency, frequency, monetary, sales, sales_share, orders, average_order_value, center_recency,
       center_frequency, center_monetary) =
      (excluded.customers, excluded.share, excluded.recency, excluded.frequency, excluded.monetary, excluded.sales,
       excluded.sales_share, excluded.orders, excluded.average_order_value, excluded.center_recency, excluded.center_frequency,
       excluded.center_monetary)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) INTO written;
  DROP TABLE pg_temp.ecomm_refresh_cell;
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._refresh_segment_summary() IS
  'internal: brings the totals of segments and clusters up to date from ecomm._customer_rfm; returns the rows written';

CREATE FUNCTION ecomm._snapshot_due(days integer) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(s.snapshot_day - (SELECT max(h.snapshot_day) FROM ecomm._segment_history AS h
                                            WHERE h.snapshot_day <= s.snapshot_day) >= days, true)
          FROM ecomm._refresh_state AS s WHERE s.snapshot_day IS NOT NULL);
END $$;
COMMENT ON FUNCTION ecomm._snapshot_due(integer) IS
  'internal: whether the last snapshot of segments is so many days of sales old, or there is none; NULL without sales';

CREATE FUNCTION ecomm._take_segment_snapshot(keep integer DEFAULT 2) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  today date := (SELECT s.snapshot_day FROM ecomm._refresh_state AS s);
  before date;
  written bigint;
BEGIN
  IF today IS NULL OR NOT EXISTS (SELECT FROM ecomm._customer_rfm) THEN
    RETURN 0;
  END IF;
  -- Days after the last sale that there is now were mistyped.
  DELETE FROM ecomm._segment_snapshot AS s WHERE s.snapshot_day > today;
  DELETE FROM ecomm._segment_history AS h WHERE h.snapshot_day > today;
  WITH fresh AS MATERIALIZED (
    SELECT c.customer_id, coalesce(c.segment, 'Unknown') AS segment, coalesce(c.cluster_name, 'Unknown') AS cluster_name, c.monetary
    FROM ecomm._customer_rfm AS c
  ), gone AS (
    DELETE FROM ecomm._segment_snapshot AS t
    WHERE t.snapshot_day = today AND NOT EXISTS (SELECT FROM fresh AS f WHERE f.customer_id = t.customer_id)
    RETURNING 1
  ), changed AS (
    UPDATE ecomm._segment_snapshot AS t
    SET (segment, cluster_name, monetary) = (f.segment, f.cluster_name, f.monetary)
    FROM fresh AS f
    WHERE t.snapshot_day = today AND t.customer_id = f.customer_id
      AND ROW(t.segment, t.cluster_name, t.monetary) IS DISTINCT FROM ROW(f.segment, f.cluster_name, f.monetary)
    RETURNING 1
  ), added AS (
    INSERT INTO ecomm._segment_snapshot (snapshot_day, customer_id, segment, cluster_name, monetary)
    SELECT today, f.customer_id, f.segment, f.cluster_name, f.monetary FROM fresh AS f
    WHERE NOT EXISTS (SELECT FROM ecomm._segment_snapshot AS t WHERE t.snapshot_day = today AND t.customer_id = f.customer_id)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed) + (SELECT count(*) FROM added) INTO written;

  DELETE FROM ecomm._segment_history AS h WHERE h.snapshot_day = today;
  INSERT INTO ecomm._segment_history (snapshot_day, segment, customers, sales)
  SELECT today, s.segment, count(*), sum(s.monetary) FROM ecomm._segment_snapshot AS s WHERE s.snapshot_day = today GROUP BY s.segment;

  SELECT max(s.snapshot_day) INTO before FROM ecomm._segment_snapshot AS s WHERE s.snapshot_day < today;
  DELETE FROM ecomm._segment_migration;
  INSERT INTO ecomm._segment_migration (from_day, to_day, from_segment, to_segment, customers, monetary)
  SELECT before, today, coalesce(o.segment, '(new)'), coalesce(n.segment, '(gone)'), count(*), sum(coalesce(n.monetary, o.monetary))
  FROM (SELECT * FROM ecomm._segment_snapshot AS s WHERE s.snapshot_day = before) AS o
       FULL JOIN (SELECT * FROM ecomm._segment_snapshot AS s WHERE s.snapshot_day = today) AS n USING (customer_id)
  WHERE before IS NOT NULL GROUP BY 3, 4;

  DELETE FROM ecomm._segment_snapshot AS s
  WHERE s.snapshot_day NOT IN (SELECT DISTINCT h.snapshot_day FROM ecomm._segment_history AS h
                               ORDER BY h.snapshot_day DESC LIMIT greatest(keep, 1));
  RETURN written;
END $$;
COMMENT ON FUNCTION ecomm._take_segment_snapshot(integer) IS
  'internal: keeps the segments as they are now, in place of a snapshot of the same day, and what has changed since the one before; keep: of how many snapshots every customer''s segment stays. Returns the customers written';

-- Views --------------------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._create_segment_views(customer_type text, money text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number text := 'CASE WHEN abs(%1$s) < ''Infinity'' THEN %1$s END AS %2$s';
BEGIN
  PERFORM ecomm._put_view('_customer_feature',
    'SELECT customer_id, (SELECT snapshot_day FROM ecomm._refresh_state) - last_purchase::date AS recency, frequency, monetary
     FROM ecomm._customer_rfm WHERE last_purchase IS NOT NULL',
    'internal: what clusters are trained on: the rows of rfm() that bought',
    ARRAY['the customer', 'days since the last purchase', 'orders', 'sales']);
  PERFORM ecomm._put_view('customer_segments', format($view$
    SELECT r.customer_id, coalesce(c.customer_name, 'Unknown') AS customer_name,
           (SELECT snapshot_day FROM ecomm._refresh_state) - r.last_purchase::date AS recency, r.frequency, r.monetary::%s AS monetary,
           coalesce(r.r_score, 1) AS r_score, coalesce(r.f_score, 1) AS f_score, coalesce(r.m_score, 1) AS m_score,
           coalesce(100 * r.r_score + 10 * r.f_score + r.m_score, 111) AS rfm_score, coalesce(r.segment, 'Unknown') AS segment,
           coalesce(r.cluster, -1) AS cluster, coalesce(r.cluster_name, 'Unknown') AS cluster_name, r.first_purchase, r.last_purchase,
           coalesce(c.city, 'Unknown') AS city, coalesce(c.state, 'Unknown') AS state, coalesce(c.region, 'Unknown') AS region
    FROM ecomm._customer_rfm AS r LEFT JOIN ecomm._customer AS c ON c.customer_id = r.customer_id$view$, money),
    'One row a customer: recency, frequency and monetary value, scores, segment, cluster, and where the customer is',
    ARRAY['the customer', 'name, where there is one',
          'whole days from the last purchase to the day after the last sale of all; empty for who only returned', 'orders', 'sales, returns taken off', '1 to 5 by quintile, 5 the most recent', '1 to 5 by quintile, 5 the most frequent',
          '1 to 5 by quintile, 5 the highest', '100 R + 10 F + M', 'what the scores are called', 'of the k-means model, 1 the best; -1: none',
          'what the cluster is called; Unknown: none', 'first purchase', 'last purchase', 'city', 'code of the state', 'region of the state']);
  PERFORM ecomm._put_view('segment_summary', format($view$
    SELECT name AS segment, customers, share, recency, frequency, monetary::%1$s AS monetary, sales::%1$s AS sales, sales_share, orders,
           average_order_value::%1$s AS average_order_value
    FROM ecomm._segment_summary WHERE kind = 'segment'$view$, money),
    'Totals of every segment',
    ARRAY['the segment', 'how many customers', 'of all customers, 0 to 1', 'mean of their recency in days', 'mean number of orders',
          'mean sales per customer', 'their sales, returns taken off', 'of the sales to all customers', 'their orders', 'sales by orders']);
  PERFORM ecomm._put_view('cluster_summary', format($view$
    SELECT cluster, name AS cluster_name, customers, share, recency, frequency, monetary::%1$s AS monetary, sales::%1$s AS sales, sales_share,
           orders, average_order_value::%1$s AS average_order_value, %2$s, %3$s, %4$s
    FROM ecomm._segment_summary WHERE kind = 'cluster'$view$, money, format(number, 'center_recency', 'center_recency'),
    format(number, 'center_frequency', 'center_frequency'), format(number, 'center_monetary', 'center_monetary')),
    'Totals of every cluster of the k-means model',
    ARRAY['the cluster, 1 the best; -1: customers that the model does not place', 'what the cluster is called', 'how many customers',
          'of all customers, 0 to 1', 'mean of their recency in days', 'mean number of orders', 'mean sales per customer',
          'their sales, returns taken off', 'of the sales to all customers', 'their orders', 'sales by orders',
          'recency at the cluster''s centre', 'frequency at the cluster''s centre', 'monetary value at the cluster''s centre']);
  PERFORM ecomm._put_view('segment_migration', format($view$
    SELECT from_day, to_day, from_segment, to_segment, customers, monetary::%s AS monetary FROM ecomm._segment_migration$view$, money),
    'How customers moved between segments from one snapshot to the next, the last; empty until there are two',
    ARRAY['day of the snapshot before', 'day of the last snapshot', 'segment then; (new): was no customer yet',
          'segment now; (gone): is no customer any more', 'how many customers', 'their sales by now; of those gone, by then']);
  PERFORM ecomm._put_view('segment_history', format($view$
    SELECT snapshot_day, segment, customers, sales::%s AS sales FROM ecomm._segment_history$view$, money),
    'Totals of every segment at every snapshot',
    ARRAY['day of the snapshot', 'the segment', 'how many customers', 'their sales up to then']);
  PERFORM ecomm._put_view('model_registry', format($view$
    SELECT m.id, m.name, m.version, m.kind, m.created_by::text AS created_by, m.created_at::timestamp AS created_at,
           coalesce(m.source, 'imported') AS source, m.active, n.k::integer AS k, n.members::bigint AS members, %s, %s, %s, %s
    FROM ecomm.model AS m CROSS JOIN LATERAL (
      SELECT CASE WHEN m.kind = 'kmeans' THEN jsonb_array_length(m.document -> 'clusters') END AS k,
             CASE WHEN m.kind = 'kmeans' THEN m.document #>> '{training,used}' END AS members,
             (m.metrics ->> 'silhouette')::float8 AS silhouette, (m.metrics ->> 'davies_bouldin')::float8 AS davies_bouldin,
             (m.metrics ->> 'calinski_harabasz')::float8 AS calinski_harabasz, (m.metrics ->> 'inertia')::float8 AS inertia) AS n$view$,
    format(number, 'n.silhouette', 'silhouette'), format(number, 'n.davies_bouldin', 'davies_bouldin'),
    format(number, 'n.calinski_harabasz', 'calinski_harabasz'), format(number, 'n.inertia', 'inertia')),
    'Every version of every model that the owner of the dashboards may see',
    ARRAY['number of the version, never used again', 'a name stands for its active version', '1, 2, ... per owner and name',
          'kmeans or forecast', 'the role that made it', 'when, in the time zone of the session', 'the relation it was trained on',
          'whether its name stands for this version',
          'clusters', 'rows it was trained on', 'how well clusters separate, -1 to 1', 'lower is better', 'higher is better',
          'sum of squared distances to the centroids, in scaled space']);
END $$;
COMMENT ON FUNCTION ecomm._create_segment_views(text, text) IS
  'internal: makes the views of customers, segments and models over their tables and ecomm._customer; money: the numeric type of what they show';
