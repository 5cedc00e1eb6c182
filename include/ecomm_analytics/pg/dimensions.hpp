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
// must have a key that can be told (22023). One that merely stands beside the sale table is left out if its
// key cannot be told or is of another class, or if none of the keys looked up is in it: of its roles only the
// key is returned then, without an expression, its note saying why. The caller holds a PinnedSettings.
std::vector<SourceRole> ResolveDimensions(Spi& spi, const Source& sale, const DimensionTables& tables);

}  // namespace ecomm::pg
