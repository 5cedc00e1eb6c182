// ecomm._exact_numeric: called for every line whose money is a float. No C++ object and no exception is in
// its way, so it goes without Entry and Call, which would cost as much as the conversion.
#include "ecomm_analytics/pg/exact_numeric.hpp"

#include "ecomm_analytics/pg/guard.hpp"

using ecomm::pg::ExactNumeric;

ECOMM_FUNCTION(ecomm_exact_numeric_float8) { return ExactNumeric(PG_GETARG_FLOAT8(0)); }

ECOMM_FUNCTION(ecomm_exact_numeric_float4) { return ExactNumeric(PG_GETARG_FLOAT4(0)); }
