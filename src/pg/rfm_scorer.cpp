#include "ecomm_analytics/pg/rfm_scorer.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {

RfmScorer::RfmScorer(const RfmReading& reading) {
  if (reading.in_memory()) {
    ReadTable(reading);
  } else {
    ReadGroups(reading);
  }
}

void RfmScorer::ReadTable(const RfmReading& reading) {
  const core::RfmTable& table = reading.table();
  core::RequireMemory(table.size() * (2 * sizeof(std::int64_t) + sizeof(core::Int128)), "RFM scores");
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> frequency;
  std::vector<core::Int128> monetary;
  recency.reserve(table.size());
  frequency.reserve(table.size());
  monetary.reserve(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (i % 65536 == 0) core::Poll();
    const core::RfmTotals totals = table.totals(i);
    if (!totals.purchased()) continue;
    recency.push_back(core::Recency(totals.last_purchase, *reading.snapshot()));
    frequency.push_back(totals.frequency);
    monetary.push_back(totals.monetary);
  }
  if (recency.empty()) return;
  recency_ = core::FindBreaks(recency);
  frequency_ = core::FindBreaks(frequency);
  monetary_ = core::FindBreaks(monetary);
}

void RfmScorer::ReadGroups(const RfmReading& reading) {
  const PinnedSettings pinned;
  Spi& spi = reading.spi();
  const auto parameters = reading.Parameters();
  const std::string bought = "(" + reading.Groups() + ") AS customer WHERE last_purchase IS NOT NULL";
  const auto count = static_cast<std::size_t>(
      *spi.Query("SELECT pg_catalog.count(*) FROM " + bought, parameters).Int64(0, 0));
  if (count == 0) return;
  // percentile_disc(f) is the value at position ceil(f x count), counting from 1.
  std::string fractions;
  for (int i = 0; i < core::kBreaks; ++i) {
    if (i > 0) fractions += ", ";
    fractions += "(" + std::to_string(core::BreakPosition(count, i)) + " + 0.5::pg_catalog.float8) / " +
                 std::to_string(count);
  }
  const auto percentiles = [&](const std::string& expression, const std::string& name) {
    return "pg_catalog.percentile_disc(ARRAY[" + fractions + "]) WITHIN GROUP (ORDER BY " + expression +
           ") AS " + name;
  };
  const std::string snapshot_day = std::to_string(core::DayOf(*reading.snapshot()));
  const std::string recency =
      snapshot_day + "::pg_catalog.int8 - (last_purchase::pg_catalog.date - pg_catalog.date '2000-01-01')";
  const Rows rows = spi.Query(
      "SELECT b.recency[i], b.frequency[i], b.monetary[i] FROM (SELECT " + percentiles(recency, "recency") +
          ", " + percentiles("frequency", "frequency") + ", " + percentiles("monetary", "monetary") +
          " FROM " + bought + ") AS b, pg_catalog.generate_series(1, " + std::to_string(core::kBreaks) +
          ") AS i ORDER BY i",
      parameters);
  for (std::size_t i = 0; i < core::kBreaks; ++i) {
    recency_[i] = *rows.Int64(i, 0);
    frequency_[i] = *rows.Int64(i, 1);
    monetary_numeric_[i] = *rows.Value(i, 2);
  }
}

RfmScores RfmScorer::Of(const RfmRow& row) const {
  if (!row.recency) return {};
  RfmScores scores;
  scores.r = core::kScores + 1 - core::Score(recency_, *row.recency);
  scores.f = core::Score(frequency_, row.frequency);
  if (!row.monetary_numeric) {
    scores.m = core::Score(monetary_, row.monetary);
    return scores;
  }
  for (const Datum below : monetary_numeric_) {
    scores.m += Call([=, value = *row.monetary_numeric] {
      return DatumGetInt32(DirectFunctionCall2(numeric_cmp, below, value)) < 0 ? 1 : 0;
    });
  }
  return scores;
}

}  // namespace ecomm::pg
