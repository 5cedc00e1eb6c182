// ecomm._rfm: the aggregate behind rfm(). Its keys may be of any type that can be told apart by a 64-bit
// number or by its bytes; what cannot is grouped by the server instead (see src/pg/rfm_source.cpp).

#include <cstring>

#include "ecomm_analytics/core/rfm.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/owned.hpp"

namespace ecomm::fn {
namespace {

using core::KeyKind;
using core::RfmState;

// A state between transition, combine and final function.
struct Aggregate {
  Aggregate(Oid customer, Oid order)
      : customer_type(pg::RequireKeyType(customer)),
        order_type(pg::RequireKeyType(order)),
        state(pg::KeyKindOf(customer), pg::KeyKindOf(order)) {}
  Oid customer_type;
  Oid order_type;
  RfmState state;
};

Aggregate* StateArgument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(0) ? nullptr : reinterpret_cast<Aggregate*>(PG_GETARG_POINTER(0));
}

// What travels: the key types, then the state's own bytes.
struct Envelope {
  Oid customer_type;
  Oid order_type;
};

}  // namespace

// (state internal, customer "any", sold_at timestamp, order "any", amount numeric) -> internal
ECOMM_FUNCTION(ecomm_rfm_transition) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) {
      const MemoryContext context = pg::AggregateContext(fcinfo);
      aggregate = pg::NewIn<Aggregate>(context, get_fn_expr_argtype(fcinfo->flinfo, 1),
                                       get_fn_expr_argtype(fcinfo->flinfo, 3));
    }
    RfmState::Line line;
    if (!PG_ARGISNULL(1)) line.customer = pg::ReadKey(PG_GETARG_DATUM(1), aggregate->customer_type);
    if (!PG_ARGISNULL(2) && !TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMP(2)))
      line.sold_at = PG_GETARG_TIMESTAMP(2);
    if (!PG_ARGISNULL(3)) line.order = pg::ReadKey(PG_GETARG_DATUM(3), aggregate->order_type);
    if (!PG_ARGISNULL(4)) {
      const std::string_view amount = pg::PayloadOf(PG_GETARG_DATUM(4));
      line.amount = core::DecodeNumeric(amount.data(), amount.size());
    }
    aggregate->state.Add(line);
    PG_RETURN_POINTER(aggregate);
  });
}

// (internal, internal) -> internal
ECOMM_FUNCTION(ecomm_rfm_combine) {
  return pg::Entry([&]() -> Datum {
    Aggregate* into = StateArgument(fcinfo);
    if (PG_ARGISNULL(1)) {
      if (into == nullptr) PG_RETURN_NULL();
      PG_RETURN_POINTER(into);
    }
    // The second state is a view of the bytes that a worker sent (see ecomm_rfm_deserialize).
    const std::string_view sent = pg::PayloadOf(PG_GETARG_DATUM(1));
    Envelope envelope;
    if (sent.size() < sizeof envelope)
      throw core::Error(core::ErrorCode::kBadData, "invalid aggregate state");
    std::memcpy(&envelope, sent.data(), sizeof envelope);
    if (into == nullptr) {
      into = pg::NewIn<Aggregate>(pg::AggregateContext(fcinfo), envelope.customer_type, envelope.order_type);
    }
    into->state.Merge(sent.substr(sizeof envelope));
    PG_RETURN_POINTER(into);
  });
}

// (internal) -> bytea
ECOMM_FUNCTION(ecomm_rfm_serialize) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    const Envelope envelope{aggregate->customer_type, aggregate->order_type};
    const std::string state = aggregate->state.Serialize(pg::kMaxBytea - sizeof envelope);
    return pg::ByteaFrom({{reinterpret_cast<const char*>(&envelope), sizeof envelope}, state});
  });
}

// (bytea, internal) -> internal. Combine reads the bytes where they lie, so that nothing is built twice.
ECOMM_FUNCTION(ecomm_rfm_deserialize) { return PG_GETARG_DATUM(0); }

// (internal) -> bytea: the finished table (core::RfmTable), an empty one where no row came
ECOMM_FUNCTION(ecomm_rfm_final) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) return pg::ByteaFrom({RfmState(KeyKind::kNumber, KeyKind::kNumber).Finish()});
    return pg::ByteaFrom({aggregate->state.Finish(pg::kMaxBytea)});
  });
}

}  // namespace ecomm::fn
