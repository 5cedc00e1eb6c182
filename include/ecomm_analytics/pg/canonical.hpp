// SQL that brings a column or expression of the user's to the type of its role.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// What a role is read from. `sql` is a quoted column or an expression in parentheses; empty: there is none.
struct Piece {
  std::string sql;
  Oid type = InvalidOid;

  bool present() const { return !sql.empty(); }
};

// A column that needs no change stays a bare reference: each expression costs time on every line.
struct Canonical {
  std::string sql;
  Oid type;
  std::string note;  // what is done to it, for the user
};

// timestamp from timestamp, timestamptz or date
Canonical CanonicalTime(const Piece& piece);

// A number or uuid keeps its type, all kinds of text become text. With `unknown_markers`, -1 (and for text
// '', for numeric and floats NaN) becomes NULL. Absent: text NULL.
Canonical CanonicalKey(const Piece& piece, bool unknown_markers);

// numeric; with `keep_integers` an integer keeps its type. A float becomes the shortest decimal that reads
// back as it, NaN and infinities NaN. Absent: numeric NULL.
Canonical CanonicalNumber(const Piece& piece, bool keep_integers);

}  // namespace ecomm::pg
