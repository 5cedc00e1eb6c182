// ecomm._line_log: the aggregate that writes sale lines down for summaries and for change tracking.

#include "ecomm_analytics/core/line_log.hpp"
#include "ecomm_analytics/core/sale_rules.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/log_line.hpp"
#include "ecomm_analytics/pg/owned.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::fn {
namespace {

using core::LineLog;

// A log between transition, combine and final function.
struct Aggregate {
  Aggregate(const core::LogShape& shape, const pg::LogLineReader& line_reader)
      : reader(line_reader), log(shape) {}
  explicit Aggregate(const core::LogShape& shape) : log(shape) {}
  pg::LogLineReader reader;
  LineLog log;
};

Aggregate* StateArgument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(0) ? nullptr : reinterpret_cast<Aggregate*>(PG_GETARG_POINTER(0));
}

Aggregate* NewAggregate(FunctionCallInfo fcinfo) {
  const auto type = [&](int argument) { return get_fn_expr_argtype(fcinfo->flinfo, argument); };
  const pg::LogLineReader reader({type(2), type(3), type(4), type(5)});
  const pg::Arguments arguments(fcinfo);
  const std::int32_t part = arguments.Int32(7).value_or(0);
  const std::int32_t parts = arguments.Int32(8).value_or(1);
  if (part < 0 || part >= parts) {
    throw pg::SqlError(ERRCODE_INVALID_PARAMETER_VALUE, "part must be from 0 to less than parts",
                       "It is " + std::to_string(part) + " of " + std::to_string(parts) + ".");
  }
  const core::LogShape shape =
      reader.shape(static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(parts));
  return pg::NewIn<Aggregate>(pg::AggregateContext(fcinfo), shape, reader);
}

}  // namespace

// (state internal, sold_at timestamp, customer_id "any", invoice_no "any", product_id "any", quantity "any",
// amount numeric, part integer, parts integer) -> internal
ECOMM_FUNCTION(ecomm_line_log_transition) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) aggregate = NewAggregate(fcinfo);
    aggregate->log.Add(aggregate->reader.Read(&fcinfo->args[1]));
    PG_RETURN_POINTER(aggregate);
  });
}

// (internal, internal) -> internal
ECOMM_FUNCTION(ecomm_line_log_combine) {
  return pg::Entry([&]() -> Datum {
    Aggregate* into = StateArgument(fcinfo);
    if (!PG_ARGISNULL(1)) {
      // The second state is a view of the bytes that a worker sent (see ecomm_line_log_deserialize).
      const std::string_view sent = pg::PayloadOf(PG_GETARG_DATUM(1));
      if (into == nullptr) {
        into = pg::NewIn<Aggregate>(pg::AggregateContext(fcinfo), core::ShapeOfLog(sent));
      }
      into->log.Merge(sent);
    }
    if (into == nullptr) PG_RETURN_NULL();
    PG_RETURN_POINTER(into);
  });
}

// (internal) -> bytea
ECOMM_FUNCTION(ecomm_line_log_serialize) {
  return pg::Entry([&] { return pg::ByteaFrom({StateArgument(fcinfo)->log.Serialize(pg::kMaxBytea)}); });
}

// (bytea, internal) -> internal. Combine reads the bytes where they lie, so that nothing is built twice.
ECOMM_FUNCTION(ecomm_line_log_deserialize) { return PG_GETARG_DATUM(0); }

// (internal) -> bytea: the log; NULL where no row came
ECOMM_FUNCTION(ecomm_line_log_final) {
  return pg::Entry([&]() -> Datum {
    Aggregate* aggregate = StateArgument(fcinfo);
    if (aggregate == nullptr) PG_RETURN_NULL();
    return pg::ByteaFrom({aggregate->log.Serialize(pg::kMaxBytea)});
  });
}

// (text) -> text
ECOMM_FUNCTION(ecomm_match_key) {
  return pg::Entry([&] {
    const std::string key = core::MatchKey(pg::PayloadOf(PG_GETARG_DATUM(0)));
    const auto length = static_cast<int>(key.size());
    return pg::Call(
        [=, text = key.data()] { return PointerGetDatum(cstring_to_text_with_len(text, length)); });
  });
}

}  // namespace ecomm::fn
