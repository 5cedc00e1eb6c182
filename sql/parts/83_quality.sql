
-- What is complete, missing, doubtful ---------------------------------------------------------------------------------

CREATE FUNCTION ecomm._report_memory(work_mem text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(pg_size_bytes(work_mem) / 1024, least(CASE WHEN l.value <> '-1' THEN pg_size_bytes(l.value) / 2048 ELSE 0 END, 2097151))::text
  FROM current_setting('ecomm_analytics.memory_limit') AS l (value)
$$;
COMMENT ON FUNCTION ecomm._report_memory(text) IS
  'internal: work_mem, in kB, with which a hash table may take ecomm_analytics.memory_limit; no less than it was';

CREATE FUNCTION ecomm._line_checks(columns jsonb, quantity_is_whole boolean)
RETURNS TABLE (mark integer, subject text, reason text, condition text, effect text, suggestion text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.mark, c.subject, c.reason, c.condition, c.effect, c.suggestion
  FROM (VALUES
    (0, 'sold_at', 'missing', 'sold_at IS NULL OR NOT isfinite(sold_at)',
     'left out of rfm() and of everything over time', 'find their day: without one they are in no period'),
    (1, 'sold_at', 'in the future', 'isfinite(sold_at) AND sold_at > localtimestamp',
     'counts; the snapshot of rfm() is the day after the last sale, so everybody''s recency grows, and forecasts begin after it',
     'correct them, or pass as_of to rfm() and to_date to sales_series()'),
    (2, 'sold_at', 'before 1970', 'isfinite(sold_at) AND sold_at < timestamp ''1970-01-01''',
     'counts; a series begins with its first sale, so the years between are periods without sales', 'correct them, or pass from_date'),
    (3, 'customer_id', 'missing', 'customer_missing',
     'left out of rfm() and segments; counts in sales, units and orders, not in customers', NULL),
    (4, 'customer_id', 'unknown', 'customer_id IS NULL AND NOT customer_missing',
     'a placeholder (-1, NaN or an empty text): as missing', NULL),
    (5, 'invoice_no', 'missing', 'invoice_missing', 'one order per customer and day', NULL),
    (6, 'invoice_no', 'unknown', 'invoice_no IS NULL AND NOT invoice_missing',
     'a placeholder (-1, NaN or an empty text): as missing', NULL),
    (7, 'product_id', 'missing', 'product_id IS NULL OR product_id::text COLLATE "C" < ''!'' AND btrim(product_id::text) = ''''',
     'counts as product Unknown, category Unknown', NULL),
    (8, 'quantity', 'missing', CASE WHEN quantity_is_whole THEN 'quantity IS NULL'
                                    ELSE '(quantity > ''-Infinity'' AND quantity < ''Infinity'') IS NOT TRUE' END,
     'counts as 0 units; in no average price', NULL),
    (9, 'quantity', 'negative', 'quantity < 0', 'lowers units; in no average price', NULL),
    (10, 'quantity', 'zero', 'quantity = 0', 'counts as 0 units; in no average price', NULL),
    (11, 'amount', 'missing', '(amount > ''-Infinity'' AND amount < ''Infinity'') IS NOT TRUE',
     'left out of rfm(); counts as 0 in sales', NULL),
    (12, 'amount', 'negative', 'amount < 0', 'a return: lowers sales and monetary, is no purchase and no order', NULL),
    (13, 'amount', 'zero', 'amount = 0', 'a purchase: counts as an order of nothing', NULL),
    (14, 'unit_price', 'missing', '(unit_price > ''-Infinity'' AND unit_price < ''Infinity'') IS NOT TRUE',
     'nothing: the unit price is only checked, amounts count', NULL),
    (15, 'unit_price', 'negative', 'unit_price < 0', 'nothing: amounts count', NULL),
    (16, 'unit_price', 'zero', 'unit_price = 0', 'nothing: amounts count', NULL),
    (17, 'amount', 'inconsistent', 'amount <> quantity * unit_price AND abs(amount - quantity * unit_price) > 0.005 AND abs(amount - quantity * unit_price) < ''Infinity''',
     'amounts count, quantity * unit_price does not; compared as numeric, to half a cent',
     'if most lines are, the money column may be another: see ecomm_bind()')
  ) AS c (mark, subject, reason, condition, effect, suggestion)
  WHERE columns ? c.subject AND (c.mark <> 17 OR columns ?& '{quantity,unit_price}')
$$;
COMMENT ON FUNCTION ecomm._line_checks(jsonb, boolean) IS
  'internal: what sales_quality() looks for in each line, as conditions on the canonical columns, and the bit that marks it';

-- The setting of work_mem is there to be undone at the end; what it is set to comes first.
CREATE FUNCTION ecomm._sales_quality(lines_query text, relation text, columns jsonb, bound boolean, work_mem text)
RETURNS TABLE (subject text, reason text, lines bigint, share double precision, amount numeric, effect text, suggestion text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '4MB' AS $$
#variable_conflict use_column
DECLARE
  missing_bits constant integer := (1 << 0) + (1 << 3) + (1 << 4) + (1 << 5) + (1 << 6) + (1 << 7) + (1 << 8) + (1 << 11) + (1 << 14);
  money text := 'CASE WHEN amount > ''-Infinity'' AND amount < ''Infinity'' THEN amount ELSE 0 END';
  customer_type regtype;
  product_type regtype;
  quantity_type regtype;
  marks text;
  masks integer[];
  counts bigint[];
  amounts numeric[];
  total bigint;
  whole boolean;
  by_key text;
  apart text;
  unreadable text;
  present text;
  written text;
  with_price boolean;
  outlying_lines numeric;
  outlying_money numeric;
  outlying_prices text;
BEGIN
  PERFORM set_config('work_mem', ecomm._report_memory(_sales_quality.work_mem), true);
  EXECUTE format('SELECT pg_typeof(l.customer_id), pg_typeof(l.product_id), pg_typeof(l.quantity)
                  FROM (SELECT) AS one LEFT JOIN (SELECT * FROM (%s) AS q LIMIT 0) AS l ON true', lines_query)
    INTO customer_type, product_type, quantity_type;
  whole := quantity_type <> 'numeric'::regtype;

  -- All that can be told of a line by itself, in one scan.
  -- Most numbers are positive, and are looked at no further.
  SELECT string_agg(format(CASE WHEN c.subject IN ('quantity', 'amount', 'unit_price') AND c.mark < 17
                                THEN 'CASE WHEN ' || c.subject || ' > 0 AND ' || c.subject || CASE WHEN c.subject = 'quantity' AND whole THEN ' IS NOT NULL'
                                                                                                    ELSE ' < ''Infinity''' END || ' THEN 0 ELSE %s END'
                                ELSE '%s' END, c.marks), ' + ') INTO marks
  FROM (SELECT subject, mark / 17 AS part, min(mark) AS mark, string_agg(format('CASE WHEN %s THEN %s ELSE 0 END', condition, 1 << mark), ' + ') AS marks
        FROM ecomm._line_checks(columns, whole) GROUP BY 1, 2) AS c;
  -- With them what each product was sold at; of those lines the ones whose price is ten times the median, or a tenth.
  with_price := columns ? 'product_id' AND columns ?| '{unit_price,quantity}';
  EXECUTE format($sql$
    WITH cell AS MATERIALIZED (
      SELECT mask, product_id, price, count(*) AS n, sum(money) AS money
      FROM (SELECT %1$s AS mask, %2$s AS product_id, %3$s AS price, %4$s AS money FROM (%5$s) AS q) AS l GROUP BY 1, 2, 3),
    ranked AS (
      SELECT product_id, price, n, money, sum(n) OVER (PARTITION BY product_id ORDER BY price) AS up_to, sum(n) OVER (PARTITION BY product_id) AS whole
      FROM (SELECT product_id, price, sum(n) AS n, sum(money) AS money FROM cell WHERE price > 0 AND price < 'Infinity' GROUP BY 1, 2) AS p),
    outlying AS (
      SELECT * FROM (SELECT *, min(price) FILTER (WHERE 2 * up_to >= whole) OVER (PARTITION BY product_id) AS usual FROM ranked) AS r
      WHERE price >= 10 * usual OR 10 * price <= usual)
    SELECT m.*, o.*,
           (SELECT string_agg(format('%%s of %%s at %%s, usually %%s', f.n, coalesce(f.product_id::text, 'no product'), f.price, f.usual), '; '
                              ORDER BY abs(f.money) DESC, f.product_id::text COLLATE "C", f.price)
            FROM (SELECT * FROM outlying ORDER BY abs(money) DESC, product_id::text COLLATE "C", price LIMIT 10) AS f)
    FROM (SELECT coalesce(array_agg(mask), '{}'), coalesce(array_agg(n), '{}'), coalesce(array_agg(money), '{}'), coalesce(sum(n), 0)
          FROM (SELECT mask, sum(n)::bigint AS n, sum(money) AS money FROM cell GROUP BY 1) AS c) AS m,
         (SELECT coalesce(sum(n), 0), coalesce(sum(money), 0) FROM outlying) AS o$sql$,
    marks, CASE WHEN with_price THEN 'product_id' ELSE 'NULL::text' END,
    CASE WHEN NOT with_price THEN 'NULL::numeric' WHEN columns ? 'unit_price' THEN 'unit_price'
         ELSE 'CASE WHEN quantity > 0 THEN round(amount / quantity, 2) END' END, money, lines_query)
    INTO masks, counts, amounts, total, outlying_lines, outlying_money, outlying_prices;
  RETURN QUERY
    WITH marked AS (SELECT * FROM unnest(masks, counts, amounts) AS m (mask, n, money)),
    found AS (
      SELECT 0 AS place, 'line' AS subject, 'all' AS reason, sum(m.n) AS n, sum(m.money) AS money, 'read from ' || relation AS effect,
             NULL::text AS suggestion FROM marked AS m
      UNION ALL
      SELECT 1, 'line', 'complete', sum(m.n), sum(m.money), 'every role that is bound is filled, positive and consistent', NULL
      FROM marked AS m WHERE m.mask = 0
      UNION ALL
      SELECT 2, 'line', 'incomplete', sum(m.n), sum(m.money), 'some role that is bound is missing or unknown', NULL
      FROM marked AS m WHERE m.mask & missing_bits <> 0
      UNION ALL
      SELECT 3, 'line', 'not positive', sum(m.n), sum(m.money), 'quantity, amount or unit price is 0 or less', NULL
      FROM marked AS m WHERE m.mask & ((1 << 9) + (1 << 10) + (1 << 12) + (1 << 13) + (1 << 15) + (1 << 16)) <> 0
      UNION ALL
      SELECT 4, 'line', 'returned', sum(m.n), sum(m.money), 'quantity or amount is negative; see there', NULL
      FROM marked AS m WHERE m.mask & ((1 << 9) + (1 << 12)) <> 0
      UNION ALL
      SELECT 10 + c.mark, c.subject, c.reason, sum(m.n) FILTER (WHERE m.mask >> c.mark & 1 = 1), sum(m.money) FILTER (WHERE m.mask >> c.mark & 1 = 1),
             c.effect, c.suggestion
      FROM ecomm._line_checks(columns, true) AS c LEFT JOIN marked AS m ON true GROUP BY c.mark, c.subject, c.reason, c.effect, c.suggestion
      UNION ALL
      SELECT 100 + r.n, r.role, 'no such column', total, sum(m.money), r.effect, 'bind one with ecomm_bind()'
      FROM (VALUES (1, 'invoice_no', 'one order per customer and day'), (2, 'product_id', 'every line is of product Unknown'),
                   (3, 'quantity', 'no units and no average price'), (4, 'unit_price', 'amounts cannot be checked')) AS r (n, role, effect)
      LEFT JOIN marked AS m ON true WHERE NOT columns ? r.role GROUP BY r.n, r.role, r.effect
      UNION ALL
      SELECT 40, 'unit_price', 'outlying', outlying_lines, outlying_money,
             'counts, and bends sums, trends, forecasts and monetary; ten times the median price of the product''s lines or more, or a tenth or less',
             outlying_prices
      WHERE with_price)
    SELECT f.subject, f.reason, coalesce(f.n, 0)::bigint, coalesce(f.n, 0)::double precision / nullif(total, 0), coalesce(f.money, 0), f.effect, f.suggestion
    FROM found AS f ORDER BY f.place;

  IF NOT EXISTS (SELECT FROM unnest(masks) AS m (mask) WHERE m.mask >> 11 & 1 = 1) THEN
    money := 'amount';
  END IF;

  -- Lines that are equal in all roles are of one invoice and one product: only invoices with two lines that may be of one product are looked
  -- at line by line.
  SELECT string_agg(c.key, ', ' ORDER BY l.mark), string_agg(c.value, ', ' ORDER BY l.mark) INTO present, written
  FROM jsonb_each_text(columns) AS c JOIN (SELECT subject, min(mark) AS mark FROM ecomm._line_checks(columns, true) GROUP BY 1) AS l ON l.subject = c.key;
  by_key := CASE WHEN columns ? 'invoice_no' THEN 'invoice_no' ELSE 'sold_at' END;
  apart := CASE WHEN columns ? 'invoice_no' THEN
             format('min(%1$s) <> max(%1$s) AS customers, min(sold_at)::date <> max(sold_at)::date AS days',
                    CASE WHEN customer_type IN ('uuid'::regtype, 'text'::regtype) THEN 'customer_id::text COLLATE "C"' ELSE 'customer_id' END)
           ELSE 'false AS customers, false AS days' END;
  RETURN QUERY EXECUTE format($sql$
    WITH line_group AS MATERIALIZED (
      SELECT * FROM (
        SELECT %1$s AS key, %3$s,
               bit_count(bit_or(1::bigint << (%9$s & 63)::integer)::bit(64)) < count(*) AS twice
        FROM (%5$s) AS q GROUP BY 1) AS g
      WHERE key IS NULL OR twice OR customers OR days),
    line AS MATERIALIZED (
      SELECT %4$s, %2$s AS money, g.twice, g.customers, g.days FROM (%5$s) AS q JOIN line_group AS g ON g.key = %1$s
      UNION ALL
      SELECT %4$s, %2$s, true, false, false FROM (%5$s) AS q WHERE %1$s IS NULL AND EXISTS (SELECT FROM line_group WHERE key IS NULL)),
    found AS (
      SELECT 1 AS place, 'line' AS subject, 'repeated' AS reason, sum(n - 1) AS n, sum((n - 1) * money) AS money,
             'counts, each time; equal to another line in every role that is bound, the first of them not counted here' AS effect, %6$L AS suggestion
      FROM (SELECT count(*) AS n, min(money) AS money FROM line WHERE twice GROUP BY %4$s HAVING count(*) > 1) AS l
      UNION ALL
      SELECT 2, 'invoice_no', 'of several customers', count(*), sum(money), 'an order of each of these customers in rfm(), one order in sales_series()', NULL
      FROM line WHERE customers
      UNION ALL
      SELECT 3, 'invoice_no', 'of several days', count(*), sum(money), 'an order on each of these days in sales_series(), one order in rfm()', NULL
      FROM line WHERE days)
    SELECT subject, reason, coalesce(n, 0)::bigint, coalesce(n, 0)::double precision / nullif(%7$s, 0), coalesce(money, 0), effect, suggestion
    FROM found WHERE place = 1 OR %8$s ORDER BY place$sql$,
    by_key, money, apart, present, lines_query, format('SELECT %1$s, count(*) FROM %2$s GROUP BY %1$s HAVING count(*) > 1', written, relation), total,
    (columns ? 'invoice_no')::text, format('hash_record_extended(ROW(%s), 0)', CASE WHEN columns ? 'product_id' THEN 'product_id' ELSE 'amount' END));

  IF NOT bound THEN
    RETURN;
  END IF;
  SELECT string_agg(DISTINCT b.relation, ', ') INTO unreadable
  FROM ecomm.binding AS b JOIN pg_namespace AS n ON starts_with(b.relation, quote_ident(n.nspname) || '.')
  JOIN pg_class AS c ON c.relnamespace = n.oid AND b.relation = quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  WHERE b.role LIKE '%.%' AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'));
  IF unreadable IS NULL THEN
    RETURN QUERY SELECT * FROM ecomm._dimension_quality(lines_query, columns, customer_type, product_type, total);
  ELSE
    RETURN QUERY SELECT 'line', 'not looked up', total, CASE WHEN total > 0 THEN 1.0::double precision END, sum(m.money),
                        'the tables beside the sale table are left out, for you may not read ' || unreadable, NULL::text
                 FROM unnest(amounts) AS m (money);
  END IF;
END
$$;
COMMENT ON FUNCTION ecomm._sales_quality(text, text, jsonb, boolean, text) IS
  'internal: sales_quality() of the lines of a query; columns: the roles it has, each with its expression; work_mem: the caller''s';

CREATE FUNCTION ecomm._dimension_quality(lines_query text, columns jsonb, customer_type regtype, product_type regtype, total bigint)
RETURNS TABLE (subject text, reason text, lines bigint, share double precision, amount numeric, effect text, suggestion text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  money constant text := 'CASE WHEN amount > ''-Infinity'' AND amount < ''Infinity'' THEN amount ELSE 0 END';
  query record;
  customer record;
  product record;
  customers text;
  statement text;
BEGIN
  SELECT * INTO query FROM ecomm._dimension_queries();
  SELECT * INTO customer FROM ecomm._bound_column('customer.customer_id');
  SELECT * INTO product FROM ecomm._bound_column('product.product_id');

  IF columns ? 'product_id' AND product.expression IS NOT NULL THEN
    RETURN QUERY EXECUTE format($sql$
      WITH line AS MATERIALIZED (
        SELECT product_id, ecomm._match_key(product_id) COLLATE "C" AS key, sum(n)::bigint AS n, sum(money) AS money
        FROM (SELECT %1$s AS product_id, count(*) AS n, sum(%2$s) AS money FROM (%3$s) AS q WHERE product_id IS NOT NULL GROUP BY product_id) AS l
        GROUP BY 1),
      product AS MATERIALIZED (SELECT *, ecomm._match_key(product_id) COLLATE "C" AS key FROM (%4$s) AS p WHERE product_id <> 'Unknown'),
      known AS (SELECT l.*, p.product_id AS known_as, p.category FROM line AS l LEFT JOIN product AS p USING (key) WHERE l.key <> ''),
      category AS (SELECT category AS value, sum(n) AS n, sum(money) AS money FROM known WHERE known_as IS NOT NULL GROUP BY 1),
      found AS (
        SELECT 1 AS place, 'product_id' AS subject, 'not in the product table' AS reason, n, money, 'counts, in category Unknown' AS effect, product_id AS example
        FROM known WHERE known_as IS NULL
        UNION ALL
        SELECT 2, 'product_id', 'spelled unlike in the product table', n, money, 'counts as that product: capitals and blanks around do not matter',
               product_id || ' for ' || known_as
        FROM known WHERE known_as COLLATE "C" <> product_id
        UNION ALL
        SELECT 3, 'product.category', 'missing', n, money, 'counts in category Unknown', product_id FROM known WHERE category = 'Unknown'),
      kind AS (SELECT DISTINCT place, subject, reason, effect FROM (VALUES
        (1, 'product_id', 'not in the product table', 'counts, in category Unknown'),
        (2, 'product_id', 'spelled unlike in the product table', 'counts as that product: capitals and blanks around do not matter'),
        (3, 'product.category', 'missing', 'counts in category Unknown')) AS k (place, subject, reason, effect))
      SELECT k.subject, k.reason, coalesce(sum(f.n), 0)::bigint, coalesce(sum(f.n), 0)::double precision / nullif(%5$s, 0), coalesce(sum(f.money), 0), k.effect,
             'for example ' || (array_agg(f.example ORDER BY f.n DESC, f.example) FILTER (WHERE f.n IS NOT NULL))[1]
      FROM kind AS k LEFT JOIN found AS f USING (place) GROUP BY k.place, k.subject, k.reason, k.effect
      UNION ALL
      SELECT * FROM (
        SELECT 'product.category', 'may be the same', n.lines::bigint, n.lines::double precision / nullif(%5$s, 0), n.amount,
               format('%%s counts apart from %%s', n.value, n.other),
               format('INSERT INTO ecomm.cleaning_rule VALUES (''category'', %%L, %%L)', n.value, n.other)
        FROM (SELECT array_agg(value ORDER BY value) AS v, array_agg(n ORDER BY value) AS n, array_agg(money ORDER BY value) AS m FROM category) AS c,
             ecomm._near_duplicates(c.v, NULL, c.n, c.m, 5) AS n) AS near$sql$,
      ecomm._key_sql('product_id', product_type, 'text'), money, lines_query, query.product_source, total);
  END IF;

  IF customer.expression IS NULL THEN
    RETURN;
  END IF;
  customers := format('%s AS customer_id, %s AS state, %s AS city', ecomm._key_sql(customer.expression, customer.type, query.key_type),
                      ecomm._text_sql('customer.state', false), ecomm._text_sql('customer.city', false));
  statement := format($sql$
    WITH _state_spelling AS MATERIALIZED (%1$s), _city_spelling AS MATERIALIZED (%2$s), _state_source AS MATERIALIZED (%3$s),
    customer AS MATERIALIZED (%4$s),
    line AS MATERIALIZED (
      SELECT %5$s AS customer_id, count(*) AS n, sum(%6$s) AS money FROM (%7$s) AS q WHERE customer_id IS NOT NULL GROUP BY 1),
    known AS MATERIALIZED (
      SELECT l.*, c.customer_id IS NOT NULL AS is_known, c.city, c.state FROM line AS l LEFT JOIN customer AS c ON c.customer_id = l.customer_id),
    spelled AS MATERIALIZED (
      SELECT d.state, sum(l.n) AS n, sum(l.money) AS money FROM (SELECT %8$s FROM %9$s) AS d JOIN line AS l ON l.customer_id = d.customer_id GROUP BY 1),
    place AS (SELECT state, city, sum(n) AS n, sum(money) AS money FROM known WHERE is_known AND city <> 'Unknown' GROUP BY 1, 2),
    -- A spelling that is also the name of another code: which of them is meant?
    named AS (SELECT DISTINCT s.spelling, s.state, o.state AS other FROM _state_spelling AS s JOIN _state_source AS o
              ON lower(o.state_name) = lower(btrim(s.spelling)) AND o.state <> s.state AND o.state <> o.state_name),
    found AS (
      SELECT 1 AS place, 'customer_id' AS subject, 'not in the customer table' AS reason, sum(n) AS n, sum(money) AS money,
             'counts, in state and region Unknown' AS effect, NULL AS suggestion FROM known WHERE NOT is_known
      UNION ALL SELECT 2, 'customer.city', 'missing', sum(n), sum(money), 'counts in city Unknown', NULL FROM known WHERE is_known AND city = 'Unknown'
      UNION ALL SELECT 3, 'customer.state', 'missing', sum(n), sum(money), 'counts in state and region Unknown', NULL
      FROM known WHERE is_known AND state = 'Unknown'
      UNION ALL (
      SELECT 4, 'customer.state', 'not in the state table', sum(p.n), sum(p.money),
             format('%%s counts as a state of its own, in region Unknown', quote_literal(s.spelling)),
             format('INSERT INTO ecomm.cleaning_rule VALUES (''state'', %%L, ''its code'')', s.spelling)
      FROM _state_spelling AS s JOIN spelled AS p ON p.state = s.spelling
      WHERE s.found_by = 'unknown' AND s.state <> 'Unknown' GROUP BY s.spelling ORDER BY 4 DESC, s.spelling COLLATE "C" LIMIT 50)
      UNION ALL
      SELECT 5, 'state.spelling', 'contradictory', sum(p.n), sum(p.money),
             format('the state table has %%s for %%s, and %%s is the name of %%s; the former counts', quote_literal(n.spelling), n.state, quote_literal(n.spelling), n.other),
             format('INSERT INTO ecomm.cleaning_rule VALUES (''state'', %%L, %%L)', n.spelling, n.other)
      FROM named AS n JOIN spelled AS p ON p.state = n.spelling GROUP BY n.spelling, n.state, n.other
      UNION ALL
      SELECT 6, 'state.region', 'may be the same', n.lines, n.amount, format('%%s counts apart from %%s', n.value, n.other),
             format('INSERT INTO ecomm.cleaning_rule VALUES (''region'', %%L, %%L)', n.value, n.other)
      FROM (SELECT array_agg(region ORDER BY region) AS v, array_agg(n ORDER BY region) AS n, array_agg(money ORDER BY region) AS m
            FROM (SELECT s.region, coalesce(sum(k.n), 0) AS n, coalesce(sum(k.money), 0) AS money
                  FROM _state_source AS s LEFT JOIN known AS k USING (state) GROUP BY 1) AS r) AS r,
           ecomm._near_duplicates(r.v, NULL, r.n, r.m, 4) AS n
      UNION ALL (
      SELECT 7, 'customer.city', 'may be the same', n.lines, n.amount, format('%%s (%%s) counts apart from %%s', n.value, n.scope, n.other),
             format('INSERT INTO ecomm.cleaning_rule VALUES (''city'', %%L, %%L)', n.value, n.other)
      FROM (SELECT array_agg(city ORDER BY state, city) AS v, array_agg(state ORDER BY state, city) AS s, array_agg(n ORDER BY state, city) AS n,
                   array_agg(money ORDER BY state, city) AS m FROM place) AS c, ecomm._near_duplicates(c.v, c.s, c.n, c.m, 6) AS n
      ORDER BY n.lines DESC, n.value COLLATE "C", n.other COLLATE "C" LIMIT 50))
    SELECT subject, reason, coalesce(n, 0)::bigint, coalesce(n, 0)::double precision / nullif(%10$s, 0), coalesce(money, 0), effect, suggestion
    FROM found ORDER BY place, n DESC, effect COLLATE "C"$sql$,
    query.state_spelling, query.city_spelling, query.state_source, query.customer_source, ecomm._key_sql('customer_id', customer_type, query.key_type),
    money, lines_query, customers, ecomm._dimension_sql('customer.customer_id'), total);
  -- The queries name each other as views; here they stand side by side.
  RETURN QUERY EXECUTE regexp_replace(statement, 'ecomm\.(_state_spelling|_city_spelling|_state_source)', '\1', 'g');
END
$$;
COMMENT ON FUNCTION ecomm._dimension_quality(text, jsonb, regtype, regtype, bigint) IS
  'internal: what sales_quality() says of the bound tables beside the sale table';

CREATE FUNCTION ecomm._near_duplicates(names text[], scopes text[], counts numeric[], amounts numeric[], letters integer)
RETURNS TABLE (value text, other text, scope text, lines numeric, amount numeric)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT value, coalesce(scope, '') AS scope, n, money,
           regexp_replace(regexp_replace(regexp_replace(regexp_replace(upper(value), '^ST\M', 'SAINT'), '^FT\M', 'FORT'), '^MT\M', 'MOUNT'),
                          '[^[:alnum:]]', '', 'g') AS key
    FROM unnest(names, scopes, counts, amounts) AS v (value, scope, n, money) WHERE value <> 'Unknown'),
  -- Two words are one letter apart if they are equal without one letter at the same place, or one is the other without one.
  shorter AS (SELECT n.value, n.scope, n.key, i, overlay(n.key PLACING '' FROM i FOR 1) AS without
              FROM named AS n, generate_series(1, length(n.key)) AS i WHERE length(n.key) >= letters),
  pair AS (
    SELECT a.scope, a.value AS one, b.value AS two FROM named AS a JOIN named AS b ON b.scope = a.scope AND b.key = a.key AND b.value <> a.value
    UNION
    SELECT a.scope, a.value, b.value FROM shorter AS a JOIN shorter AS b ON b.scope = a.scope AND b.without = a.without AND b.i = a.i AND b.key <> a.key
    UNION
    SELECT a.scope, a.value, b.value FROM shorter AS a JOIN named AS b ON b.scope = a.scope AND b.key = a.without)
  SELECT l.value, m.value, l.scope, l.n, l.money
  FROM (SELECT scope, one, two FROM pair UNION SELECT scope, two, one FROM pair) AS p
  JOIN named AS l ON l.scope = p.scope AND l.value = p.one JOIN named AS m ON m.scope = p.scope AND m.value = p.two
  -- The rarer one stands for the other.
  WHERE (l.n, l.value COLLATE "C") < (m.n, m.value COLLATE "C")
$$;
COMMENT ON FUNCTION ecomm._near_duplicates(text[], text[], numeric[], numeric[], integer) IS
  'internal: names of one scope that differ in nothing but case, punctuation, St for Saint, or one letter (those with so many letters), the rarer one first';

CREATE FUNCTION sales_quality(sale regclass = NULL)
RETURNS TABLE (subject text, reason text, lines bigint, share double precision, amount numeric, effect text, suggestion text)
LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 ROWS 50 AS 'MODULE_PATHNAME', 'ecomm_sales_quality';
COMMENT ON FUNCTION sales_quality(regclass) IS
$$What is complete, missing or doubtful in the sale lines and the tables beside them, and what is made of it: one row per role and reason, those
of which there is nothing too.

sale: as for rfm(). The tables beside the sale table are looked at where it is the bound one.
subject: line, a role of the sale table (sold_at, …) or of a table beside it (customer.city, …). lines, amount: how many lines and how much
money are concerned, exact; of a spelling in another table the lines of its customers or products. share: of all lines. Amounts that are
missing count as 0. effect: what rfm(), sales_series() with its forecasts, and the summaries do with such lines: no function drops lines in
silence. suggestion: what could be done, as SQL where it can.

line: all, complete (filled, positive and consistent), incomplete, not positive (quantity, amount or unit price is 0 or less), returned,
repeated (equal to another in every role). amount, inconsistent: not quantity * unit_price, compared as numeric to half a cent. unit_price,
outlying: ten times the median of the product's lines or more, or a tenth or less; without unit prices amount by quantity. Customers and
products that are not in their tables; states nobody knows; spellings that contradict the names of states; categories, regions and cities
(of one state) that differ in case, punctuation or one letter, at most 50.
Reads the lines four to six times. Errors: as ecomm_bind.$$;

CREATE FUNCTION ecomm._sales_quality_columns(columns jsonb, work_mem text)
RETURNS TABLE (role text, relation text, expression text, type text, rows bigint, filled bigint, missing bigint, distinct_values bigint,
               lowest text, highest text, example text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '4MB' AS $$
#variable_conflict use_column
DECLARE
  item record;
  type_oid regtype;
  type_name text;
  value text;
BEGIN
  PERFORM set_config('work_mem', ecomm._report_memory(_sales_quality_columns.work_mem), true);
  FOR item IN SELECT * FROM jsonb_to_recordset(columns) AS c (role text, relation text, expression text) LOOP
    EXECUTE format('SELECT pg_typeof(l.v), format_type(pg_typeof(l.v), NULL) FROM (SELECT) AS one LEFT JOIN (SELECT (%s) AS v FROM %s LIMIT 0) AS l ON true',
                   item.expression, item.relation) INTO type_oid, type_name;
    -- As text what has no order of its own; a column's own collation says nothing about the data.
    value := CASE WHEN (SELECT typcategory FROM pg_type WHERE oid = type_oid) IN ('N', 'D') THEN format('(%s)', item.expression)
                  ELSE format('(%s)::text COLLATE "C"', item.expression) END;
    RETURN QUERY EXECUTE format($sql$
      WITH v AS MATERIALIZED (SELECT v, count(*) AS n FROM (SELECT %1$s AS v FROM %2$s) AS l GROUP BY 1)
      SELECT %3$L, %2$L, %4$L, %5$L, coalesce(sum(n), 0)::bigint, coalesce(sum(n) FILTER (WHERE v IS NOT NULL), 0)::bigint,
             coalesce(sum(n) FILTER (WHERE v IS NULL), 0)::bigint, count(v), min(v)::text, max(v)::text,
             (SELECT v::text FROM v WHERE v IS NOT NULL ORDER BY n DESC, v LIMIT 1)
      FROM v$sql$, value, item.relation, item.role, item.expression, type_name);
  END LOOP;
END
$$;
COMMENT ON FUNCTION ecomm._sales_quality_columns(jsonb, text) IS
  'internal: sales_quality_columns() of expressions over relations, with the roles they play; work_mem: the caller''s';

CREATE FUNCTION sales_quality_columns(sale regclass = NULL)
RETURNS TABLE (role text, relation text, expression text, type text, rows bigint, filled bigint, missing bigint, distinct_values bigint,
               lowest text, highest text, example text)
LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 ROWS 20 AS 'MODULE_PATHNAME', 'ecomm_sales_quality_columns';
COMMENT ON FUNCTION sales_quality_columns(regclass) IS
$$Every column that plays a role, in the sale table and the tables beside it: how full it is and what is in it.

sale: as for rfm(). expression: the column, or the expression over it, as it was bound. rows, filled, missing (NULL): exact. distinct_values: distinct values,
exact, NULL not counted. lowest, highest: of numbers and dates by value, of all else byte by byte. example: the value of most rows, the
least of several. Reads the table once a column. Errors: as ecomm_bind.$$;
