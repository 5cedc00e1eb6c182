// From the rows a trigger is given to the log of the sale lines in them.
#pragma once

#include "ecomm_analytics/pg/bound_lines.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

struct PackedLines {
  std::string log;
  // Of who bought what and when, line after line, but not for how much; 0 unless asked for. A log knows only
  // the day of a sale.
  std::uint64_t digest = 0;
};

// `log` is what ecomm._line_log makes of the lines in `rows`, which are of type `row_type`. Evaluated with
// the rights of the current role. Errors: those of the bound expressions; 53400 above the memory limit.
PackedLines PackLines(const BoundLines& lines, Tuplestorestate* rows, TupleDesc row_type, bool digested);

}  // namespace ecomm::pg
