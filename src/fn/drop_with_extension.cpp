// ecomm._drop_with_extension: for the relations that a refresh makes.
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/compat.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace pg = ecomm::pg;

ECOMM_FUNCTION(ecomm_drop_with_extension) {
  return pg::Entry([&]() -> Datum {
    const Oid relation = *pg::Arguments(fcinfo).ObjectId(0);
    const std::string name = pg::QualifiedName(relation);
    if (!pg::Call([=] { return pg::OwnsRelation(relation); })) {
      throw pg::SqlError(ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of " + name);
    }
    pg::DropWithExtension(relation);
    return Datum{0};
  });
}
