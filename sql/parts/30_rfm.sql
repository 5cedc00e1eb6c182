
-- RFM and segments ---------------------------------------------------------------------------------------------

CREATE FUNCTION ecomm._rfm_transition(internal, "any", timestamp, "any", numeric) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_transition';
CREATE FUNCTION ecomm._rfm_combine(internal, internal) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_combine';
CREATE FUNCTION ecomm._rfm_serialize(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_serialize';
CREATE FUNCTION ecomm._rfm_deserialize(bytea, internal) RETURNS internal
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_deserialize';
CREATE FUNCTION ecomm._rfm_final(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_rfm_final';
COMMENT ON FUNCTION ecomm._rfm_transition(internal, "any", timestamp, "any", numeric) IS 'internal: transition of ecomm._rfm';
COMMENT ON FUNCTION ecomm._rfm_combine(internal, internal) IS 'internal: combine of ecomm._rfm';
COMMENT ON FUNCTION ecomm._rfm_serialize(internal) IS 'internal: state of ecomm._rfm to bytes';
COMMENT ON FUNCTION ecomm._rfm_deserialize(bytea, internal) IS 'internal: bytes to state of ecomm._rfm';
COMMENT ON FUNCTION ecomm._rfm_final(internal) IS 'internal: final function of ecomm._rfm';

CREATE AGGREGATE ecomm._rfm(customer_id "any", sold_at timestamp, invoice_no "any", amount numeric) (
  SFUNC = ecomm._rfm_transition, STYPE = internal, SSPACE = 1048576,
  COMBINEFUNC = ecomm._rfm_combine, SERIALFUNC = ecomm._rfm_serialize, DESERIALFUNC = ecomm._rfm_deserialize,
  FINALFUNC = ecomm._rfm_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecomm._rfm("any", timestamp, "any", numeric) IS
  'internal: all customers'' RFM totals in one pass, as the bytes rfm() unpacks';

CREATE FUNCTION ecomm._bigint_key(numeric) RETURNS bigint LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
  AS 'MODULE_PATHNAME', 'ecomm_bigint_key';
COMMENT ON FUNCTION ecomm._bigint_key(numeric) IS
  'internal: a whole-number customer key as bigint; an error for a key that is none';

CREATE FUNCTION rfm(sale regclass = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id bigint, recency integer, frequency bigint, monetary numeric,
               first_purchase timestamp, last_purchase timestamp)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_rfm';
COMMENT ON FUNCTION rfm(regclass, timestamp) IS
$$Recency, frequency and monetary value of every customer, in ascending order of customer.

sale: the sale table (any shape ecomm_bind understands); NULL: the bound one, else a table "sale" on the search path.
as_of: the snapshot; later lines are ignored. NULL: the day after the last sale, so that recency is at least 1.

recency: whole calendar days from the last purchase to the snapshot. frequency: distinct orders; lines without an invoice number
count as one order per customer and day. monetary: net sum of amounts, exact as sum(numeric), returns included.
Returns (amount below 0) are no purchases; who only ever returned has frequency 0 and NULL recency and dates.
Lines without a customer (NULL, -1), date or amount are left out, and counted in a NOTICE.
Over ecomm_analytics.memory_limit the same rows come from a plan that spills to disk.
Errors: no such table or privilege; columns that cannot be told apart; customer keys that are no whole numbers
(use rfm_keyed). Fader, Hardie & Lee 2005, doi:10.1509/jmkr.2005.42.4.415.$$;

CREATE FUNCTION rfm_keyed(key anyelement, sale regclass = NULL, as_of timestamp = NULL)
RETURNS TABLE (customer_id anyelement, recency integer, frequency bigint, monetary numeric,
               first_purchase timestamp, last_purchase timestamp)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_rfm_keyed';
COMMENT ON FUNCTION rfm_keyed(anyelement, regclass, timestamp) IS
$$rfm() for customer keys that are not whole numbers: pass a typed null, as in rfm_keyed(NULL::uuid) or
rfm_keyed(NULL::text). Any key can be had as text, numbers without trailing zeros. Everything else as rfm().$$;

CREATE TABLE ecomm.segment_rule (
  rule_set text NOT NULL DEFAULT 'default' CHECK (rule_set <> ''),
  rfm_score integer NOT NULL CHECK (rfm_score / 100 BETWEEN 1 AND 5 AND rfm_score / 10 % 10 BETWEEN 1 AND 5
                                    AND rfm_score % 10 BETWEEN 1 AND 5),
  segment text NOT NULL CHECK (segment <> ''),
  PRIMARY KEY (rule_set, rfm_score));
COMMENT ON TABLE ecomm.segment_rule IS
  'Which segment each of the 125 cells of R, F and M scores belongs to, in any number of named rule sets. Edit freely: an update or delete that leaves a rule set with a cell missing is refused at commit, rfm_segments() refuses a set that is not complete, and inserting a cell that is there replaces it.';
COMMENT ON COLUMN ecomm.segment_rule.rule_set IS 'name of the rule set; rfm_segments(rules => ...) picks one';
COMMENT ON COLUMN ecomm.segment_rule.rfm_score IS '100 R + 10 F + M, each 1 to 5, 5 the best';
COMMENT ON COLUMN ecomm.segment_rule.segment IS 'name of the segment';
GRANT SELECT ON ecomm.segment_rule TO PUBLIC;

-- Restoring a dump inserts over the rules that CREATE EXTENSION has just made, so an insert replaces.
CREATE FUNCTION ecomm._segment_rule_replace() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE ecomm.segment_rule AS r SET segment = new.segment
  WHERE r.rule_set = new.rule_set AND r.rfm_score = new.rfm_score;
  IF found THEN
    RETURN NULL;
  END IF;
  RETURN new;
END $$;
COMMENT ON FUNCTION ecomm._segment_rule_replace() IS 'internal: an inserted rule replaces the one for its cell';
CREATE TRIGGER replace BEFORE INSERT ON ecomm.segment_rule
  FOR EACH ROW EXECUTE FUNCTION ecomm._segment_rule_replace();

CREATE FUNCTION ecomm._segment_rule_complete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed text;
  cells integer;
BEGIN
  -- Inserts are not checked: a restored dump may bring a rule set row by row. Using an incomplete set is an error.
  FOREACH changed IN ARRAY CASE tg_op WHEN 'DELETE' THEN ARRAY[old.rule_set]
                                      ELSE ARRAY[old.rule_set, new.rule_set] END LOOP
    SELECT count(*) INTO cells FROM ecomm.segment_rule AS r WHERE r.rule_set = changed;
    IF cells NOT IN (0, 125) THEN
      RAISE EXCEPTION USING ERRCODE = 'check_violation',
        MESSAGE = format('segment rule set "%s" covers %s of 125 cells', changed, cells),
        HINT = 'Give every cell a segment, or delete the whole rule set.';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION ecomm._segment_rule_complete() IS 'internal: at commit every rule set covers all cells or none';
CREATE CONSTRAINT TRIGGER complete AFTER UPDATE OR DELETE ON ecomm.segment_rule
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ecomm._segment_rule_complete();

CREATE FUNCTION segment_rules_reset(rule_set text = 'default') RETURNS bigint LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM ecomm.segment_rule AS r WHERE r.rule_set = $1;
  INSERT INTO ecomm.segment_rule (rule_set, rfm_score, segment)
  SELECT $1, cell::integer, map.segment
  FROM (VALUES
    ('Champions', '555 554 544 545 454 455 445'),
    ('Loyal', '543 444 435 355 354 345 344 335'),
    ('Potential Loyalist', '553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323'),
    ('New', '512 511 422 421 412 411 311'),
    ('Promising', '525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313'),
    ('Need Attention', '535 534 443 434 343 334 325 324'),
    ('About To Sleep', '331 321 312 221 213'),
    ('At Risk', '255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124'),
    ('Cannot Lose', '155 154 144 214 215 115 114 113'),
    ('Hibernating', '332 322 231 241 251 233 232 223 222 132 123 122 212 211'),
    ('Lost', '111 112 121 131 141 151')) AS map (segment, cells),
    unnest(string_to_array(map.cells, ' ')) AS cell;
  SELECT count(*) FROM ecomm.segment_rule AS r WHERE r.rule_set = $1;
$$;
COMMENT ON FUNCTION segment_rules_reset(text) IS
$$Makes the named rule set what it was at CREATE EXTENSION, or makes a new one to edit. Returns its number of cells, 125.
Needs the right to change ecomm.segment_rule.$$;
SELECT segment_rules_reset();
SELECT pg_catalog.pg_extension_config_dump('ecomm.segment_rule', '');

CREATE FUNCTION rfm_segments(sale regclass = NULL, as_of timestamp = NULL, rules text = 'default')
RETURNS TABLE (customer_id bigint, recency integer, frequency bigint, monetary numeric,
               first_purchase timestamp, last_purchase timestamp,
               r_score integer, f_score integer, m_score integer, rfm_score integer, segment text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_rfm_segments';
COMMENT ON FUNCTION rfm_segments(regclass, timestamp, text) IS
$$rfm() with scores and a named segment for every customer.

r_score, f_score, m_score: 1 to 5 by quintile among customers who bought, 5 the best (the most recent, most frequent, highest). Equal
values get equal scores, so where many customers share a value some scores do not occur. Who only ever returned scores
1 on each. rfm_score: 100 R + 10 F + M. segment: that cell's segment in the rule set `rules` of ecomm.segment_rule.
Everything else as rfm(). Errors: rule set unknown or incomplete.$$;

CREATE FUNCTION rfm_segments_keyed(key anyelement, sale regclass = NULL, as_of timestamp = NULL,
                                   rules text = 'default')
RETURNS TABLE (customer_id anyelement, recency integer, frequency bigint, monetary numeric,
               first_purchase timestamp, last_purchase timestamp,
               r_score integer, f_score integer, m_score integer, rfm_score integer, segment text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000000 ROWS 100000 AS 'MODULE_PATHNAME', 'ecomm_rfm_segments_keyed';
COMMENT ON FUNCTION rfm_segments_keyed(anyelement, regclass, timestamp, text) IS
$$rfm_segments() for customer keys that are not whole numbers: pass a typed null, as in
rfm_segments_keyed(NULL::uuid). Any key can be had as text.$$;
