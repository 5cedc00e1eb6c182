// ecomm._series: the aggregate behind the sale series. Keys as for ecomm._rfm.

#include "ecomm_analytics/core/sale_series.hpp"
#include "ecomm_analytics/pg/amounts.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/owned.hpp"
#include "ecomm_analytics/pg/series_source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::fn {
namespace {

using core::SeriesShape;
using core::SeriesState;

// What the arguments of one query are, told by its first line.
struct ArgumentTypes {
  Oid quantity;
  Oid order;
  Oid customer;
};

// A state between transition, combine and final function.
struct Aggregate {
  Aggregate(const SeriesShape& shape, const ArgumentTypes& argument_types)
      : types(argument_types), state(shape) {}
  explicit Aggregate(const SeriesShape& shape) : types{}, state(shape) {}
  ArgumentTypes types;
  SeriesState state;
};

Aggregate* StateArgument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(0) ? nullptr : reinterpret_cast<Aggregate*>(PG_GETARG_POINTER(0));
}

Aggregate* NewAggregate(FunctionCallInfo fcinfo) {
  const ArgumentTypes types{get_fn_expr_argtype(fcinfo->flinfo, 5), get_fn_expr_argtype(fcinfo->flinfo, 6),
                            get_fn_expr_argtype(fcinfo->flinfo, 7)};
  if (PG_ARGISNULL(1)) throw pg::SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, "options must not be NULL");
  if (types.quantity != NUMERICOID && !pg::IsInteger(types.quantity)) {
    throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH, "quantity must be smallint, integer, bigint or numeric");
  }
  const SeriesShape shape = pg::SeriesShapeFrom(PG_GETARG_INT32(1), pg::RequireKeyType(types.customer),
                                                pg::RequireKeyType(types.order));
  return pg::NewIn<Aggregate>(pg::AggregateContext(fcinfo), shape, types);
}

}  // namespace

// (state internal, options integer, series text, sold_at timestamp, amount numeric, quantity "any", order
// "any",
//  customer "any") -> internal
ECOMM_FUNCTION(ecomm_series_transition) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) aggregate = NewAggregate(fcinfo);
    const ArgumentTypes& types = aggregate->types;
    SeriesState::Line line;
    if (!PG_ARGISNULL(2)) line.group = pg::PayloadOf(PG_GETARG_DATUM(2));
    if (!PG_ARGISNULL(3) && !TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMP(3)))
      line.sold_at = PG_GETARG_TIMESTAMP(3);
    if (!PG_ARGISNULL(4)) line.amount = pg::ReadAmount(PG_GETARG_DATUM(4), NUMERICOID);
    if (!PG_ARGISNULL(5)) line.quantity = pg::ReadAmount(PG_GETARG_DATUM(5), types.quantity);
    if (!PG_ARGISNULL(6)) line.order = pg::ReadKey(PG_GETARG_DATUM(6), types.order);
    if (!PG_ARGISNULL(7)) line.customer = pg::ReadKey(PG_GETARG_DATUM(7), types.customer);
    aggregate->state.Add(line);
    PG_RETURN_POINTER(aggregate);
  });
}

// (internal, internal) -> internal
ECOMM_FUNCTION(ecomm_series_combine) {
  return pg::Entry([&]() -> Datum {
    Aggregate* into = StateArgument(fcinfo);
    if (!PG_ARGISNULL(1)) {
      // The second state is a view of the bytes that a worker sent (see ecomm_series_deserialize).
      const std::string_view sent = pg::PayloadOf(PG_GETARG_DATUM(1));
      if (into == nullptr)
        into = pg::NewIn<Aggregate>(pg::AggregateContext(fcinfo), core::ShapeOfSeries(sent));
      into->state.Merge(sent);
    }
    if (into == nullptr) PG_RETURN_NULL();
    PG_RETURN_POINTER(into);
  });
}

// (internal) -> bytea
ECOMM_FUNCTION(ecomm_series_serialize) {
  return pg::Entry([&] { return pg::ByteaFrom({StateArgument(fcinfo)->state.Serialize(pg::kMaxBytea)}); });
}

// (bytea, internal) -> internal. Combine reads the bytes where they lie, so that nothing is built twice.
ECOMM_FUNCTION(ecomm_series_deserialize) { return PG_GETARG_DATUM(0); }

// (internal) -> bytea: the finished table (core::SeriesTable); NULL where no row came
ECOMM_FUNCTION(ecomm_series_final) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) PG_RETURN_NULL();
    return pg::ByteaFrom({aggregate->state.Finish(pg::kMaxBytea)});
  });
}

}  // namespace ecomm::fn
