// The rows of ecomm._change: what happened to the sale lines and to the tables beside them since the last
// refresh.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

struct Change {
  std::string kind;                        // 'lines', 'rebuild', 'customer', 'product' or 'state'
  std::optional<bool> inserted = {};       // of 'lines': appeared or went
  bool sums_only = false;                  // of 'lines': only amounts and quantities are others
  std::optional<std::string> lines = {};   // of 'lines': a core::LineLog
  std::optional<std::int64_t> count = {};  // of 'lines'
  std::string why = {};                    // of 'rebuild'
};

// Whoever may write to the sale table needs no right on the log.
void RecordChange(const Change& change);

// Whether this subtransaction has such a row already: one stands and falls with the other. Not for 'lines'.
bool IsRecorded(const std::string& kind);

}  // namespace ecomm::pg
