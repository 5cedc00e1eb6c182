#include "ecomm_analytics/pg/relation.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
}

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

void DropWithExtension(Oid relation) {
  Call([=] {
    const Oid extension = get_extension_oid("ecomm_analytics", true);
    if (!OidIsValid(extension)) return;
    if (list_member_oid(getAutoExtensionsOfObject(RelationRelationId, relation), extension)) return;
    ObjectAddress depender;
    ObjectAddress referenced;
    ObjectAddressSet(depender, RelationRelationId, relation);
    ObjectAddressSet(referenced, ExtensionRelationId, extension);
    recordDependencyOn(&depender, &referenced, DEPENDENCY_AUTO_EXTENSION);
  });
}

}  // namespace ecomm::pg
