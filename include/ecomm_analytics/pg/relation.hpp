// Names of relations and columns, quoted so that they can stand in a query.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

std::string QuoteIdentifier(const std::string& name);
std::string QuoteLiteral(const std::string& value);

// "schema"."name", quoted where needed. An OID that names no relation is an error.
std::string QualifiedName(Oid relation);

// A relation made at run time is no member of the extension, so that a dump has it; this makes it go when the
// extension goes.
void DropWithExtension(Oid relation);

}  // namespace ecomm::pg
