// ecomm_bind, ecomm_source, ecomm_unbind: which table holds the sale lines, and which of its columns plays
// which role.
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/binding.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace core = ecomm::core;
namespace pg = ecomm::pg;

namespace {

Datum ShowRoles(FunctionCallInfo call, const std::vector<pg::SourceRole>& roles) {
  pg::RowSink sink(call);
  for (const pg::SourceRole& role : roles) {
    sink.Text(core::Name(role.role)).Text(role.relation);
    role.expression.empty() ? sink.Null() : sink.Text(role.expression);
    role.type.empty() ? sink.Null() : sink.Text(role.type);
    sink.Text(role.note).EndRow();
  }
  return sink.Done();
}

}  // namespace

ECOMM_FUNCTION(ecomm_bind) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    pg::BindRequest request;
    int next = 0;
    request.sale = arguments.ObjectId(next++).value_or(InvalidOid);
    for (const core::Role role : core::RolesOf(core::TableKind::kSale)) {
      if (auto given = arguments.Text(next++)) request.stated.push_back({role, *std::move(given)});
    }
    request.customer = arguments.ObjectId(next++).value_or(InvalidOid);
    request.product = arguments.ObjectId(next++).value_or(InvalidOid);
    request.state = arguments.ObjectId(next++).value_or(InvalidOid);
    return ShowRoles(fcinfo, pg::Bind(request));
  });
}

ECOMM_FUNCTION(ecomm_source) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    return ShowRoles(fcinfo, pg::ResolveSource(arguments.ObjectId(0).value_or(InvalidOid)).roles);
  });
}

ECOMM_FUNCTION(ecomm_unbind) {
  return pg::Entry([&]() -> Datum { return BoolGetDatum(pg::Unbind()); });
}
