// Seasons taken out of a series before it is forecast, and put back after: STL or MSTL with any method for
// what is left. A model of both is in forecast_model.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ecomm::core {

// Each season's last cycle, which all cycles ahead repeat.
struct SeasonCycles {
  std::vector<int> periods;                 // in observations, ascending, each 2 and more
  std::vector<std::vector<double>> cycles;  // as long as its period; first what comes next

  // All seasons together, `step` observations ahead; 0 is the next one.
  double At(std::size_t step) const;
  // So many observations later.
  void Advance(std::size_t steps);
};

struct SeasonOptions {
  std::vector<int> periods = {};                    // in observations, in any order
  std::vector<std::int64_t> seasonal_windows = {};  // as MstlOptions has them
  bool robust = false;
};

struct AdjustedSeries {
  SeasonCycles season;           // at the end of the series
  std::vector<double> values;    // the series without its seasons
  std::vector<double> seasonal;  // their sum
};

// By Stl() for one period, by Mstl() for several, with the defaults of R's forecast::stlf. Throws
// Error(kInvalidArgument) for no period, one below 2 and two that are the same; Error(kUnusableData) for a
// series of less than two periods (of several, the longest must fit more than twice); what Mstl() throws.
AdjustedSeries TakeOutSeasons(std::span<const double> y, const SeasonOptions& options);

}  // namespace ecomm::core
