// A series with several seasons taken apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ecomm_analytics/core/decompose.hpp"
#include "ecomm_analytics/core/stl.hpp"

namespace ecomm::core {

struct MstlOptions {
  std::vector<double> periods = {};  // in observations, in any order; 1 stands for no season
  // Of the periods that are used, in ascending order; 0: periodic. Empty: 11, 15, 19, …; one value holds for
  // all of them.
  std::vector<std::int64_t> seasonal_windows = {};
  int iterations = 0;   // rounds over all periods; 0: 1 where one period is given, else 2
  StlOptions stl = {};  // its period and seasonal window are not used
};

// STL for each period in turn, from the shortest, on what the other seasons leave over (Bandara, Hyndman &
// Bergmeir 2021, arXiv:2107.13462), as R's forecast::mstl(): periods of half the series or more are left out
// (see Decomposition::periods for what remains), the trend is that of the last, a fraction of a period is
// dropped. With no period left there is only a trend, by loess as in Stl() with period 1, so that one
// smoother and its options serve all cases; R changes to Friedman's supersmoother there. A constant series
// is all trend.
// Throws Error(kInvalidArgument) for options outside their range, periods that are equal once their fraction
// is dropped, and a wrong number of windows; otherwise what Stl() throws. It needs 8 bytes per observation
// and period more.
Decomposition Mstl(std::span<const double> y, const MstlOptions& options);

}  // namespace ecomm::core
