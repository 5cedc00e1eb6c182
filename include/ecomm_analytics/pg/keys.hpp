// Keys of customers: which type they have, and which the caller asked for.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

bool IsInteger(Oid type);

// `column` (of type `have`) as SQL in type `want`. Integers are left as they are for bigint: WidenKey reads
// them. Whole-number floats and numerics become bigint, anything becomes text; else an error naming the call
// that fits, `keyed_function`(NULL::have).
std::string KeyExpression(const std::string& column, Oid have, Oid want, const char* keyed_function);

// A key read from a column made by KeyExpression, as a datum of type `want`; `read` is that column's type.
Datum WidenKey(Datum key, Oid read, Oid want);

}  // namespace ecomm::pg
