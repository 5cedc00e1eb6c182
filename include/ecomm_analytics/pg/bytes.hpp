// bytea in and out.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// The longest bytea the server takes: 1 GB less the header.
inline constexpr std::size_t kMaxBytea = MaxAllocSize - VARHDRSZ;

// A palloc'd bytea of these pieces, one after the other; an error above kMaxBytea.
Datum ByteaFrom(std::initializer_list<std::string_view> pieces);

// Where a varlena's payload lies, whatever its header: short, plain, compressed or stored outside the row.
std::string_view PayloadOf(Datum value);

}  // namespace ecomm::pg
