#include "ecomm_analytics/pg/source.hpp"

#include "ecomm_analytics/pg/binding.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/dimensions.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sale_roles.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

// On the fly only a glance, so that a call costs milliseconds more than its query.
constexpr std::int64_t kLinesToGlanceAt = 10000;

// As ecomm_bind wrote them; nothing where the view was made by hand.
std::vector<SourceRole> StoredRoles(Spi& spi, std::span<const core::Role> wanted) {
  const auto rows =
      spi.Query("SELECT role, relation, coalesce(expression, ''), type, note FROM ecomm.binding");
  std::vector<SourceRole> roles;
  for (const core::Role role : wanted) {
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
      if (rows.Text(i, 0) != core::Name(role)) continue;
      roles.push_back({role, *rows.Text(i, 1), *rows.Text(i, 2), *rows.Text(i, 3), *rows.Text(i, 4)});
    }
  }
  return roles;
}

// The bound view, or, for `relation`, what stands in it: then the caller's rights count and not its owner's.
Source ReadBound(Spi& spi, const BoundView& bound, Oid relation) {
  const auto table = ReadColumns(spi, bound.view);
  Source source;
  source.relation = relation;
  source.relation_name = QualifiedName(relation);
  for (const core::Role role : core::RolesOf(core::TableKind::kSale)) {
    const std::string name(core::Name(role));
    const auto column = table.Find(name);
    if (!column) {
      throw SqlError(ERRCODE_UNDEFINED_COLUMN, "ecomm.sale_line has no column " + name, "",
                     "Bind the sale table again with ecomm_bind.");
    }
    const Oid type = table.types[*column];
    if (role == core::Role::kCustomerId) source.customer_type = type;
    if (role == core::Role::kInvoiceNo) source.invoice_type = type;
    if (role == core::Role::kProductId) source.product_type = type;
    if (role == core::Role::kQuantity) source.quantity_type = type;
    source.columns += (source.columns.empty() ? "" : ", ") + name;
  }
  if (relation == bound.view) {
    source.from = source.relation_name;
  } else {
    std::string definition =
        *spi.Query("SELECT pg_get_viewdef($1)", {Parameter::ObjectId(bound.view)}).Text(0, 0);
    while (definition.ends_with(';')) definition.pop_back();
    source.from = "(" + definition + ") AS sale_line";
  }
  source.roles = StoredRoles(spi, core::RolesOf(core::TableKind::kSale));
  source.bound = true;
  return source;
}

}  // namespace

Source ResolveSource(Oid sale) {
  Spi spi;
  const Oid by_name = sale == InvalidOid ? SaleOnSearchPath(spi) : InvalidOid;
  const PinnedSettings pinned;
  const auto bound = FindBoundView(spi);
  if (sale == InvalidOid) {
    if (bound) return ReadBound(spi, *bound, bound->view);
    if (HasBinding(spi)) {
      throw SqlError(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the bound sale table is gone",
                     "The view ecomm.sale_line does not exist.",
                     "Bind a sale table with ecomm_bind, or call ecomm_unbind.");
    }
    if (by_name == InvalidOid) {
      throw SqlError(
          ERRCODE_UNDEFINED_TABLE, "no sale table",
          "None is bound, and there is no relation named sale on the search path.",
          "Bind one: SELECT * FROM ecomm_bind('my_table'). Sample tables come from ecomm_sample_data.");
    }
    sale = by_name;
  }
  if (bound && (sale == bound->view || sale == bound->relation)) return ReadBound(spi, *bound, sale);
  return ResolveSaleRoles(spi, sale, {}, kLinesToGlanceAt);
}

std::vector<SourceRole> DimensionRoles(Spi& spi, const Source& source) {
  if (!source.bound) return ResolveDimensions(spi, source, {});
  std::vector<SourceRole> roles;
  for (const auto kind : {core::TableKind::kCustomer, core::TableKind::kProduct, core::TableKind::kState}) {
    for (SourceRole& role : StoredRoles(spi, core::RolesOf(kind))) roles.push_back(std::move(role));
  }
  return roles;
}

}  // namespace ecomm::pg
