#include "ecomm_analytics/pg/relation.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {

std::string QuoteIdentifier(const std::string& name) {
  const char* characters = name.c_str();
  return Call([=] { return quote_identifier(characters); });
}

std::string QuoteLiteral(const std::string& value) {
  const char* characters = value.c_str();
  return Call([=] { return const_cast<const char*>(quote_literal_cstr(characters)); });
}

std::string QualifiedName(Oid relation) {
  const char* name = Call([=]() -> const char* {
    const char* relation_name = get_rel_name(relation);
    if (relation_name == nullptr) return nullptr;
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), relation_name);
  });
  if (name == nullptr) {
    throw SqlError(ERRCODE_UNDEFINED_TABLE, "no relation with OID " + std::to_string(relation));
  }
  return name;
}

}  // namespace ecomm::pg
