// Keys of customers and orders: which type they have, which the caller asked for, and how an aggregate tells
// them apart.
#pragma once

#include "ecomm_analytics/core/rfm.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

bool IsInteger(Oid type);

// `column` (of type `have`) as SQL in type `want`. Integers are left as they are for bigint: WidenKey reads
// them. smallint becomes integer, whole-number floats and numerics become bigint, anything becomes text as
// TextKeyExpression says; else an error naming the call that fits, `keyed_function`(NULL::have).
std::string KeyExpression(const std::string& column, Oid have, Oid want, const char* keyed_function);

// A key read from a column made by KeyExpression, as a datum of type `want`; `read` is that column's type.
Datum WidenKey(Datum key, Oid read, Oid want);

// How keys of a type are told apart: integers by value, everything else by its bytes.
core::KeyKind KeyKindOf(Oid type);

// The type, if aggregates can read keys of it: smallint, integer, bigint, uuid or text. Else an error:
// ReadKey takes the bytes of anything else as they lie.
Oid RequireKeyType(Oid type);
core::Key ReadKey(Datum value, Oid type);
// A key of such a type as a datum; text is put together in `buffer`.
Datum KeyDatum(const core::Key& key, Oid type, std::vector<std::uint64_t>& buffer);

// Keys of any type: those that ReadKey does not take as text that tells them apart, and back. What they point
// at lives in the memory context that was current.
core::Key ReadAnyKey(Datum value, Oid type);
Datum AnyKeyDatum(const core::Key& key, Oid type);

// Whether equality of the type is equality of value or of bytes, given a collation that says so too.
bool IsTellable(Oid type, Oid collation);
// A column of keys that are only told apart, never shown, in a type ReadKey takes: others come as text.
std::string TellableExpression(const std::string& column, Oid type);
Oid TellableType(Oid type);
// A column of keys as text: equal numbers are equal text, without trailing zeros, as ecomm._key_sql has it.
std::string TextKeyExpression(const std::string& column, Oid type);

}  // namespace ecomm::pg
