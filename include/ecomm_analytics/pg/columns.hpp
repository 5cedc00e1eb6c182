// The columns of a relation as the core's role detection sees them.
#pragma once

#include "ecomm_analytics/core/roles.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

struct TableColumns {
  std::vector<core::Column> columns;
  std::vector<Oid> types;  // of each, as declared

  // The column meant by a name: exactly that, or the only one of that name in any case.
  std::optional<std::size_t> Find(const std::string& name) const;
};

// The caller holds a PinnedSettings. 42809 for what has no rows of its own (an index, a sequence, a type).
TableColumns ReadColumns(Spi& spi, Oid relation);

// Domains count as what they are over.
core::ColumnType TypeCategory(Oid type);

// "integer", "timestamp without time zone"
std::string TypeName(Oid type);

}  // namespace ecomm::pg
