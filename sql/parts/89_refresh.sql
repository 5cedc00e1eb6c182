
-- Refresh ---------------------------------------------------------------------------------------------------------

-- One row per cell of the summaries as the sale lines have them now.
CREATE FUNCTION ecomm._summarise_lines() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  line_query text := ecomm._line_query();
  -- -1 where it is not set, or not known in this session yet
  allowed bigint := coalesce(pg_size_bytes(current_setting('ecomm_analytics.memory_limit', true)), -1);
  lines double precision;
  cells double precision;
  parts integer;
  log bytea;
BEGIN
  IF allowed <= 0 THEN
    allowed := pg_size_bytes(current_setting('work_mem')) * current_setting('hash_mem_multiplier')::float8;
  END IF;
  -- For the joins with what is stored. The rest of the transaction keeps it.
  PERFORM set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), least(allowed / 4, 268435456)) / 1024 || 'kB', true);
  -- About 22 bytes a line and 64 a cell; before the first summary one cell in five lines is assumed.
  lines := coalesce((SELECT s.lines FROM ecomm._refresh_state AS s),
                    (SELECT sum(c.reltuples) FROM ecomm._with_descendants(ecomm._bound_relation()) AS r JOIN pg_class AS c ON c.oid = r), 0);
  cells := (SELECT CASE WHEN reltuples > 0 THEN reltuples ELSE lines / 5 END FROM pg_class WHERE oid = 'ecomm._sales_daily'::regclass);
  parts := greatest(1, ceil((lines * 22 + cells * 64) / allowed));
  DROP TABLE IF EXISTS pg_temp.ecomm_refresh_summary;
  LOOP
    BEGIN
      CREATE TEMPORARY TABLE ecomm_refresh_summary (
        level text, grain text, period date, category text, product_id text, region text, state text, sales numeric, units numeric,
        lines bigint, orders bigint, customers bigint) ON COMMIT DROP;
      FOR part IN 0 .. parts - 1 LOOP
        EXECUTE format('SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, $1, $2) FROM (%s) AS line', line_query)
          INTO log USING part, parts;
        CONTINUE WHEN log IS NULL;
        INSERT INTO pg_temp.ecomm_refresh_summary
        SELECT * FROM ecomm._summarise(ARRAY[log], 'SELECT customer_id, state, region FROM ecomm._customer', ecomm._product_query());
      END LOOP;
      EXIT;
    EXCEPTION WHEN configuration_limit_exceeded OR program_limit_exceeded OR out_of_memory THEN
      IF parts >= 4096 THEN RAISE; END IF;
      parts := parts * 2;
    END;
  END LOOP;
  IF parts > 1 THEN
    ALTER TABLE pg_temp.ecomm_refresh_summary RENAME TO ecomm_refresh_parts;
    CREATE TEMPORARY TABLE ecomm_refresh_summary ON COMMIT DROP AS
      SELECT level, grain, period, category, product_id, region, state, sum(p.sales) AS sales, sum(p.units) AS units,
             sum(p.lines)::bigint AS lines, sum(p.orders)::bigint AS orders, sum(p.customers)::bigint AS customers
      FROM pg_temp.ecomm_refresh_parts AS p GROUP BY 1, 2, 3, 4, 5, 6, 7;
    DROP TABLE pg_temp.ecomm_refresh_parts;
  END IF;
  PERFORM ecomm._sum_categories();
  ANALYZE pg_temp.ecomm_refresh_summary;
END
$$;
COMMENT ON FUNCTION ecomm._summarise_lines() IS
  'internal: fills the temporary table ecomm_refresh_summary from all sale lines, in as many parts as the memory allowed asks for';

CREATE FUNCTION ecomm._product_query() RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$SELECT 'SELECT ecomm._match_key(product_id), product_id, category FROM ecomm._product'$$;
COMMENT ON FUNCTION ecomm._product_query() IS 'internal: products as ecomm._summarise() takes them';

-- Sums by day, category and state are those of the products: they are added up here, in a summary or in differences.
CREATE FUNCTION ecomm._sum_categories() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_temp.ecomm_refresh_summary (level, grain, period, category, product_id, region, state, sales, units, lines, orders, customers)
  SELECT 'category_state', 'day', s.period, s.category, 'All', s.region, s.state, sum(s.sales), sum(s.units), sum(s.lines), 0, 0
  FROM pg_temp.ecomm_refresh_summary AS s WHERE s.level = 'product_state'
  GROUP BY s.period, s.category, s.region, s.state
  HAVING sum(s.lines) <> 0 OR sum(s.sales) <> 0 OR sum(s.units) <> 0;
END
$$;
COMMENT ON FUNCTION ecomm._sum_categories() IS 'internal: completes ecomm_refresh_summary by the level category_state; orders and customers are not counted there';

CREATE FUNCTION ecomm._subtract_stored() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  ALTER TABLE pg_temp.ecomm_refresh_summary RENAME TO ecomm_refresh_found;
  CREATE TEMPORARY TABLE ecomm_refresh_summary ON COMMIT DROP AS
    SELECT 'product_state' AS level, 'day' AS grain, coalesce(f.period, t.sale_date) AS period, coalesce(f.category, t.category) AS category,
           coalesce(f.product_id, t.product_id) AS product_id, coalesce(f.region, t.region) AS region, coalesce(f.state, t.state) AS state,
           coalesce(f.sales, 0) - coalesce(t.sales, 0) AS sales, coalesce(f.units, 0) - coalesce(t.units, 0) AS units,
           coalesce(f.lines, 0) - coalesce(t.lines, 0) AS lines, coalesce(f.orders, 0) - coalesce(t.orders, 0) AS orders,
           coalesce(f.customers, 0) - coalesce(t.customers, 0) AS customers
    FROM (SELECT * FROM pg_temp.ecomm_refresh_found WHERE level = 'product_state') AS f
    FULL JOIN ecomm._sales_daily AS t ON t.sale_date = f.period AND t.product_id = f.product_id AND t.state = f.state
    WHERE (f.category, f.region, f.sales, f.units, f.lines, f.orders, f.customers)
          IS DISTINCT FROM (t.category, t.region, t.sales, t.units, t.lines, t.orders, t.customers)
    UNION ALL
    SELECT coalesce(f.level, t.level), coalesce(f.grain, t.grain), coalesce(f.period, t.period), coalesce(f.category, t.category),
           coalesce(f.product_id, t.product_id), coalesce(f.region, t.region), coalesce(f.state, t.state),
           coalesce(f.sales, 0) - coalesce(t.sales, 0), coalesce(f.units, 0) - coalesce(t.units, 0),
           coalesce(f.lines, 0) - coalesce(t.lines, 0), coalesce(f.orders, 0) - coalesce(t.orders, 0),
           coalesce(f.customers, 0) - coalesce(t.customers, 0)
    FROM (SELECT * FROM pg_temp.ecomm_refresh_found WHERE level <> 'product_state') AS f
    FULL JOIN ecomm._sales_period AS t ON t.level = f.level AND t.grain = f.grain AND t.period = f.period AND t.category = f.category
                                          AND t.product_id = f.product_id AND t.region = f.region AND t.state = f.state
    WHERE (f.sales, f.units, f.lines, f.orders, f.customers) IS DISTINCT FROM (t.sales, t.units, t.lines, t.orders, t.customers);
  DROP TABLE pg_temp.ecomm_refresh_found;
  ANALYZE pg_temp.ecomm_refresh_summary;
END
$$;
COMMENT ON FUNCTION ecomm._subtract_stored() IS 'internal: leaves in ecomm_refresh_summary by how much the stored summaries differ from it';

CREATE FUNCTION ecomm._add_to_summary() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written bigint := 0;
  count bigint;
  daily bigint;
  total bigint;
BEGIN
  SELECT pg_catalog.count(*) FILTER (WHERE level = 'product_state'), pg_catalog.count(*) INTO daily, total FROM pg_temp.ecomm_refresh_summary;
  DELETE FROM ecomm._sales_daily AS t USING pg_temp.ecomm_refresh_summary AS s
  WHERE s.level = 'product_state' AND t.sale_date = s.period AND t.product_id = s.product_id AND t.state = s.state AND s.lines < 0 AND t.lines + s.lines = 0;
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  UPDATE ecomm._sales_daily AS t
  SET category = s.category, region = s.region, sales = t.sales + s.sales, units = t.units + s.units, lines = t.lines + s.lines, orders = t.orders + s.orders,
      customers = t.customers + s.customers
  FROM pg_temp.ecomm_refresh_summary AS s WHERE s.level = 'product_state' AND t.sale_date = s.period AND t.product_id = s.product_id AND t.state = s.state;
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  -- Mostly there is no new cell, which need not be looked for then.
  IF written < daily THEN
    INSERT INTO ecomm._sales_daily (sale_date, product_id, state, category, region, sales, units, lines, orders, customers)
    SELECT s.period, s.product_id, s.state, s.category, s.region, s.sales, s.units, s.lines, s.orders, s.customers
    FROM pg_temp.ecomm_refresh_summary AS s
    WHERE s.level = 'product_state' AND s.lines > 0 AND NOT EXISTS (SELECT FROM ecomm._sales_daily AS t WHERE t.sale_date = s.period AND t.product_id = s.product_id AND t.state = s.state);
    GET DIAGNOSTICS count = ROW_COUNT;
    written := written + count;
  END IF;

  DELETE FROM ecomm._sales_period AS t USING pg_temp.ecomm_refresh_summary AS s
  WHERE s.level <> 'product_state' AND s.lines < 0 AND t.lines + s.lines = 0
    AND t.cell = ecomm._cell_hash(s.period, s.level, s.grain, s.category, s.product_id, s.region, s.state)
    AND (t.level, t.grain, t.period, t.category, t.product_id, t.region, t.state)
        = (s.level, s.grain, s.period, s.category, s.product_id, s.region, s.state);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  UPDATE ecomm._sales_period AS t
  SET sales = t.sales + s.sales, units = t.units + s.units, lines = t.lines + s.lines, orders = t.orders + s.orders,
      customers = t.customers + s.customers
  FROM pg_temp.ecomm_refresh_summary AS s
  WHERE s.level <> 'product_state'
    AND t.cell = ecomm._cell_hash(s.period, s.level, s.grain, s.category, s.product_id, s.region, s.state)
    AND (t.level, t.grain, t.period, t.category, t.product_id, t.region, t.state)
        = (s.level, s.grain, s.period, s.category, s.product_id, s.region, s.state);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  IF written < total THEN
    INSERT INTO ecomm._sales_period (level, grain, period, category, product_id, region, state, sales, units, lines, orders, customers)
    SELECT s.level, s.grain, s.period, s.category, s.product_id, s.region, s.state, s.sales, s.units, s.lines, s.orders, s.customers
    FROM pg_temp.ecomm_refresh_summary AS s
    WHERE s.level <> 'product_state' AND s.lines > 0 AND NOT EXISTS (
      SELECT FROM ecomm._sales_period AS t
      WHERE t.cell = ecomm._cell_hash(s.period, s.level, s.grain, s.category, s.product_id, s.region, s.state)
        AND (t.level, t.grain, t.period, t.category, t.product_id, t.region, t.state)
            = (s.level, s.grain, s.period, s.category, s.product_id, s.region, s.state));
    GET DIAGNOSTICS count = ROW_COUNT;
    written := written + count;
  END IF;

  IF written <> total THEN
    RAISE EXCEPTION 'the change log does not fit the summaries' USING ERRCODE = 'EC001';
  END IF;
  RETURN written;
END
$$;
COMMENT ON FUNCTION ecomm._add_to_summary() IS 'internal: adds the differences in ecomm_refresh_summary to the summaries; EC001 or 23514 where a cell would get less than nothing';

-- Dimensions: what changed in the user's tables is written; states that customers left are noted down.
CREATE FUNCTION ecomm._refresh_dimensions(OUT regroup boolean, OUT written bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  count bigint;
BEGIN
  CREATE TEMPORARY TABLE ecomm_refresh_state ON COMMIT DROP AS SELECT state, state_name, region FROM ecomm._state_source;
  -- What was sold to states, and of products, that are in no table stays, as it was sold.
  INSERT INTO pg_temp.ecomm_refresh_state (state, region)
  SELECT p.state, 'Unknown' FROM ecomm._sales_period AS p
  WHERE p.level = 'state' AND p.grain = 'all' AND NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_state AS n WHERE n.state = p.state);
  regroup := EXISTS (
    SELECT FROM ecomm._sales_period AS p LEFT JOIN ecomm._state AS t USING (state) LEFT JOIN pg_temp.ecomm_refresh_state AS n USING (state)
    WHERE p.level = 'state' AND p.grain = 'all' AND n.region IS DISTINCT FROM t.region);
  DELETE FROM ecomm._state AS t WHERE NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_state AS n WHERE n.state = t.state);
  GET DIAGNOSTICS written = ROW_COUNT;
  INSERT INTO ecomm._state AS t (state, state_name, region) SELECT state, state_name, region FROM pg_temp.ecomm_refresh_state
  ON CONFLICT (state) DO UPDATE SET state_name = excluded.state_name, region = excluded.region
  WHERE (t.state_name, t.region) IS DISTINCT FROM (excluded.state_name, excluded.region);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;

  CREATE TEMPORARY TABLE ecomm_refresh_product ON COMMIT DROP AS SELECT product_id, product, category FROM ecomm._product_source;
  INSERT INTO pg_temp.ecomm_refresh_product (product_id, product, category)
  SELECT p.product_id, p.product_id, 'Unknown' FROM ecomm._sales_period AS p
  WHERE p.level = 'product' AND p.grain = 'all'
    AND NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_product AS n WHERE ecomm._match_key(n.product_id) = ecomm._match_key(p.product_id));
  regroup := regroup OR EXISTS (
    SELECT FROM ecomm._sales_period AS p LEFT JOIN ecomm._product AS t USING (product_id) LEFT JOIN pg_temp.ecomm_refresh_product AS n USING (product_id)
    WHERE p.level = 'product' AND p.grain = 'all' AND n.category IS DISTINCT FROM t.category);
  DELETE FROM ecomm._product AS t WHERE NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_product AS n WHERE n.product_id = t.product_id);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  INSERT INTO ecomm._product AS t (product_id, product, category) SELECT product_id, product, category FROM pg_temp.ecomm_refresh_product
  ON CONFLICT (product_id) DO UPDATE SET product = excluded.product, category = excluded.category
  WHERE (t.product, t.category) IS DISTINCT FROM (excluded.product, excluded.category);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;

  CREATE TEMPORARY TABLE ecomm_refresh_customer ON COMMIT DROP AS
    SELECT customer_id, customer_name, city, postal_code, state, region, country, latitude, longitude FROM ecomm._customer_source;
  -- Who is in no customer table but bought is somebody from nowhere.
  INSERT INTO pg_temp.ecomm_refresh_customer (customer_id, customer_name, city, postal_code, state, region, country)
  SELECT r.customer_id, 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown' FROM ecomm._customer_rfm AS r
  WHERE NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_customer AS n WHERE n.customer_id = r.customer_id);
  ANALYZE pg_temp.ecomm_refresh_customer;
  DELETE FROM ecomm._customer_moved;
  INSERT INTO ecomm._customer_moved (customer_id, old_state, old_region)
  SELECT customer_id, coalesce(c.state, 'Unknown'), coalesce(c.region, 'Unknown')
  FROM pg_temp.ecomm_refresh_customer AS n FULL JOIN ecomm._customer AS c USING (customer_id)
  WHERE (coalesce(c.state, 'Unknown'), coalesce(c.region, 'Unknown'))
        IS DISTINCT FROM (coalesce(n.state, 'Unknown'), coalesce(n.region, 'Unknown'));
  DELETE FROM ecomm._customer AS c WHERE NOT EXISTS (SELECT FROM pg_temp.ecomm_refresh_customer AS n WHERE n.customer_id = c.customer_id);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  UPDATE ecomm._customer AS c
  SET customer_name = n.customer_name, city = n.city, postal_code = n.postal_code, state = n.state, region = n.region,
      country = n.country, latitude = n.latitude, longitude = n.longitude
  FROM pg_temp.ecomm_refresh_customer AS n
  WHERE n.customer_id = c.customer_id
    AND (c.customer_name, c.city, c.postal_code, c.state, c.region, c.country, c.latitude, c.longitude)
        IS DISTINCT FROM (n.customer_name, n.city, n.postal_code, n.state, n.region, n.country, n.latitude, n.longitude);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  INSERT INTO ecomm._customer (customer_id, customer_name, city, postal_code, state, region, country, latitude, longitude)
  SELECT n.* FROM pg_temp.ecomm_refresh_customer AS n WHERE NOT EXISTS (SELECT FROM ecomm._customer AS c WHERE c.customer_id = n.customer_id);
  GET DIAGNOSTICS count = ROW_COUNT;
  written := written + count;
  DROP TABLE pg_temp.ecomm_refresh_state, pg_temp.ecomm_refresh_product, pg_temp.ecomm_refresh_customer;
END
$$;
COMMENT ON FUNCTION ecomm._refresh_dimensions() IS
  'internal: copies the cleaned dimensions by difference. regroup: categories or regions changed, so that all lines must be summed anew';

CREATE FUNCTION ecomm._refresh_calendar(horizon integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first_day date;
  last_day date;
  written bigint;
  count bigint;
BEGIN
  SELECT w.first_day, w.last_day INTO first_day, last_day FROM ecomm._day_window() AS w;
  DELETE FROM ecomm._calendar
  WHERE first_day IS NULL OR sale_date NOT BETWEEN date_trunc('year', first_day) AND date_trunc('year', last_day + horizon) + interval '1 year -1 day';
  GET DIAGNOSTICS written = ROW_COUNT;
  INSERT INTO ecomm._calendar AS c
  SELECT d::date, extract(year FROM d), extract(quarter FROM d), extract(month FROM d), extract(week FROM d), extract(day FROM d),
         extract(isodow FROM d), to_char(d, 'FMMonth'), to_char(d, 'FMDay'), to_char(d, 'YYYY-MM'), to_char(d, 'YYYY"-Q"Q'),
         extract(isodow FROM d) >= 6,
         (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM ecomm.special_day AS s WHERE s.day = d::date)
  FROM generate_series(date_trunc('year', first_day::timestamp), date_trunc('year', (last_day + horizon)::timestamp) + interval '1 year -1 day',
                       interval '1 day') AS d
  ON CONFLICT (sale_date) DO UPDATE SET special_day = excluded.special_day WHERE c.special_day IS DISTINCT FROM excluded.special_day;
  GET DIAGNOSTICS count = ROW_COUNT;
  RETURN written + count;
END
$$;
COMMENT ON FUNCTION ecomm._refresh_calendar(integer) IS 'internal: whole years, from the first sale to `horizon` days after the last';

-- Lines, dimensions and customers in one transaction with one snapshot: it must be REPEATABLE READ, or a line could be seen by one
-- query and not by the next.
CREATE FUNCTION ecomm._refresh_lines(rebuild boolean, horizon integer, OUT mode text, OUT written bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  seen ecomm._refresh_state;
  read_from text := ecomm._relation_fingerprint();
  log_rows bigint[];
  changed_lines bigint;
  why text;
  dimensions record;
  moved bigint := 0;
  count bigint;
BEGIN
  SELECT * INTO seen FROM ecomm._refresh_state;
  SELECT coalesce(array_agg(id), '{}'), coalesce(sum(c.count) FILTER (WHERE kind = 'lines'), 0),
         min(coalesce(c.why, 'asked for')) FILTER (WHERE kind = 'rebuild')
    INTO log_rows, changed_lines, why
  FROM ecomm._change AS c;
  why := CASE WHEN rebuild THEN 'asked for'
              WHEN seen.lines IS NULL THEN 'first'
              WHEN NOT ecomm._tracked() THEN 'the sale table is not tracked'
              WHEN seen.fingerprint IS DISTINCT FROM read_from THEN 'the sale table or its binding is another one'
              WHEN why IS NOT NULL THEN why
              WHEN changed_lines > greatest(100000, seen.lines / 10) THEN format('%s changed lines', changed_lines) END;
  written := 0;
  IF why IS NOT NULL OR NOT ecomm._dimensions_tracked()
     OR EXISTS (SELECT FROM ecomm._change WHERE kind IN ('customer', 'product', 'state')) OR EXISTS (SELECT FROM ecomm._customer_moved) THEN
    SELECT * INTO dimensions FROM ecomm._refresh_dimensions();
    written := dimensions.written;
    SELECT pg_catalog.count(*) INTO moved FROM ecomm._customer_moved;
    IF why IS NULL AND dimensions.regroup THEN
      why := 'categories or regions changed';
    ELSIF why IS NULL AND moved > greatest(1000, (SELECT reltuples / 20 FROM pg_class WHERE oid = 'ecomm._customer'::regclass)) THEN
      why := format('%s customers moved', moved);
    END IF;
  END IF;
  IF why IS NULL THEN
    BEGIN
      mode := 'changes';
      count := CASE WHEN changed_lines > 0 OR moved > 0 THEN ecomm._apply_changes() ELSE 0 END;
    -- Whatever keeps the log from being used, the lines are there.
    EXCEPTION WHEN SQLSTATE 'EC001' OR check_violation OR configuration_limit_exceeded OR program_limit_exceeded OR out_of_memory
                   OR numeric_value_out_of_range OR datatype_mismatch THEN
      why := SQLERRM;
    END;
  END IF;
  IF why IS NOT NULL THEN
    mode := 'rebuild: ' || why;
    PERFORM ecomm._summarise_lines();
    PERFORM ecomm._subtract_stored();
    count := ecomm._add_to_summary() + ecomm._refresh_customers_full();
    DROP TABLE pg_temp.ecomm_refresh_summary;
    IF seen.lines IS NULL THEN
      -- Statistics are wanted at once: without any, the plans of the next refresh are bad.
      ANALYZE ecomm._sales_daily, ecomm._sales_period, ecomm._customer, ecomm._customer_rfm;
    END IF;
  END IF;
  written := written + count;
  DELETE FROM ecomm._customer_moved;
  INSERT INTO ecomm._product (product_id, product, category)
  SELECT product_id, product_id, 'Unknown' FROM ecomm._sales_period AS p
  WHERE level = 'product' AND grain = 'all' AND NOT EXISTS (SELECT FROM ecomm._product AS t WHERE t.product_id = p.product_id);
  INSERT INTO ecomm._state (state, region)
  SELECT state, 'Unknown' FROM ecomm._sales_period AS p
  WHERE level = 'state' AND grain = 'all' AND NOT EXISTS (SELECT FROM ecomm._state AS t WHERE t.state = p.state);
  written := written + ecomm._refresh_calendar(horizon);
  UPDATE ecomm._refresh_state AS s
  SET (fingerprint, snapshot_day, first_day, last_day, lines, refreshed_at) = (
    SELECT read_from, max(p.period) + 1, min(p.period), max(p.period), coalesce(sum(p.lines), 0), statement_timestamp()
    FROM ecomm._sales_period AS p WHERE p.level = 'total' AND p.grain = 'day');
  DELETE FROM ecomm._change WHERE id = ANY (log_rows);
END
$$;
COMMENT ON FUNCTION ecomm._refresh_lines(boolean, integer) IS
  'internal: brings dimensions, summaries, customers and calendar up to date, from the changed lines or from all of them';

CREATE FUNCTION ecomm._apply_changes() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  customer_type text := ecomm._customer_type();
  invoice_type text := ecomm._invoice_type();
  lines text := ecomm._line_query();
  inserted bytea[];
  deleted bytea[];
  counted bytea[];  -- of those, the logs after which orders and customers have to be counted again
  changed text;  -- arrays of keys as text: their types are the user's
  moved text;
  invoices text;
  nobody boolean;
  current bytea;
  rfm bytea;
  customers text;
  written bigint;
  count bigint;
BEGIN
  SELECT coalesce(array_agg(c.lines ORDER BY id) FILTER (WHERE c.inserted), '{}'),
         coalesce(array_agg(c.lines ORDER BY id) FILTER (WHERE NOT c.inserted), '{}'),
         coalesce(array_agg(c.lines ORDER BY id) FILTER (WHERE NOT c.sums_only), '{}')
    INTO inserted, deleted, counted FROM ecomm._change AS c WHERE kind = 'lines';
  nobody := cardinality(ecomm._changed_unknown_days(counted)) > 0;
  SELECT coalesce(array_agg(customer_id), '{}')::text INTO moved FROM ecomm._customer_moved;
  EXECUTE format('SELECT ecomm._changed_invoices($1, NULL::%s)::text, ARRAY(SELECT unnest(ecomm._changed_customers($1, NULL::%2$s))'
                 ' UNION SELECT unnest($2::%2$s[]))::text', invoice_type, customer_type)
    INTO invoices, changed USING counted, moved;
  IF moved <> '{}' THEN
    -- An order of somebody who moved may have lines of others.
    EXECUTE format('SELECT ARRAY(SELECT unnest($1::%1$s[]) UNION SELECT invoice_no FROM (%2$s) AS line'
                   ' WHERE customer_id = ANY ($2::%3$s[]) AND invoice_no IS NOT NULL)::text', invoice_type, lines, customer_type)
      INTO invoices USING invoices, moved;
  END IF;
  IF changed <> '{}' OR invoices <> '{}' OR nobody THEN
    -- The arrays stand in the text, because only for constants they are looked up by hash.
    EXECUTE format('SELECT ecomm._line_log(sold_at, customer_id, invoice_no, product_id, quantity, amount, 0, 1),'
                   ' ecomm._rfm(customer_id, sold_at, invoice_no, amount) FILTER (WHERE customer_id = ANY (%L::%s[]))'
                   ' FROM (%s) AS line WHERE customer_id = ANY (%1$L::%2$s[]) OR invoice_no = ANY (%4$L::%5$s[])%6$s',
                   changed, customer_type, lines, invoices, invoice_type,
                   CASE WHEN nobody THEN ' OR (customer_id IS NULL AND invoice_no IS NULL)' ELSE '' END)
      INTO current, rfm;
  END IF;
  EXECUTE format('SELECT ARRAY(SELECT unnest(ecomm._changed_customers($1, NULL::%1$s)) UNION SELECT unnest($2::%1$s[]))::text', customer_type)
    INTO customers USING array_remove(inserted || deleted || current, NULL), changed;
  CREATE TEMPORARY TABLE ecomm_refresh_summary ON COMMIT DROP AS
  SELECT * FROM ecomm._summarise_changes(
    inserted, deleted, current,
    format('SELECT c.customer_id, c.state, c.region, coalesce(m.old_state, c.state), coalesce(m.old_region, c.region) FROM ecomm._customer AS c'
           ' LEFT JOIN ecomm._customer_moved AS m USING (customer_id) WHERE c.customer_id = ANY (%L::%s[])'
           ' UNION ALL SELECT m.customer_id, ''Unknown'', ''Unknown'', m.old_state, m.old_region FROM ecomm._customer_moved AS m'
           ' WHERE NOT EXISTS (SELECT FROM ecomm._customer AS c WHERE c.customer_id = m.customer_id)', customers, customer_type),
    ecomm._product_query());
  PERFORM ecomm._sum_categories();
  IF (SELECT pg_catalog.count(*) FROM pg_temp.ecomm_refresh_summary)
     < (SELECT reltuples / 5 FROM pg_class WHERE oid = 'ecomm._sales_period'::regclass) THEN
    -- A few of many cells are looked up one by one in half the time that hashing all takes; each of them once.
    PERFORM set_config(name, 'off', true) FROM pg_settings WHERE name IN ('enable_hashjoin', 'enable_mergejoin', 'enable_memoize');
  ELSE
    -- How many there are is all the planner needs.
    ANALYZE pg_temp.ecomm_refresh_summary (level);
  END IF;
  written := ecomm._add_to_summary();
  DROP TABLE pg_temp.ecomm_refresh_summary;
  SELECT coalesce(array_agg(c.lines) FILTER (WHERE c.inserted), '{}'), coalesce(array_agg(c.lines) FILTER (WHERE NOT c.inserted), '{}')
    INTO inserted, deleted FROM ecomm._change AS c WHERE kind = 'lines' AND sums_only;
  EXECUTE format('SELECT ecomm._refresh_customers_changed($1, $2::%1$s[]) + ecomm._refresh_customers_amounts($3, $4, $2::%1$s[])', customer_type)
    INTO count USING rfm, changed, inserted, deleted;
  RETURN written + count;
END
$$;
COMMENT ON FUNCTION ecomm._apply_changes() IS
  'internal: looks again at every order and customer who may have bought something else, as a whole, and adds what is different now. EC001: '
  'the log does not fit the lines';

CREATE FUNCTION ecomm._layout(tables text, money text, counted text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$SELECT format('%s; %s %s', tables, replace(money, 'numeric', ''), counted)$$;
COMMENT ON FUNCTION ecomm._layout(text, text, text) IS 'internal: how tables and views are made, as one text';

CREATE FUNCTION ecomm._refresh_prepare() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  seen ecomm._refresh_state;
  customer_type text := ecomm._customer_type();
  money text := ecomm._money_type();
  counted text := (SELECT CASE WHEN atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'bigint' ELSE 'numeric(18,4)' END
                   FROM pg_attribute WHERE attrelid = 'ecomm.sale_line'::regclass AND attname = 'quantity');
  -- The number rises with every change of the tables or views.
  tables text := '2 ' || customer_type;
  grants text[] := '{}';
  statement text;
BEGIN
  SELECT * INTO seen FROM ecomm._refresh_state;
  -- Digits once shown stay for as long as the sale table does.
  IF seen.layout LIKE '%; (18,4) %' AND seen.fingerprint = ecomm._relation_fingerprint() THEN
    money := 'numeric(18,4)';
  END IF;
  PERFORM ecomm._create_dimension_sources();
  PERFORM ecomm._note_made();
  IF seen.layout IS NOT DISTINCT FROM ecomm._layout(tables, money, counted) THEN
    RETURN 0;
  END IF;
  IF seen.layout IS NULL OR split_part(seen.layout, ';', 1) <> tables THEN
    grants := ecomm._drop_dashboard();
    PERFORM ecomm._create_dimension_sources();
    PERFORM ecomm._create_dashboard(customer_type);
    INSERT INTO ecomm._refresh_state (layout) VALUES (tables) ON CONFLICT (id) DO UPDATE SET lines = NULL, fingerprint = NULL, cluster_basis = NULL;
  END IF;
  PERFORM ecomm._put_dashboard_views(customer_type, money, counted);
  PERFORM ecomm._note_made();
  FOREACH statement IN ARRAY grants LOOP
    EXECUTE statement;
  END LOOP;
  UPDATE ecomm._refresh_state SET layout = ecomm._layout(tables, money, counted);
  RETURN (SELECT count(*) FROM ecomm._dashboard_views());
END
$$;
COMMENT ON FUNCTION ecomm._refresh_prepare() IS 'internal: makes the tables and views where there are none or they are of another layout; how many views';

CREATE FUNCTION ecomm._money_type() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  finer boolean;
BEGIN
  SELECT EXISTS (SELECT FROM (SELECT amount FROM ecomm.sale_line LIMIT 100000) AS line
                 WHERE scale(amount) > 2 AND scale(trim_scale(amount)) > 2) INTO finer;
  RETURN CASE WHEN finer THEN 'numeric(18,4)' ELSE 'numeric(18,2)' END;
END
$$;
COMMENT ON FUNCTION ecomm._money_type() IS 'internal: amounts in views have two digits behind the point, or four where the first lines have more than two';

CREATE FUNCTION ecomm._require_refresh_options(rebuild boolean, horizon integer, snapshot_days integer, model text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF rebuild IS NULL OR horizon IS NULL OR snapshot_days IS NULL OR model IS NULL THEN
    RAISE EXCEPTION 'parameters must not be null' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  IF horizon NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'horizon must be from 1 to 1000 days' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It is %s.', horizon);
  END IF;
  IF snapshot_days < 1 THEN
    RAISE EXCEPTION 'snapshot_days must be at least 1' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It is %s.', snapshot_days);
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm._require_refresh_options(boolean, integer, integer, text) IS 'internal: checks the parameters of ecomm_refresh()';

CREATE PROCEDURE ecomm_refresh(rebuild boolean = false, horizon integer = 28, snapshot_days integer = 7, model text = 'default')
LANGUAGE plpgsql AS $$
DECLARE
  this_run bigint := pg_catalog.nextval('ecomm._refresh_run_seq'::pg_catalog.regclass);
  steps CONSTANT text[] := '{prepare,lines,segments,snapshot,trend,outlook}';
  this_step text;
  began timestamptz;
  how text;
  written bigint;
  failure text;
  failures text := '';
BEGIN
  PERFORM ecomm._require_refresh_options(rebuild, horizon, snapshot_days, model);
  -- Fails where committing is not possible, before anything is locked.
  COMMIT;
  -- The user's search path is needed once: to find a table "sale" nobody bound.
  IF pg_catalog.to_regclass('ecomm.sale_line') IS NULL THEN
    PERFORM @extschema@.ecomm_bind();
  END IF;
  IF NOT pg_catalog.pg_try_advisory_lock(1701012333, 1) THEN
    INSERT INTO ecomm.refresh_run (run, step, seconds, rows, status) VALUES (this_run, 'all', 0, 0, 'skipped');
    RAISE NOTICE 'another refresh is at work: skipped';
    RETURN;
  END IF;
  FOREACH this_step IN ARRAY steps LOOP
    began := pg_catalog.clock_timestamp();
    BEGIN
      INSERT INTO ecomm.refresh_run (run, step, started_at) VALUES (this_run, this_step, began);
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      PERFORM pg_catalog.pg_advisory_unlock(1701012333, 1);
      RAISE;
    END;
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true), pg_catalog.set_config('jit', 'off', true);
    how := NULL;
    failure := NULL;
    BEGIN
      CASE this_step
        WHEN 'prepare' THEN written := ecomm._refresh_prepare();
        WHEN 'lines' THEN SELECT r.mode, r.written INTO how, written FROM ecomm._refresh_lines(rebuild, horizon) AS r;
        WHEN 'segments' THEN written := ecomm._refresh_segments(model) + ecomm._refresh_segment_summary();
        WHEN 'snapshot' THEN written := CASE WHEN ecomm._snapshot_due(snapshot_days) THEN ecomm._take_segment_snapshot() ELSE 0 END;
        WHEN 'trend' THEN written := ecomm._refresh_trend();
        WHEN 'outlook' THEN written := ecomm._refresh_outlook(horizon);
      END CASE;
    EXCEPTION
      WHEN query_canceled THEN
        PERFORM pg_catalog.pg_advisory_unlock(1701012333, 1);
        RAISE;
      WHEN OTHERS THEN
        failure := SQLSTATE || ': ' || SQLERRM;
        failures := failures || E'\n' || this_step || ': ' || failure;
    END;
    BEGIN
      UPDATE ecomm.refresh_run
      SET mode = how, seconds = extract(epoch FROM pg_catalog.clock_timestamp() - began), rows = CASE WHEN failure IS NULL THEN written END,
          status = CASE WHEN failure IS NULL THEN 'ok' ELSE 'failed' END, error = failure
      WHERE run = this_run AND step = this_step;
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      PERFORM pg_catalog.pg_advisory_unlock(1701012333, 1);
      RAISE;
    END;
    -- What follows would work on what the failed step did not bring.
    EXIT WHEN failure IS NOT NULL AND this_step IN ('prepare', 'lines');
  END LOOP;
  COMMIT;
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true), pg_catalog.pg_advisory_unlock(1701012333, 1);
  IF failures <> '' THEN
    RAISE EXCEPTION 'refresh % failed in part', this_run USING DETAIL = pg_catalog.ltrim(failures, E'\n'),
      HINT = 'The other steps are done and kept; the next refresh does the rest. See ecomm.refresh_run.';
  END IF;
END
$$;
COMMENT ON PROCEDURE ecomm_refresh(boolean, integer, integer, text) IS
$$Brings the views for dashboards up to date: dimensions, summaries, customers and their segments, trend and outlook, step by step, each
step in a transaction of its own. Readers see each step's result when it is done and are never made to wait; rows that stay the same are
not touched. The first call makes the tables and views, and binds a table "sale" on the search path if nothing is bound.

With ecomm_track() only orders and customers with changed lines are looked at again; without it, after TRUNCATE, changes of many lines, of
categories or of regions, everything is built anew. The result is the same, which ecomm_verify() shows.
rebuild: true builds anew in any case. horizon: days that the outlook forecasts, 1 to 1000. snapshot_days: a snapshot of the segments is
taken when the last sale is so many days after the last snapshot's. model: the k-means model that names clusters; trained if there is none.

One call at a time: another one says "skipped" and returns. A step that fails is told in ecomm.refresh_run and in an error at the end; the
other steps are kept, and the next call does the rest. Cannot run inside a transaction block, for it commits.
Errors: 22023 for a parameter out of range, 42P01 where there is no sale table, 42501 without the rights (CREATE on the schema ecomm, and
all on its tables).$$;

CREATE FUNCTION ecomm_verify()
RETURNS TABLE (relation text, cell text, stored text, found text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ecomm._refresh_state AS s WHERE s.lines IS NOT NULL) THEN
    RAISE EXCEPTION 'there is nothing to verify' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'CALL ecomm_refresh() first.';
  END IF;
  PERFORM ecomm._summarise_lines();
  PERFORM ecomm._subtract_stored();
  RETURN QUERY
    SELECT 'sales_daily', concat_ws(' ', d.period, d.product_id, d.state),
           CASE WHEN t.lines IS NOT NULL THEN format('%s %s sales %s units %s lines %s orders %s customers %s', t.category, t.region, t.sales, t.units,
                                                     t.lines, t.orders, t.customers) END,
           CASE WHEN coalesce(t.lines, 0) + d.lines > 0 THEN
             format('%s %s sales %s units %s lines %s orders %s customers %s', d.category, d.region, coalesce(t.sales, 0) + d.sales,
                    coalesce(t.units, 0) + d.units, coalesce(t.lines, 0) + d.lines, coalesce(t.orders, 0) + d.orders,
                    coalesce(t.customers, 0) + d.customers) END
    FROM pg_temp.ecomm_refresh_summary AS d
    LEFT JOIN ecomm._sales_daily AS t ON t.sale_date = d.period AND t.product_id = d.product_id AND t.state = d.state
    WHERE d.level = 'product_state'
    UNION ALL
    SELECT 'sales_by_period', concat_ws(' ', d.level, d.grain, d.period, d.category, d.product_id, d.region, d.state),
           CASE WHEN t.lines IS NOT NULL THEN
             format('sales %s units %s lines %s orders %s customers %s', t.sales, t.units, t.lines, t.orders, t.customers) END,
           CASE WHEN coalesce(t.lines, 0) + d.lines > 0 THEN
             format('sales %s units %s lines %s orders %s customers %s', coalesce(t.sales, 0) + d.sales, coalesce(t.units, 0) + d.units,
                    coalesce(t.lines, 0) + d.lines, coalesce(t.orders, 0) + d.orders, coalesce(t.customers, 0) + d.customers) END
    FROM pg_temp.ecomm_refresh_summary AS d
    LEFT JOIN ecomm._sales_period AS t ON t.level = d.level AND t.grain = d.grain AND t.period = d.period AND t.category = d.category
                                          AND t.product_id = d.product_id AND t.region = d.region AND t.state = d.state
    WHERE d.level <> 'product_state';
  DROP TABLE pg_temp.ecomm_refresh_summary;
  RETURN QUERY EXECUTE format($query$
    SELECT 'customer_segments', coalesce(t.customer_id, r.customer_id)::text,
           CASE WHEN t.customer_id IS NOT NULL THEN
             format('frequency %%s monetary %%s from %%s to %%s', t.frequency, t.monetary, t.first_purchase, t.last_purchase) END,
           CASE WHEN r.customer_id IS NOT NULL THEN
             format('frequency %%s monetary %%s from %%s to %%s', r.frequency, r.monetary, r.first_purchase, r.last_purchase) END
    FROM ecomm._customer_rfm AS t FULL JOIN @extschema@.rfm_keyed(NULL::%s) AS r ON r.customer_id = t.customer_id
    WHERE (t.frequency, t.monetary, t.first_purchase, t.last_purchase)
          IS DISTINCT FROM (r.frequency, r.monetary, r.first_purchase, r.last_purchase)$query$, ecomm._customer_type());
END
$$;
COMMENT ON FUNCTION ecomm_verify() IS
$$Compares what the views for dashboards show with what the sale lines say now: one row per cell that differs, none if all agree.

relation: the view; cell: its key; stored: what it has, NULL if the cell is missing; found: what the lines give, NULL if they have no such cell.
Reads all lines anew, as a rebuild does; the dimensions are not compared. Lines that changed since the last refresh are differences too. Where others write meanwhile, call it
in a transaction that is REPEATABLE READ. CALL ecomm_refresh(rebuild => true) mends whatever it finds.
Errors: 55000 before the first refresh; 42501 without the rights of a refresh.$$;
