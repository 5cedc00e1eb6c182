
-- Clean dimensions: what the user's tables beside the sale table say, one row a member ------------------------------

CREATE TABLE ecomm.cleaning_rule (
  kind     text NOT NULL CHECK (kind IN ('state', 'city', 'category', 'region', 'product')),
  spelling text NOT NULL CHECK (spelling <> ''),
  value    text NOT NULL CHECK (value <> ''),
  PRIMARY KEY (kind, spelling)
);
SELECT pg_catalog.pg_extension_config_dump('ecomm.cleaning_rule', '');
GRANT SELECT ON ecomm.cleaning_rule TO PUBLIC;
COMMENT ON TABLE ecomm.cleaning_rule IS
  'What a spelling in the customer, product and state tables stands for; goes before everything else, from the next refresh on. '
  'sales_quality() suggests rows. Yours to fill: INSERT INTO ecomm.cleaning_rule VALUES (''category'', ''Cleanig Supplies'', '
  '''Cleaning Supplies'').';
COMMENT ON COLUMN ecomm.cleaning_rule.kind IS
  'what is spelled so: state, city, category, region, or product (the description of a product)';
COMMENT ON COLUMN ecomm.cleaning_rule.spelling IS
  'as written; capitals do not matter, for a city neither do full stops and commas, for a state no punctuation and no blanks';
COMMENT ON COLUMN ecomm.cleaning_rule.value IS 'what it stands for; of a state the code, or another spelling of it that is known';

CREATE FUNCTION ecomm._binder() RETURNS oid
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.relowner FROM pg_class AS c WHERE c.oid = to_regclass('ecomm.sale_line')
$$;
COMMENT ON FUNCTION ecomm._binder() IS 'internal: the role that owns ecomm.sale_line; NULL where nothing is bound.';

CREATE FUNCTION ecomm._bound_column(role text, tell boolean DEFAULT true, OUT relation regclass, OUT expression text, OUT type regtype)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- What ecomm.binding says is looked up, never executed, and read only where the binder could read it himself.
  SELECT c.oid, format('d.%I', a.attname), coalesce(nullif(t.typbasetype, 0), t.oid) INTO relation, expression, type
  FROM ecomm.binding AS b JOIN pg_class AS c ON c.oid = to_regclass(b.relation)
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND quote_ident(a.attname) = b.expression AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  WHERE b.role = _bound_column.role AND has_table_privilege(ecomm._binder(), c.oid, 'SELECT');
  IF tell AND relation IS NULL AND EXISTS (SELECT FROM ecomm.binding AS b WHERE b.role = _bound_column.role AND b.expression IS NOT NULL) THEN
    RAISE WARNING 'the bound column % does not exist any more, or the owner of ecomm.sale_line may not read it', role
      USING HINT = 'Bind the tables again with ecomm_bind.';
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm._bound_column(text, boolean) IS
  'internal: the column that plays a role of a dimension, as SQL over its relation under the alias d, and its type (of a domain the base type); '
  'NULL: none. tell: warn of one that was bound and is gone, or that the owner of ecomm.sale_line may not read';

CREATE FUNCTION ecomm._key_sql(expression text, type regtype, key_type text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  least_key text := CASE key_type WHEN 'integer' THEN '-2147483648' ELSE '-9223372036854775808' END;
  greatest_key text := CASE key_type WHEN 'integer' THEN '2147483647' ELSE '9223372036854775807' END;
  is_float boolean := type IN ('real'::regtype, 'double precision'::regtype);
  known text;
BEGIN
  IF is_float THEN
    expression := format('ecomm._exact_numeric(%s)', expression);
  END IF;
  IF key_type = 'text' THEN
    IF is_float OR type = 'numeric'::regtype THEN
      expression := format('NULLIF(trim_scale(%s), ''NaN'')', expression);
    END IF;
    RETURN format('(%s)::text COLLATE "C"', expression);
  ELSIF type IN ('smallint'::regtype, 'integer'::regtype, key_type::regtype) THEN
    RETURN format('(%s)::%s', expression, key_type);
  ELSIF type = 'bigint'::regtype THEN
    known := format('%s BETWEEN %s AND %s', expression, least_key, greatest_key);
  ELSIF is_float OR type = 'numeric'::regtype THEN
    known := format('%1$s BETWEEN %2$s AND %3$s AND %1$s = trunc(%1$s)', expression, least_key, greatest_key);
  ELSE
    -- Equal as text to a whole number as it is written.
    RETURN format('CASE WHEN (%1$s)::text ~ ''^(0|-?[1-9][0-9]{0,17})$'' THEN CASE WHEN (%1$s)::text::bigint BETWEEN %2$s AND %3$s'
                  ' THEN (%1$s)::text::%4$s END END', expression, least_key, greatest_key, key_type);
  END IF;
  RETURN format('CASE WHEN %s THEN (%s)::%s END', known, expression, key_type);
END
$$;
COMMENT ON FUNCTION ecomm._key_sql(text, regtype, text) IS
  'internal: SQL that makes an expression of a type a key of the type integer, bigint or text, so that equal keys are equal whatever their types: '
  'numbers by value, written without trailing zeros; NULL where it is no such key';

CREATE FUNCTION ecomm._text_sql(role text, trimmed boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found record;
BEGIN
  SELECT * INTO found FROM ecomm._bound_column(role);
  IF found.expression IS NULL THEN
    RETURN 'NULL::text COLLATE "C"';
  END IF;
  RETURN format(CASE WHEN trimmed THEN 'NULLIF(btrim(%s), '''')' ELSE '%s' END, ecomm._key_sql(found.expression, found.type, 'text'));
END
$$;
COMMENT ON FUNCTION ecomm._text_sql(text, boolean) IS
  'internal: SQL of the text that plays a role of a dimension, NULL where there is none; trimmed: and where nothing but blanks is';

CREATE FUNCTION ecomm._degrees_sql(role text, limits integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found record;
BEGIN
  SELECT * INTO found FROM ecomm._bound_column(role);
  -- No NaN, no infinity and nothing that is on no map passes.
  RETURN CASE WHEN found.expression IS NULL THEN 'NULL::double precision'
              ELSE format('CASE WHEN %1$s BETWEEN -%2$s AND %2$s THEN (%1$s)::double precision END', found.expression, limits) END;
END
$$;
COMMENT ON FUNCTION ecomm._degrees_sql(text, integer) IS 'internal: SQL of the latitude or longitude that plays a role';

CREATE FUNCTION ecomm._dimension_sql(role text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(relation::text || ' AS d', '(SELECT WHERE false) AS d') FROM ecomm._bound_column(role, false)
$$;
COMMENT ON FUNCTION ecomm._dimension_sql(text) IS
  'internal: the relation of a dimension, by the role of its key, under the alias d; one without rows where there is none';

CREATE FUNCTION ecomm._dimension_queries(OUT key_type text, OUT state_spelling text, OUT city_spelling text, OUT state_source text,
                                         OUT product_source text, OUT customer_source text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  customers text := ecomm._dimension_sql('customer.customer_id');
  products text := ecomm._dimension_sql('product.product_id');
  states text := ecomm._dimension_sql('state.spelling');
  customer_key record;
  is_unique boolean;
  -- %s: a text. Of a state nothing but letters and digits counts, of a city no full stops, commas and further blanks.
  state_key text := $sql$upper(translate(%s, E' .,;:-_/()''"`\t\r\n', '') COLLATE "default") COLLATE "C"$sql$;
  tidy_city text := $sql$btrim(regexp_replace(translate(%s, '.,;', '   '), '\s+', ' ', 'g'))$sql$;
  tidy_text text := $sql$btrim(regexp_replace(%s, '\s+', ' ', 'g'))$sql$;
  known_states text;
  rule_of text;
BEGIN
  SELECT CASE WHEN atttypid IN ('smallint'::regtype, 'integer'::regtype) THEN 'integer'
              WHEN atttypid = 'bigint'::regtype THEN 'bigint' ELSE 'text' END INTO key_type
  FROM pg_attribute WHERE attrelid = to_regclass('ecomm.sale_line') AND attname = 'customer_id' AND NOT attisdropped;
  IF key_type IS NULL THEN
    RAISE 'no sale table is bound' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Bind one with ecomm_bind.';
  END IF;
  SELECT * INTO customer_key FROM ecomm._bound_column('customer.customer_id');
  -- Sorting all customers to find two of one key takes longer than all else.
  is_unique := EXISTS (
    SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = customer_key.relation AND i.indnkeyatts = 1 AND i.indisunique AND i.indimmediate AND i.indisvalid
      AND i.indpred IS NULL AND format('d.%I', a.attname) = customer_key.expression)
    AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhparent = customer_key.relation
                    AND NOT (SELECT c.relispartition FROM pg_class AS c WHERE c.oid = h.inhrelid));

  -- Of two rules that differ in capitals the one of the lesser spelling.
  rule_of := $sql$LEFT JOIN (SELECT DISTINCT ON (key) upper(%2$s COLLATE "default") COLLATE "C" AS key, btrim(r.value) COLLATE "C" AS value
    FROM ecomm.cleaning_rule AS r WHERE r.kind = %1$L ORDER BY key, r.spelling COLLATE "C") AS %1$s_rule
    ON %1$s_rule.key = upper(%3$s COLLATE "default") COLLATE "C"$sql$;

  known_states := format($sql$
    SELECT spelling, CASE WHEN length(state) = 2 THEN upper(state) ELSE state END AS state, state_name, region
    FROM (SELECT spelling, coalesce(code, state_name, spelling) AS state, state_name, region
          FROM (SELECT %s AS spelling, %s AS code, %s AS state_name, %s AS region FROM %s) AS s) AS s
    WHERE state IS NOT NULL$sql$,
    ecomm._text_sql('state.spelling'), format(tidy_text, ecomm._text_sql('state.code')), format(tidy_text, ecomm._text_sql('state.name')),
    format(tidy_text, ecomm._text_sql('state.region')), states);

  state_spelling := format($sql$
    WITH known AS (%1$s),
    -- by spelling, by code, by name
    named AS (
      SELECT DISTINCT spelling, %2$s AS key, 3 AS rank, state FROM known WHERE spelling IS NOT NULL
      UNION ALL SELECT DISTINCT NULL, %3$s, 5, state FROM known
      UNION ALL SELECT DISTINCT NULL, %4$s, 6, state FROM known WHERE state_name IS NOT NULL),
    ruled AS (
      SELECT DISTINCT ON (r.spelling) btrim(r.spelling) COLLATE "C" AS spelling, %5$s AS key, 1 AS rank,
             coalesce(n.state, btrim(r.value)) COLLATE "C" AS state
      FROM ecomm.cleaning_rule AS r
      LEFT JOIN named AS n ON n.key = %6$s
      WHERE r.kind = 'state'
      ORDER BY r.spelling, n.spelling IS DISTINCT FROM btrim(r.value) COLLATE "C", n.rank, n.state),
    -- Who nobody knows is called what most call it.
    written AS (
      SELECT spelling, key, customers, first_value(%9$s) OVER (PARTITION BY key ORDER BY customers DESC, spelling) AS mostly
      FROM (SELECT spelling, %2$s AS key, customers FROM (SELECT %7$s AS spelling, count(*) AS customers FROM %8$s GROUP BY 1) AS c
            WHERE spelling IS NOT NULL) AS c)
    SELECT DISTINCT ON (w.spelling COLLATE "default") w.spelling COLLATE "default" AS spelling, w.customers,
           (CASE WHEN n.state IS NOT NULL THEN n.state WHEN w.key IN ('', 'UNKNOWN') THEN 'Unknown'
                 WHEN length(w.key) = 2 THEN w.key ELSE w.mostly END) COLLATE "default" AS state,
           CASE WHEN n.state IS NULL THEN 'unknown' WHEN n.rank = 1 THEN 'rule' WHEN n.rank = 5 THEN 'code' WHEN n.rank = 6 THEN 'name'
                WHEN n.spelling = btrim(w.spelling) THEN 'spelling' ELSE 'variant' END AS found_by
    FROM written AS w
    LEFT JOIN (TABLE ruled UNION ALL TABLE named) AS n ON n.key = w.key
    ORDER BY w.spelling COLLATE "default", n.rank + (n.spelling IS DISTINCT FROM btrim(w.spelling) AND n.rank < 5)::integer, n.state$sql$,
    known_states, format(state_key, 'spelling'), format(state_key, 'state'), format(state_key, 'state_name'),
    format(state_key, 'r.spelling'), format(state_key, 'r.value'), ecomm._text_sql('customer.state', false), customers,
    format(tidy_text, 'spelling'));

  city_spelling := format($sql$
    WITH written AS (
      SELECT spelling, customers, %1$s AS city FROM (SELECT %2$s AS spelling, count(*) AS customers FROM %3$s GROUP BY 1) AS c
      WHERE spelling IS NOT NULL),
    ruled AS (
      SELECT DISTINCT ON (key) upper(%4$s) COLLATE "C" AS key, %5$s COLLATE "C" AS city FROM ecomm.cleaning_rule AS r
      WHERE r.kind = 'city' ORDER BY key, r.spelling COLLATE "C"),
    keyed AS (
      SELECT w.spelling, w.customers, coalesce(r.city, w.city) AS city,
             upper(coalesce(r.city, w.city) COLLATE "default") COLLATE "C" AS key, r.city IS NOT NULL AS by_rule
      FROM written AS w LEFT JOIN ruled AS r ON r.key = upper(w.city COLLATE "default") COLLATE "C")
    -- A city is shown as a rule has it, else as most write it of those who do not write it all in one case.
    -- One row a spelling anyway: DISTINCT tells the planner.
    SELECT DISTINCT ON (spelling COLLATE "default") spelling COLLATE "default" AS spelling, customers,
           (CASE WHEN key IN ('', 'UNKNOWN') THEN 'Unknown' WHEN by_rule OR mixed THEN city
                 ELSE regexp_replace(initcap(city COLLATE "default"), '''S\M', '''s', 'g') END) COLLATE "default" AS city
    FROM (SELECT spelling, customers, key, first_value(city) OVER shown AS city, first_value(by_rule) OVER shown AS by_rule,
                 first_value(mixed) OVER shown AS mixed
          FROM (SELECT *, sum(customers) OVER (PARTITION BY key, city) AS users,
                       city <> upper(city COLLATE "default")
                         AND city COLLATE "default" !~ '\m(?!(of|the|and|in|on|by|de|del|la|las|los)\M)[[:lower:]]' AS mixed
                FROM keyed) AS k
          WINDOW shown AS (PARTITION BY key ORDER BY by_rule DESC, mixed DESC, users DESC, city)) AS s$sql$,
    format(tidy_city, 'spelling'), ecomm._text_sql('customer.city', false), customers, format(tidy_city, 'r.spelling'), format(tidy_text, 'r.value'));

  state_source := format($sql$
    WITH known AS (%1$s),
    -- What most rows of a code say.
    state_name AS (SELECT DISTINCT ON (state) state, state_name FROM known WHERE state_name IS NOT NULL
                   GROUP BY 1, 2 ORDER BY state, count(*) DESC, state_name),
    region AS (SELECT DISTINCT ON (state) state, region FROM known WHERE region IS NOT NULL
               GROUP BY 1, 2 ORDER BY state, count(*) DESC, region)
    SELECT s.state COLLATE "default" AS state, coalesce(n.state_name, s.state) COLLATE "default" AS state_name,
           coalesce(region_rule.value, r.region, 'Unknown') COLLATE "default" AS region
    FROM (SELECT state FROM known UNION SELECT state COLLATE "C" FROM ecomm._state_spelling UNION SELECT 'Unknown') AS s
    LEFT JOIN state_name AS n USING (state) LEFT JOIN region AS r USING (state) %2$s$sql$,
    known_states, format(rule_of, 'region', format(tidy_text, 'r.spelling'), 'r.region'));

  product_source := format($sql$
    WITH product AS (
      SELECT DISTINCT ON (key) ecomm._match_key(product_id) COLLATE "C" AS key, product_id, %1$s AS product, %2$s AS category
      FROM (SELECT %3$s AS product_id, %4$s AS product, %5$s AS category FROM %6$s) AS p
      WHERE ecomm._match_key(product_id) NOT IN ('', 'UNKNOWN')
      ORDER BY key, product_id, product, category)
    SELECT p.product_id COLLATE "default" AS product_id, coalesce(product_rule.value, p.product, p.product_id) COLLATE "default" AS product,
           coalesce(category_rule.value, p.category, 'Unknown') COLLATE "default" AS category
    FROM product AS p %7$s %8$s
    UNION ALL SELECT 'Unknown', 'Unknown', 'Unknown'$sql$,
    format(tidy_text, 'product'), format(tidy_text, 'category'),
    ecomm._text_sql('product.product_id', false),
    ecomm._text_sql('product.description'), ecomm._text_sql('product.category'), products,
    format(rule_of, 'product', format(tidy_text, 'r.spelling'), 'p.product'), format(rule_of, 'category', format(tidy_text, 'r.spelling'), 'p.category'));

  customer_source := format($sql$
    WITH customer AS (
      SELECT %13$s %1$s AS customer_id, %2$s AS customer_name, %3$s AS city, %4$s AS postal_code, %5$s AS state, %6$s AS country,
             %7$s AS latitude, %8$s AS longitude FROM %9$s %14$s)
    SELECT c.customer_id %10$s AS customer_id, c.customer_name COLLATE "default" AS customer_name, coalesce(t.city, 'Unknown') AS city,
           c.postal_code COLLATE "default" AS postal_code, coalesce(s.state, 'Unknown') AS state, coalesce(n.region, 'Unknown') AS region,
           coalesce(c.country, 'Unknown') COLLATE "default" AS country, c.latitude, c.longitude
    FROM customer AS c LEFT JOIN ecomm._city_spelling AS t ON t.spelling = c.city COLLATE "default"
    LEFT JOIN ecomm._state_spelling AS s ON s.spelling = c.state COLLATE "default"
    LEFT JOIN ecomm._state_source AS n ON n.state = s.state
    WHERE c.customer_id NOT IN (%11$s)
    UNION ALL SELECT %12$s, 'Unknown', 'Unknown', NULL, 'Unknown', 'Unknown', 'Unknown', NULL, NULL$sql$,
    CASE WHEN customer_key.expression IS NULL THEN 'NULL::' || key_type || CASE key_type WHEN 'text' THEN ' COLLATE "C"' ELSE '' END
         ELSE ecomm._key_sql(customer_key.expression, customer_key.type, key_type) END,
    ecomm._text_sql('customer.name'), ecomm._text_sql('customer.city', false), ecomm._text_sql('customer.postal_code'),
    ecomm._text_sql('customer.state', false), ecomm._text_sql('customer.country'), ecomm._degrees_sql('customer.latitude', 90),
    ecomm._degrees_sql('customer.longitude', 180), customers, CASE key_type WHEN 'text' THEN 'COLLATE "default"' ELSE '' END,
    CASE key_type WHEN 'text' THEN $sql$'', '-1', 'Unknown'$sql$ ELSE '-1' END, CASE key_type WHEN 'text' THEN $sql$'Unknown'$sql$ ELSE '-1' END,
    CASE WHEN is_unique THEN '' ELSE 'DISTINCT ON (customer_id)' END,
    CASE WHEN is_unique THEN '' ELSE 'ORDER BY customer_id, customer_name, city, postal_code, state, country, latitude, longitude' END);
END
$$;
COMMENT ON FUNCTION ecomm._dimension_queries() IS
  'internal: the queries of the views ecomm._create_dimension_sources() makes, which name each other so, and the type of customer_id in them';

CREATE FUNCTION ecomm._create_dimension_sources() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  query record;
BEGIN
  SELECT * INTO query FROM ecomm._dimension_queries();
  PERFORM ecomm._put_view('_state_spelling', query.state_spelling,
    'internal: which state each spelling in the customer table stands for',
    ARRAY['as the customer table has it', 'customers with it', 'the state''s code',
          'rule, spelling, variant (other case or punctuation), code, name; or unknown']);
  PERFORM ecomm._put_view('_city_spelling', query.city_spelling,
    'internal: which city each spelling in the customer table stands for',
    ARRAY['as the customer table has it', 'customers with it', 'the city']);
  PERFORM ecomm._put_view('_state_source', query.state_source,
    'internal: states, one row a code, as refreshes read them',
    ARRAY['code, or as written where nobody knows it', 'name, else the code', 'region, or Unknown']);
  PERFORM ecomm._put_view('_product_source', query.product_source,
    'internal: products, one row a stock code however it is spelled, as refreshes read them',
    ARRAY['as the product table has it', 'description, else the stock code', 'category, or Unknown']);
  PERFORM ecomm._put_view('_customer_source', query.customer_source,
    'internal: customers, one row each, as refreshes read them',
    ARRAY['key, as the sale lines have it; -1 or Unknown is the unknown customer', 'name', 'city, in one spelling', 'postal code',
          'the state''s code', 'region of the state', 'country', 'degrees north', 'degrees east']);
END
$$;
COMMENT ON FUNCTION ecomm._create_dimension_sources() IS
  'internal: creates or replaces the views ecomm._state_source, _product_source, _customer_source (and _state_spelling, _city_spelling below them) '
  'over the bound tables beside the sale table; the unknown member alone where there is none. Errors: 55000 nothing is bound';
