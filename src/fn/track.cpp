// Change tracking: the triggers of ecomm_track, and what it asks about the binding.
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/bound_lines.hpp"
#include "ecomm_analytics/pg/change_tracking.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/line_query.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace pg = ecomm::pg;

namespace {

const TriggerData& TriggerOf(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_TRIGGER(fcinfo)) {
    throw pg::SqlError(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, "not called by a trigger");
  }
  return *reinterpret_cast<const TriggerData*>(fcinfo->context);
}

}  // namespace

ECOMM_FUNCTION(ecomm_track_changes) {
  return pg::Entry([&]() -> Datum {
    pg::TrackLines(TriggerOf(fcinfo));
    return PointerGetDatum(nullptr);
  });
}

ECOMM_FUNCTION(ecomm_track_dimension) {
  return pg::Entry([&]() -> Datum {
    pg::TrackDimension(TriggerOf(fcinfo));
    return PointerGetDatum(nullptr);
  });
}

// (why text)
ECOMM_FUNCTION(ecomm_request_rebuild) {
  return pg::Entry([&]() -> Datum {
    pg::RequestRebuild(*pg::Arguments(fcinfo).Text(0));
    return Datum{0};
  });
}

ECOMM_FUNCTION(ecomm_bound_relation) {
  return pg::Entry([&]() -> Datum {
    const Oid relation = pg::BoundRelation();
    if (relation == InvalidOid) PG_RETURN_NULL();
    return ObjectIdGetDatum(relation);
  });
}

ECOMM_FUNCTION(ecomm_partitions_of_bound) {
  return pg::Entry([&]() -> Datum { return pg::Parameter::Text(pg::PartitionsOfBound().data()).value; });
}

ECOMM_FUNCTION(ecomm_lines_depend_on_session) {
  return pg::Entry([&]() -> Datum { return BoolGetDatum(pg::BoundLinesDependOnSession()); });
}

ECOMM_FUNCTION(ecomm_line_query) {
  return pg::Entry([&]() -> Datum { return pg::Parameter::Text(pg::BoundLineQuery()).value; });
}

ECOMM_FUNCTION(ecomm_customer_type) {
  return pg::Entry(
      [&]() -> Datum { return pg::Parameter::Text(pg::TypeName(pg::BoundCustomerType())).value; });
}

ECOMM_FUNCTION(ecomm_invoice_type) {
  return pg::Entry(
      [&]() -> Datum { return pg::Parameter::Text(pg::TypeName(pg::BoundInvoiceType())).value; });
}
