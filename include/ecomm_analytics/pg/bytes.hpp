// bytea in and out.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// A palloc'd bytea of these bytes; an error above the server's 1 GB limit on one value.
Datum ByteaFrom(std::string_view bytes);

// Where a varlena's payload lies, whatever its header: short, plain, compressed or stored outside the row.
std::string_view PayloadOf(Datum value);

}  // namespace ecomm::pg
