// The tables beside the sale table: customers, products, states.
#pragma once

#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// InvalidOid: look for one beside the sale table.
struct DimensionTables {
  Oid customer = InvalidOid;
  Oid product = InvalidOid;
  Oid state = InvalidOid;
};

// The roles of the dimensions' columns; nothing for a dimension there is no table for. A table that was named
// must have a key that can be told (22023); one that merely stands beside the sale table is passed over
// without one. The caller holds a PinnedSearchPath.
std::vector<SourceRole> ResolveDimensions(Spi& spi, const Source& sale, const DimensionTables& tables);

}  // namespace ecomm::pg
