// The bound sale table: the view ecomm.sale_line, and what ecomm.binding tells about it.
#pragma once

#include "ecomm_analytics/pg/sale_roles.hpp"

namespace ecomm::pg {

// The relation named `sale` on the caller's search path, or InvalidOid. Call it before pinning the path.
Oid SaleOnSearchPath(Spi& spi);

struct BoundView {
  Oid view = InvalidOid;
  Oid relation = InvalidOid;  // the one relation it reads; InvalidOid if it was made to read several
};

// As the calling statement sees the database, or with what was done since, by this call or by others.
enum class Freshness { kOfStatement, kNow };

// What the view itself depends on is the truth about it: it survives renaming and a restore.
std::optional<BoundView> FindBoundView(Spi& spi, Freshness freshness = Freshness::kOfStatement);

// Whether ecomm_bind was called and not undone.
bool HasBinding(Spi& spi);

struct BindRequest {
  Oid sale = InvalidOid;  // InvalidOid: `sale` on the search path
  std::vector<StatedText> stated;
  // InvalidOid: a table of that name, or its plural, beside the sale table
  Oid customer = InvalidOid;
  Oid product = InvalidOid;
  Oid state = InvalidOid;
};

// Creates or replaces ecomm.sale_line and the rows of ecomm.binding; returns those rows. Errors: those of
// ResolveSource; 42501 without CREATE on the schema ecomm; 2BP01 if column types change under views that
// depend on ecomm.sale_line.
std::vector<SourceRole> Bind(const BindRequest& request);

// Drops ecomm.sale_line and empties ecomm.binding. False if nothing was bound.
bool Unbind();

}  // namespace ecomm::pg
