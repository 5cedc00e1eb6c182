// Sale series as a fit wants them: whole periods only, without gaps, outliers treated.
#pragma once

#include "ecomm_analytics/core/outliers.hpp"
#include "ecomm_analytics/core/transform.hpp"
#include "ecomm_analytics/pg/series_arguments.hpp"

namespace ecomm::pg {

struct FitOptions {
  SeriesOptions series;
  core::Replacement replacement = core::Replacement::kKeep;  // of outliers by interquartile range
  core::Transform transform = core::Transform::kNone;        // with the lambda of largest likelihood
  int differences = 0;
};

struct FitSeries {
  std::vector<std::optional<std::string>> name;  // one per name of `by`
  std::int64_t first_period = 0;                 // of values[0]
  std::vector<double> values;

  std::int64_t next_period() const { return first_period + static_cast<std::int64_t>(values.size()); }
};

// Visits each series in order of name. A last period that is not over is left out, and so are periods before
// the first that has a value (a price, say). Differences leave out the first periods.
void ForEachFit(Spi& spi, const FitOptions& options, const std::function<void(const FitSeries&)>& visit);

struct FitSet {
  std::vector<FitSeries> series;  // all end with the same period
  std::int64_t first_period = 0;  // of the earliest sale
  std::size_t periods = 0;        // from it to the last that is over
  std::array<bool, 7> closed{};   // as SeriesReading::closed()
};

// All of them at once.
FitSet ReadFits(Spi& spi, const FitOptions& options);

}  // namespace ecomm::pg
