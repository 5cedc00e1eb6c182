// Scores of RFM rows, wherever the rows come from.
#pragma once

#include "ecomm_analytics/core/rfm_score.hpp"
#include "ecomm_analytics/pg/rfm_source.hpp"

namespace ecomm::pg {

struct RfmScores {
  int r = 1;
  int f = 1;
  int m = 1;
  // 111 to 555
  int cell() const { return 100 * r + 10 * f + m; }
};

// Quintiles among customers who bought; who only ever returned scores 1 on each axis.
class RfmScorer {
 public:
  explicit RfmScorer(const RfmReading& reading);
  RfmScores Of(const RfmRow& row) const;

 private:
  void ReadTable(const RfmReading& reading);
  void ReadGroups(const RfmReading& reading);

  core::Breaks<std::int64_t> recency_{};
  core::Breaks<std::int64_t> frequency_{};
  core::Breaks<core::Int128> monetary_{};
  core::Breaks<Datum> monetary_numeric_{};  // where the server summed it
};

}  // namespace ecomm::pg
