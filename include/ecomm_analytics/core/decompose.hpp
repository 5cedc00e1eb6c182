// A time series taken apart into trend, season and remainder: the result every method gives, how strong its
// parts are, and the classical method. STL is in stl.hpp, several seasons in mstl.hpp.
#pragma once

#include <span>
#include <vector>

namespace ecomm::core {

// All series have the observed one's length and unit, except that the seasonal parts and the remainder of a
// multiplicative decomposition are factors around 1.
struct Decomposition {
  std::vector<double> observed;
  std::vector<double> trend;
  std::vector<double> seasonal;                // the sum of `seasonals`; without any, 0 (a factor: 1)
  std::vector<std::vector<double>> seasonals;  // one per period
  std::vector<double> remainder;
  std::vector<double> weights;  // robustness weight of each observation, 0 to 1; empty where not robust
  std::vector<double> periods;  // in observations, ascending; those that were used
  bool multiplicative = false;  // observed = trend × seasonal × remainder rather than their sum
};

// Between 0 and 1. `seasonal` has an entry per period.
struct Strength {
  double trend = 0;
  std::vector<double> seasonal;
};

// max(0, 1 - var(R) / var(T + R)) for the trend, and with S in place of T for each season (Wang, Smith &
// Hyndman 2006, doi:10.1007/s10618-005-0039-x); of the logarithms where the decomposition is multiplicative.
// Positions where a part is NaN are left out. A part that varies by no more than rounding has strength 0.
Strength MeasureStrength(const Decomposition& parts);

enum class ClassicalModel { kAdditive, kMultiplicative };

// Trend by a centred moving average over one period, NaN for the first and last period / 2 observations, as
// is the remainder there; season by the mean of each phase of the detrended series (Persons 1919; as Kendall
// & Stuart 1983, ch. 46). `period` is a whole number of observations, ≥ 1; at 1 the trend is the series
// itself. A constant series has no season and remainder, and its trend reaches to the ends.
// Throws Error(kInvalidArgument) for a period < 1; Error(kUnusableData) for NaN and infinities, fewer than
// two periods, and for the multiplicative model a value ≤ 0; Error(kNumericRange) for magnitudes above
// 1e150; Error(kMemoryLimit): it needs 56 bytes per observation.
Decomposition DecomposeClassical(std::span<const double> y, int period,
                                 ClassicalModel model = ClassicalModel::kAdditive);

}  // namespace ecomm::core
