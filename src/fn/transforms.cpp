// boxcox(), yeojohnson(), their inverses, and the aggregates that estimate lambda.

#include "ecomm_analytics/core/text.hpp"
#include "ecomm_analytics/core/transform.hpp"
#include "ecomm_analytics/core/value_sample.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/owned.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::fn {
namespace {

using core::Error;
using core::ErrorCode;
using core::ToText;
using core::ValueSample;

std::string Describe(double x, double lambda) {
  return "The value is " + ToText(x) + ", lambda is " + ToText(lambda) + ".";
}

using Scalar = double (*)(double, double) noexcept;

// The core answers with NaN and infinity where there is no number; in SQL, where the value may go on into a
// sum of money, that is an error unless the caller put it there.
Datum Apply(FunctionCallInfo fcinfo, Scalar function, const char* name) {
  const double x = PG_GETARG_FLOAT8(0);
  const double lambda = PG_GETARG_FLOAT8(1);
  if (std::isnan(x) || std::isnan(lambda)) PG_RETURN_FLOAT8(std::nan(""));
  if (std::isinf(lambda)) {
    throw Error(ErrorCode::kInvalidArgument, "lambda must be finite", "Got " + ToText(lambda) + ".");
  }
  const double result = function(x, lambda);
  if (std::isnan(result)) {
    throw Error(ErrorCode::kInvalidArgument, std::string(name) + " is not defined for this value",
                Describe(x, lambda), "Use the lambda that the value was transformed with.");
  }
  if (std::isinf(result) && !std::isinf(x)) {
    throw Error(ErrorCode::kNumericRange, std::string("the result of ") + name + " is out of range",
                Describe(x, lambda));
  }
  PG_RETURN_FLOAT8(result);
}

ValueSample* StateArgument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(0) ? nullptr : reinterpret_cast<ValueSample*>(PG_GETARG_POINTER(0));
}

Datum Lambda(FunctionCallInfo fcinfo, double (*estimate)(std::span<const double>)) {
  ValueSample* state = StateArgument(fcinfo);
  if (state == nullptr) PG_RETURN_NULL();
  PG_RETURN_FLOAT8(estimate(state->Sorted()));
}

}  // namespace

// (x float8, lambda float8) -> float8
ECOMM_FUNCTION(ecomm_boxcox) {
  return pg::Entry([&]() -> Datum {
    const double x = PG_GETARG_FLOAT8(0);
    if (x <= 0) {
      throw Error(ErrorCode::kInvalidArgument, "boxcox is not defined for zero and negative values",
                  "Got " + ToText(x) + ".", "Use yeojohnson, or leave such rows out.");
    }
    return Apply(fcinfo, core::BoxCox, "boxcox");
  });
}

// (y float8, lambda float8) -> float8
ECOMM_FUNCTION(ecomm_boxcox_inverse) {
  return pg::Entry([&] { return Apply(fcinfo, core::BoxCoxInverse, "boxcox_inverse"); });
}

// (x float8, lambda float8) -> float8
ECOMM_FUNCTION(ecomm_yeojohnson) {
  return pg::Entry([&] { return Apply(fcinfo, core::YeoJohnson, "yeojohnson"); });
}

// (y float8, lambda float8) -> float8
ECOMM_FUNCTION(ecomm_yeojohnson_inverse) {
  return pg::Entry([&] { return Apply(fcinfo, core::YeoJohnsonInverse, "yeojohnson_inverse"); });
}

// (state internal, x float8) -> internal
ECOMM_FUNCTION(ecomm_lambda_transition) {
  return pg::Entry([&]() -> Datum {
    ValueSample* state = StateArgument(fcinfo);
    if (!PG_ARGISNULL(1)) {
      if (state == nullptr) state = pg::NewIn<ValueSample>(pg::AggregateContext(fcinfo));
      state->Add(PG_GETARG_FLOAT8(1));
    }
    if (state == nullptr) PG_RETURN_NULL();
    PG_RETURN_POINTER(state);
  });
}

// (internal, internal) -> internal
ECOMM_FUNCTION(ecomm_lambda_combine) {
  return pg::Entry([&]() -> Datum {
    ValueSample* into = StateArgument(fcinfo);
    if (!PG_ARGISNULL(1)) {
      if (into == nullptr) into = pg::NewIn<ValueSample>(pg::AggregateContext(fcinfo));
      // The second state is a view of the bytes that a worker sent (see ecomm_lambda_deserialize).
      into->Merge(pg::PayloadOf(PG_GETARG_DATUM(1)));
    }
    if (into == nullptr) PG_RETURN_NULL();
    PG_RETURN_POINTER(into);
  });
}

// (internal) -> bytea
ECOMM_FUNCTION(ecomm_lambda_serialize) {
  return pg::Entry([&] { return pg::ByteaFrom({StateArgument(fcinfo)->Serialize()}); });
}

// (bytea, internal) -> internal. Combine reads and checks the bytes where they lie, so that nothing is built
// twice.
ECOMM_FUNCTION(ecomm_lambda_deserialize) { return PG_GETARG_DATUM(0); }

// (internal) -> float8
ECOMM_FUNCTION(ecomm_boxcox_lambda_final) {
  return pg::Entry([&] { return Lambda(fcinfo, core::BoxCoxLambda); });
}

// (internal) -> float8
ECOMM_FUNCTION(ecomm_yeojohnson_lambda_final) {
  return pg::Entry([&] { return Lambda(fcinfo, core::YeoJohnsonLambda); });
}

}  // namespace ecomm::fn
