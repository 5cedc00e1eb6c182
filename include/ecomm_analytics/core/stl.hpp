// Seasonal-trend decomposition by loess.
#pragma once

#include <cstdint>
#include <span>

#include "ecomm_analytics/core/decompose.hpp"

namespace ecomm::core {

// Windows are numbers of observations; below 3 they count as 3, and even ones as the next odd number.
// Degrees are 0 (locally constant) or 1 (locally linear). With a jump of j, loess is computed at every j-th
// observation and interpolated between.
struct StlOptions {
  double period = 1;  // a fraction is dropped, as R does; it still counts in the default windows

  std::int64_t seasonal_window = 0;  // in periods; 0: the season is the same in each period
  std::int64_t trend_window = 0;     // 0: 1.5 period / (1 - 1.5 / seasonal_window), made odd
  std::int64_t low_pass_window = 0;  // 0: the period, made odd

  int seasonal_degree = 0;
  int trend_degree = 1;
  int low_pass_degree = -1;  // -1: as the trend's

  std::int64_t seasonal_jump = 0;  // 0: a tenth of the window, rounded up
  std::int64_t trend_jump = 0;
  std::int64_t low_pass_jump = 0;

  bool robust = false;  // outliers lose their weight
  int inner = 0;        // iterations; 0: 1 if robust, else 2
  int outer = -1;       // iterations that renew the weights; -1: 15 if robust, else 0
};

// Cleveland, Cleveland, McRae & Terpenning 1990, Journal of Official Statistics 6(1), 3-73; options and
// defaults are those of R's stl(), which asks one observation more than two periods where two are enough
// here, and whose partial sort can miss the median remainder of an even number of observations, so that its
// robust fits are then slightly off; here it is always the median (as in statsmodels). A period of 1 means no
// season: the trend is a loess curve, by default over a fifth of the observations, at least 7. A constant
// series is all trend. Throws Error(kInvalidArgument) for options outside their range; Error(kUnusableData)
// for NaN, infinities and fewer than two periods; Error(kNumericRange) for magnitudes above 1e150;
// Error(kMemoryLimit): it needs 128 bytes per observation.
Decomposition Stl(std::span<const double> y, const StlOptions& options);

}  // namespace ecomm::core
