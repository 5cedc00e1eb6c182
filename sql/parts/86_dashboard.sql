
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

CREATE TABLE ecomm._made (relation name PRIMARY KEY);
SELECT pg_catalog.pg_extension_config_dump('ecomm._made', '');
COMMENT ON TABLE ecomm._made IS 'internal: the relations of this schema that refreshes made: a dump does not say that they belong to the extension';
COMMENT ON COLUMN ecomm._made.relation IS 'a table or view of the schema ecomm';

CREATE FUNCTION ecomm._drop_with_extension(relation regclass) RETURNS void
  AS 'MODULE_PATHNAME', 'ecomm_drop_with_extension' LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION ecomm._drop_with_extension(regclass) IS
  'internal: a relation of the caller''s goes when the extension goes, though a dump has it';

CREATE FUNCTION ecomm._dashboard_views() RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.oid::regclass FROM pg_class AS c JOIN ecomm._made AS m ON m.relation = c.relname
  WHERE c.relnamespace = 'ecomm'::regnamespace AND c.relkind = 'v' AND c.relname NOT LIKE '\_%'
  ORDER BY c.relname
$$;
COMMENT ON FUNCTION ecomm._dashboard_views() IS 'internal: the views made for dashboards';

-- The days that dashboards show: a mistyped date centuries off is counted, and is no reason for a hundred thousand days. A quarter of a
-- century to either side of the day that half of the lines are before is more than any shop keeps.
CREATE FUNCTION ecomm._day_window(OUT first_day date, OUT last_day date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  middle date;
BEGIN
  SELECT d.period INTO middle
  FROM (SELECT p.period, sum(p.lines) OVER (ORDER BY p.period) AS before, sum(p.lines) OVER () AS all_lines
        FROM ecomm._sales_period AS p WHERE p.level = 'total' AND p.grain = 'day') AS d
  WHERE 2 * d.before >= d.all_lines ORDER BY d.period LIMIT 1;
  SELECT min(p.period), max(p.period) INTO first_day, last_day
  FROM ecomm._sales_period AS p
  WHERE p.level = 'total' AND p.grain = 'day' AND p.period BETWEEN middle - 9131 AND middle + 9131;
END
$$;
COMMENT ON FUNCTION ecomm._day_window() IS 'internal: the first and the last day with sales, but for days more than 25 years from the middle of the lines';

CREATE FUNCTION ecomm._note_made() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- After a restore the dependencies are gone and the names are there.
  PERFORM ecomm._drop_with_extension(c.oid) FROM pg_class AS c
  WHERE c.relnamespace = 'ecomm'::regnamespace AND pg_has_role(c.relowner, 'USAGE')
    AND (c.relname IN (SELECT m.relation FROM ecomm._made AS m) OR c.relname = 'sale_line');
  DELETE FROM ecomm._made AS m WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = 'ecomm'::regnamespace AND c.relname = m.relation);
  INSERT INTO ecomm._made (relation)
  SELECT c.relname FROM pg_class AS c JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
  WHERE c.relnamespace = 'ecomm'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'sale_line'
    AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'ecomm_analytics')
  ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION ecomm._note_made() IS 'internal: keeps in mind what was made, and that it goes with the extension';

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

CREATE FUNCTION ecomm._cell_hash(period date, level text, grain text, category text, product_id text, region text, state text) RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_cell_hash';
COMMENT ON FUNCTION ecomm._cell_hash(date, text, text, text, text, text, text) IS 'internal: of the key of a cell of ecomm._sales_period';

CREATE FUNCTION ecomm._create_dashboard(customer_type text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  made name;
BEGIN
  CREATE TABLE IF NOT EXISTS ecomm._calendar (
    sale_date date PRIMARY KEY, year integer NOT NULL, quarter integer NOT NULL, month integer NOT NULL, week integer NOT NULL,
    day integer NOT NULL, weekday integer NOT NULL, month_name text NOT NULL, weekday_name text NOT NULL, year_month text NOT NULL,
    year_quarter text NOT NULL, is_weekend boolean NOT NULL, special_day text);
  CREATE TABLE IF NOT EXISTS ecomm._state (state text PRIMARY KEY, state_name text, region text NOT NULL);
  CREATE TABLE IF NOT EXISTS ecomm._product (product_id text PRIMARY KEY, product text NOT NULL, category text NOT NULL);
  EXECUTE format('CREATE TABLE IF NOT EXISTS ecomm._customer (customer_id %s PRIMARY KEY, customer_name text, city text NOT NULL,'
                 ' postal_code text, state text NOT NULL, region text NOT NULL, country text, latitude double precision,'
                 ' longitude double precision)', customer_type);
  EXECUTE format('CREATE TABLE IF NOT EXISTS ecomm._customer_moved (customer_id %s PRIMARY KEY, old_state text NOT NULL,'
                 ' old_region text NOT NULL)', customer_type);
  -- The parts of the date stand in the row, because Power BI filters by them and by nothing that an index could serve.
  CREATE TABLE IF NOT EXISTS ecomm._sales_daily (
    sale_date date NOT NULL, product_id text NOT NULL, state text NOT NULL, category text NOT NULL, region text NOT NULL,
    year integer NOT NULL GENERATED ALWAYS AS (extract(year FROM sale_date)::integer) STORED,
    quarter integer NOT NULL GENERATED ALWAYS AS (extract(quarter FROM sale_date)::integer) STORED,
    month integer NOT NULL GENERATED ALWAYS AS (extract(month FROM sale_date)::integer) STORED,
    day integer NOT NULL GENERATED ALWAYS AS (extract(day FROM sale_date)::integer) STORED,
    sales numeric NOT NULL CONSTRAINT more_sales_than_views_can_show CHECK (abs(sales) < 1e14),
    units numeric NOT NULL CONSTRAINT more_units_than_views_can_show CHECK (abs(units) < 1e14),
    lines bigint NOT NULL CHECK (lines > 0), orders bigint NOT NULL CHECK (orders >= 0), customers bigint NOT NULL CHECK (customers >= 0),
    PRIMARY KEY (sale_date, product_id, state)) WITH (fillfactor = 90);
  CREATE TABLE IF NOT EXISTS ecomm._sales_period (
    level text NOT NULL, grain text NOT NULL, period date NOT NULL, category text NOT NULL, product_id text NOT NULL,
    region text NOT NULL, state text NOT NULL,
    sales numeric NOT NULL CONSTRAINT more_sales_than_views_can_show CHECK (abs(sales) < 1e14),
    units numeric NOT NULL CONSTRAINT more_units_than_views_can_show CHECK (abs(units) < 1e14),
    lines bigint NOT NULL CHECK (lines > 0), orders bigint NOT NULL CHECK (orders >= 0), customers bigint NOT NULL CHECK (customers >= 0),
    cell bigint NOT NULL GENERATED ALWAYS AS (ecomm._cell_hash(period, level, grain, category, product_id, region, state)) STORED
  ) WITH (fillfactor = 80);
  -- A refresh looks for a cell in a third of the time that an index on the seven columns takes.
  CREATE INDEX IF NOT EXISTS _sales_period_cell ON ecomm._sales_period (cell);
  CREATE INDEX IF NOT EXISTS _sales_period_time ON ecomm._sales_period (level, grain, period);
  PERFORM ecomm._create_segment_tables(customer_type);
  PERFORM ecomm._create_outlook_tables();
  FOR made IN SELECT relname FROM pg_class WHERE relnamespace = 'ecomm'::regnamespace AND relkind = 'r' AND relname LIKE '\_%'
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('e', 'x'))
  LOOP
    PERFORM ecomm._drop_with_extension(format('ecomm.%I', made)::regclass);
  END LOOP;
END
$$;
COMMENT ON FUNCTION ecomm._create_dashboard(text) IS 'internal: the tables that refreshes fill, for customer keys of this type';

-- What is granted on the views is given back when they are made again.
CREATE FUNCTION ecomm._drop_dashboard() RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grants text[] := '{}';
  made regclass;
  list text;
BEGIN
  FOR made IN SELECT ecomm._dashboard_views() LOOP
    grants := grants || ecomm._grants(made);
  END LOOP;
  -- All views at once, then all tables: among themselves they may depend on each other.
  FOR list IN
    SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, string_agg(c.oid::regclass::text, ', '))
    FROM pg_class AS c JOIN ecomm._made AS m ON m.relation = c.relname
    WHERE c.relnamespace = 'ecomm'::regnamespace GROUP BY c.relkind ORDER BY c.relkind DESC
  LOOP
    EXECUTE 'DROP ' || list;
  END LOOP;
  RETURN grants;
END
$$;
COMMENT ON FUNCTION ecomm._drop_dashboard() IS 'internal: drops all that refreshes made; returns the statements that grant again';

CREATE FUNCTION ecomm._put_dashboard_views(customer_type text, money text, counted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
  measures text := format('sales::%1$s AS sales, units::%2$s AS units', money, counted);
  measure_comments text[] := ARRAY['net sum of amounts, returns included; additive', 'net sum of quantities, returns included; additive'];
  counts_comments text[] := ARRAY['distinct orders with a purchase; not additive', 'distinct known customers who bought; not additive'];
  shares text;
BEGIN
  PERFORM ecomm._put_view('calendar',
    'SELECT sale_date, year, quarter, month, week, day, weekday, month_name, weekday_name, year_month, year_quarter, is_weekend, special_day'
    ' FROM ecomm._calendar',
    'Every day from the year of the first sale to the end of the year that forecasts reach into. The date table of a star schema.',
    ARRAY['the day; key', 'year', 'quarter, 1 to 4', 'month, 1 to 12', 'ISO week, 1 to 53', 'day of the month', 'weekday, 1 is Monday',
          'January, ...', 'Monday, ...', '2024-03', '2024-Q1', 'Saturday or Sunday', 'names of ecomm.special_day; NULL: none']);
  PERFORM ecomm._put_view('state', 'SELECT state, state_name, region FROM ecomm._state',
    'States, one row a code, spellings resolved; Unknown for customers without one.', ARRAY['code; key', 'name', 'region']);
  PERFORM ecomm._put_view('product', 'SELECT product_id, product, category FROM ecomm._product',
    'Products, those that were sold but are in no product table included; Unknown for lines without one.',
    ARRAY['as the product table has it; key', 'description', 'category']);
  PERFORM ecomm._put_view('customer',
    'SELECT customer_id, customer_name, city, postal_code, state, region, country, latitude, longitude FROM ecomm._customer',
    'Customers, cleaned: cities in one spelling, states as codes; one row stands for all unknown customers.',
    ARRAY['key', 'name', 'city', 'postal code', 'code of the state', 'region', 'country', 'degrees north', 'degrees east']);
  PERFORM ecomm._put_view('sales_daily', format(
    'SELECT d.sale_date, d.year, d.quarter, d.month, d.day, d.category, d.product_id, coalesce(p.product, d.product_id) AS product,'
    ' d.region, d.state, d.%s, d.lines, d.orders, d.customers FROM ecomm._sales_daily AS d LEFT JOIN ecomm._product AS p USING (product_id)',
    replace(measures, ', ', ', d.')),
    'Sales by day, product and state, flat: enough for a page without relationships. A customer''s state is the state of today''s customer table.',
    ARRAY['day', 'year', 'quarter', 'month', 'day of the month', 'category', 'product key', 'product', 'region', 'state'] || measure_comments
    || ARRAY['sale lines; additive'] || counts_comments);
  PERFORM ecomm._put_view('category_daily', format(
    'SELECT period AS sale_date, extract(year FROM period)::integer AS year, extract(quarter FROM period)::integer AS quarter,'
    ' extract(month FROM period)::integer AS month, extract(day FROM period)::integer AS day, category, region, state, %s, lines'
    ' FROM ecomm._sales_period WHERE level = ''category_state''', measures),
    'Sales by day, category and state, flat: what a page without products needs, and small however many products there are.',
    ARRAY['day', 'year', 'quarter', 'month', 'day of the month', 'category', 'region', 'state'] || measure_comments || ARRAY['sale lines; additive']);
  PERFORM ecomm._put_view('orders_daily', format(
    'SELECT period AS sale_date, extract(year FROM period)::integer AS year, extract(quarter FROM period)::integer AS quarter,'
    ' extract(month FROM period)::integer AS month, extract(day FROM period)::integer AS day, level, category, region, state, %s, orders, customers'
    ' FROM ecomm._sales_period WHERE grain = ''day'' AND level <> ''category_state''', measures),
    'Distinct orders and customers by day, right at each level. Choose one level: total, category, region, state or category_region; what a '
    'level does not tell apart says All.',
    ARRAY['day', 'year', 'quarter', 'month', 'day of the month', 'total, category, region, state or category_region', 'category or All',
          'region or All', 'state or All', 'net sum of amounts; additive within a level', 'net sum of quantities; additive within a level',
          'distinct orders with a purchase; additive over days as far as orders lie on one day', 'distinct known customers who bought; not additive']);
  PERFORM ecomm._put_view('sales_by_period', format(
    'SELECT grain, CASE grain WHEN ''all'' THEN (SELECT first_day FROM ecomm._refresh_state) ELSE period END AS period, level, category,'
    ' p.product_id, p.region, p.state, %s, orders, customers FROM ecomm._sales_period AS p WHERE level <> ''category_state''', measures),
    'The same by day, week, month, quarter, year and over all: distinct orders and customers, right at each grain and level. Choose one grain '
    'and one level.',
    ARRAY['day, week, month, quarter, year or all', 'its first day', 'total, category, region, state, product or category_region', 'category or All',
          'product key or All', 'region or All', 'state or All', 'net sum of amounts; additive within a grain and level',
          'net sum of quantities; additive within a grain and level', 'distinct orders with a purchase', 'distinct known customers who bought']);
  PERFORM ecomm._put_view('kpi', format($view$
    -- Looked up by key: as a table of its own it has no index, and each day would be compared with every other.
    WITH period AS NOT MATERIALIZED (
      SELECT grain, period, sales, units, orders, customers,
             CASE grain WHEN 'day' THEN period + 1 WHEN 'week' THEN period + 7 WHEN 'month' THEN (period + interval '1 month')::date
                        WHEN 'quarter' THEN (period + interval '3 months')::date WHEN 'year' THEN (period + interval '1 year')::date END AS next,
             CASE grain WHEN 'day' THEN period - 1 WHEN 'week' THEN period - 7 WHEN 'month' THEN (period - interval '1 month')::date
                        WHEN 'quarter' THEN (period - interval '3 months')::date WHEN 'year' THEN (period - interval '1 year')::date END AS previous,
             -- 52 weeks back for days and weeks, so that weekdays are compared with their like
             CASE WHEN grain IN ('day', 'week') THEN period - 364 WHEN grain <> 'all' THEN (period - interval '1 year')::date END AS year_before
      FROM ecomm._sales_period
      -- Beyond there may be no year before and none after.
      WHERE level = 'total' AND (grain = 'all' OR period BETWEEN '0003-01-01' AND '9990-01-01')),
    -- The day on which the lines were read was not over.
    seen AS (SELECT first_day, snapshot_day, least(snapshot_day, refreshed_at::date) AS goes_on FROM ecomm._refresh_state)
    SELECT p.grain, CASE p.grain WHEN 'all' THEN s.first_day ELSE p.period END AS period,
           CASE p.grain WHEN 'all' THEN s.snapshot_day - 1 ELSE p.next - 1 END AS period_end,
           CASE p.grain WHEN 'all' THEN true ELSE p.next <= s.goes_on END AS is_complete,
           p.sales::%1$s AS sales, p.units::%2$s AS units, p.orders, p.customers AS active_customers,
           round(p.sales / nullif(p.orders, 0), 2)::numeric(18,2) AS average_order_value,
           round(p.units / nullif(p.orders, 0), 2)::numeric(18,2) AS items_per_order,
           coalesce(b.sales, CASE WHEN p.previous >= s.first_day THEN 0 END)::%1$s AS sales_previous,
           coalesce(b.orders, CASE WHEN p.previous >= s.first_day THEN 0 END) AS orders_previous,
           coalesce(b.customers, CASE WHEN p.previous >= s.first_day THEN 0 END) AS active_customers_previous,
           (p.sales / nullif(b.sales, 0) - 1)::double precision AS sales_change,
           coalesce(y.sales, CASE WHEN p.year_before >= s.first_day THEN 0 END)::%1$s AS sales_year_before,
           coalesce(y.orders, CASE WHEN p.year_before >= s.first_day THEN 0 END) AS orders_year_before,
           coalesce(y.customers, CASE WHEN p.year_before >= s.first_day THEN 0 END) AS active_customers_year_before,
           (p.sales / nullif(y.sales, 0) - 1)::double precision AS sales_change_year
    FROM period AS p CROSS JOIN seen AS s
    LEFT JOIN period AS b ON b.grain = p.grain AND b.period = p.previous
    LEFT JOIN period AS y ON y.grain = p.grain AND y.period = p.year_before$view$, money, counted),
    'Key figures by day, week, month, quarter, year and over all, each beside the period before and the year before (days and weeks: 52 weeks '
    'before). Choose one grain.',
    ARRAY['day, week, month, quarter, year or all', 'its first day', 'its last day',
          'false for a period that goes on after the last sale, or was not over when the lines were read',
          'net sum of amounts', 'net sum of quantities', 'distinct orders', 'distinct known customers who bought', 'sales by orders',
          'units by orders', 'sales of the period before', 'orders of the period before', 'customers of the period before',
          'sales over those of the period before, less 1', 'sales a year before', 'orders a year before', 'customers a year before',
          'sales over those a year before, less 1']);
  PERFORM ecomm._put_view('weekday_profile', format($view$
    SELECT c.weekday, c.weekday_name, count(*) AS days, coalesce(sum(p.sales), 0)::%1$s AS sales, coalesce(sum(p.units), 0)::%2$s AS units,
           coalesce(sum(p.orders), 0)::bigint AS orders, round(coalesce(sum(p.sales), 0) / count(*), 2)::numeric(18,2) AS mean_sales,
           (coalesce(sum(p.sales), 0) / nullif(sum(sum(p.sales)) OVER (), 0))::double precision AS sales_share
    FROM ecomm._calendar AS c JOIN ecomm._refresh_state AS s ON c.sale_date BETWEEN s.first_day AND s.last_day
    LEFT JOIN ecomm._sales_period AS p ON p.level = 'total' AND p.grain = 'day' AND p.period = c.sale_date
    GROUP BY c.weekday, c.weekday_name$view$, money, counted),
    'The week: what each weekday sold, days without sales counted.',
    ARRAY['1 is Monday', 'Monday, ...', 'days from the first sale to the last', 'net sum of amounts', 'net sum of quantities',
          'distinct orders, by day', 'sales by days', 'part of all sales, 0 to 1']);
  shares := '(sales / nullif(sum(sales) OVER (), 0))::double precision AS sales_share';
  PERFORM ecomm._put_view('category_totals', format(
    'SELECT category, %s, orders, customers, %s FROM ecomm._sales_period WHERE level = ''category'' AND grain = ''all''', measures, shares),
    'What each category sold in all.', ARRAY['category'] || measure_comments || counts_comments || ARRAY['part of all sales, 0 to 1']);
  PERFORM ecomm._put_view('product_totals', format(
    'SELECT t.product_id, coalesce(p.product, t.product_id) AS product, coalesce(p.category, ''Unknown'') AS category, t.%s, t.orders, t.customers,'
    ' (t.sales / nullif(sum(t.sales) OVER (), 0))::double precision AS sales_share'
    ' FROM ecomm._sales_period AS t LEFT JOIN ecomm._product AS p USING (product_id) WHERE level = ''product'' AND grain = ''all''',
    replace(measures, ', ', ', t.')),
    'What each product sold in all.',
    ARRAY['product key', 'description', 'category'] || measure_comments || counts_comments || ARRAY['part of all sales, 0 to 1']);
  PERFORM ecomm._put_view('region_totals', format(
    'SELECT region, %s, orders, customers, %s FROM ecomm._sales_period WHERE level = ''region'' AND grain = ''all''', measures, shares),
    'What each region bought in all.', ARRAY['region'] || measure_comments || counts_comments || ARRAY['part of all sales, 0 to 1']);
  PERFORM ecomm._put_view('state_totals', format(
    'SELECT t.state, coalesce(s.state_name, t.state) AS state_name, coalesce(s.region, ''Unknown'') AS region, t.%s, t.orders, t.customers,'
    ' (t.sales / nullif(sum(t.sales) OVER (), 0))::double precision AS sales_share'
    ' FROM ecomm._sales_period AS t LEFT JOIN ecomm._state AS s USING (state) WHERE t.level = ''state'' AND t.grain = ''all''',
    replace(measures, ', ', ', t.')),
    'What each state bought in all.',
    ARRAY['code', 'name', 'region'] || measure_comments || counts_comments || ARRAY['part of all sales, 0 to 1']);
  PERFORM ecomm._put_view('city_totals', format($view$
    SELECT city, state, sum(monetary)::%s AS sales, sum(frequency)::bigint AS orders, count(*) FILTER (WHERE frequency > 0) AS customers,
           (sum(monetary) / nullif(sum(sum(monetary)) OVER (), 0))::double precision AS sales_share
    FROM ecomm._customer_rfm JOIN ecomm._customer USING (customer_id) GROUP BY city, state$view$, money),
    'What the known customers of each city bought in all.',
    ARRAY['city', 'code of its state', 'net sum of amounts; additive', 'orders of its customers; additive', 'its customers who bought; additive',
          'part of the sales of all cities, 0 to 1']);
  PERFORM ecomm._put_view('freshness',
    'SELECT first_day, last_day, snapshot_day, lines, refreshed_at AT TIME ZONE ''UTC'' AS refreshed_at_utc,'
    ' (SELECT count(*) FROM ecomm.refresh_run AS r WHERE r.run = (SELECT max(run) FROM ecomm.refresh_run WHERE status <> ''skipped'')'
    ' AND r.status = ''failed'') AS failed_steps FROM ecomm._refresh_state',
    'How fresh all this is; one row.',
    ARRAY['first day with a sale', 'last day with a sale', 'the day recency counts up to', 'dated sale lines', 'when the sale lines were last read, UTC',
          'steps of the last refresh that failed']);
  PERFORM ecomm._create_segment_views(customer_type, money);
  PERFORM ecomm._create_outlook_views(money);
END
$$;
COMMENT ON FUNCTION ecomm._put_dashboard_views(text, text, text) IS
  'internal: creates or replaces the views for dashboards; types: customer_type of customer keys, money of amounts, counted of quantities';
