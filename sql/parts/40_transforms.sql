
-- Transforms ---------------------------------------------------------------------------------------------------

CREATE FUNCTION boxcox(x double precision, lambda double precision) RETURNS double precision
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_boxcox';
COMMENT ON FUNCTION boxcox(double precision, double precision) IS
$$The Box-Cox transform of x > 0: (x^lambda - 1) / lambda, and ln(x) for lambda = 0.
Box & Cox 1964, doi:10.1111/j.2517-6161.1964.tb00553.x.

NULL gives NULL, NaN gives NaN; an infinite x has the transform's limit. Errors: 22023 for x <= 0 (yeojohnson takes those) and
for an infinite lambda; 22003 for a result beyond double precision.$$;

CREATE FUNCTION boxcox_inverse(y double precision, lambda double precision) RETURNS double precision
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_boxcox_inverse';
COMMENT ON FUNCTION boxcox_inverse(double precision, double precision) IS
$$The x with boxcox(x, lambda) = y, in the units x had: (lambda y + 1)^(1 / lambda), and exp(y) for lambda = 0.
Box & Cox 1964, doi:10.1111/j.2517-6161.1964.tb00553.x.

NULL gives NULL, NaN gives NaN. Errors: 22023 where there is no such x (lambda y < -1) and for an infinite lambda; 22003 for a
result beyond double precision.$$;

CREATE FUNCTION yeojohnson(x double precision, lambda double precision) RETURNS double precision
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_yeojohnson';
COMMENT ON FUNCTION yeojohnson(double precision, double precision) IS
$$The Yeo-Johnson transform, which takes zero and negative values too: the Box-Cox transform of x + 1 for x >= 0, and less that of
1 - x with 2 - lambda for x < 0. Yeo & Johnson 2000, doi:10.1093/biomet/87.4.954.

NULL gives NULL, NaN gives NaN; an infinite x has the transform's limit. Errors: 22023 for an infinite lambda; 22003 for a result
beyond double precision.$$;

CREATE FUNCTION yeojohnson_inverse(y double precision, lambda double precision) RETURNS double precision
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_yeojohnson_inverse';
COMMENT ON FUNCTION yeojohnson_inverse(double precision, double precision) IS
$$The x with yeojohnson(x, lambda) = y, in the units x had. Yeo & Johnson 2000, doi:10.1093/biomet/87.4.954.

NULL gives NULL, NaN gives NaN. Errors: 22023 where there is no such x (a lambda below 0 or above 2 bounds the range of y) and for
an infinite lambda; 22003 for a result beyond double precision.$$;

CREATE FUNCTION ecomm._lambda_transition(internal, double precision) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_lambda_transition';
CREATE FUNCTION ecomm._lambda_combine(internal, internal) RETURNS internal
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_lambda_combine';
CREATE FUNCTION ecomm._lambda_serialize(internal) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_lambda_serialize';
CREATE FUNCTION ecomm._lambda_deserialize(bytea, internal) RETURNS internal
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecomm_lambda_deserialize';
CREATE FUNCTION ecomm._boxcox_lambda_final(internal) RETURNS double precision
  LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100000 AS 'MODULE_PATHNAME', 'ecomm_boxcox_lambda_final';
CREATE FUNCTION ecomm._yeojohnson_lambda_final(internal) RETURNS double precision
  LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100000 AS 'MODULE_PATHNAME', 'ecomm_yeojohnson_lambda_final';
COMMENT ON FUNCTION ecomm._lambda_transition(internal, double precision) IS
  'internal: transition of boxcox_lambda and yeojohnson_lambda';
COMMENT ON FUNCTION ecomm._lambda_combine(internal, internal) IS
  'internal: combine of boxcox_lambda and yeojohnson_lambda';
COMMENT ON FUNCTION ecomm._lambda_serialize(internal) IS
  'internal: state of boxcox_lambda and yeojohnson_lambda to bytes';
COMMENT ON FUNCTION ecomm._lambda_deserialize(bytea, internal) IS
  'internal: bytes to state of boxcox_lambda and yeojohnson_lambda';
COMMENT ON FUNCTION ecomm._boxcox_lambda_final(internal) IS 'internal: final function of boxcox_lambda';
COMMENT ON FUNCTION ecomm._yeojohnson_lambda_final(internal) IS 'internal: final function of yeojohnson_lambda';

CREATE AGGREGATE boxcox_lambda(x double precision) (
  SFUNC = ecomm._lambda_transition, STYPE = internal, SSPACE = 65536,
  COMBINEFUNC = ecomm._lambda_combine, SERIALFUNC = ecomm._lambda_serialize,
  DESERIALFUNC = ecomm._lambda_deserialize,
  FINALFUNC = ecomm._boxcox_lambda_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
COMMENT ON AGGREGATE boxcox_lambda(double precision) IS
$$The lambda that makes boxcox(x, lambda) nearest to a normal distribution: the maximum-likelihood estimate, as
scipy.stats.boxcox. Box & Cox 1964, doi:10.1111/j.2517-6161.1964.tb00553.x.

NULLs are ignored; no value at all gives NULL. The same values give the same result bit for bit, in whatever order and through
however many parallel workers they come. Needs up to 24 bytes a value, within ecomm_analytics.memory_limit.
Errors: 22000 for NaN, infinities, zero and negative values (leave them out with FILTER, or use yeojohnson_lambda), for a
single value, and for values that are all the same; 22003 where lambda is beyond double precision.$$;

CREATE AGGREGATE yeojohnson_lambda(x double precision) (
  SFUNC = ecomm._lambda_transition, STYPE = internal, SSPACE = 65536,
  COMBINEFUNC = ecomm._lambda_combine, SERIALFUNC = ecomm._lambda_serialize,
  DESERIALFUNC = ecomm._lambda_deserialize,
  FINALFUNC = ecomm._yeojohnson_lambda_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
COMMENT ON AGGREGATE yeojohnson_lambda(double precision) IS
$$The lambda that makes yeojohnson(x, lambda) nearest to a normal distribution: the maximum-likelihood estimate, as
scipy.stats.yeojohnson. Takes zero and negative values too. Yeo & Johnson 2000, doi:10.1093/biomet/87.4.954.

NULLs are ignored; no value at all gives NULL. Order, workers and memory as for boxcox_lambda. Errors: 22000 for NaN and
infinities, for a single value, and for values that are all the same; 22003 where lambda is beyond double precision.$$;
