// An SQL expression written by the user, over the columns of one relation.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

struct ScalarExpression {
  std::string sql;  // as the server writes it back: one expression, nothing else
  Oid type = InvalidOid;
  std::string column;  // set where it is nothing but a column
  bool is_null_constant = false;
};

// Parses `text` as one scalar expression over `relation`; names in it resolve in pg_catalog unless qualified,
// so the caller holds a PinnedSettings. The text never becomes part of another query: its syntax tree is
// analysed on its own and deparsed. Errors: whatever the server says about it, with `purpose` in the context;
// 42601 for more than one expression; 0A000 for subqueries, aggregates, window, set-returning or volatile
// functions.
ScalarExpression ParseScalarExpression(Oid relation, const std::string& text, const std::string& purpose);

}  // namespace ecomm::pg
