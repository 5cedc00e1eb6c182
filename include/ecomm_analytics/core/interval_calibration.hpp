// Prediction intervals that hold what they promise. A model's own intervals take its form, its parameters and
// the course of things so far for certain; on real series 95 % of them hold 75 to 90 %. Here they are widened
// or narrowed by what the method's earlier forecasts of the same series missed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ecomm_analytics/core/backtest.hpp"
#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// Steps beyond are judged by the errors up to this one, so that the cost of a far horizon stays bounded.
inline constexpr std::size_t kFarthestCalibratedStep = 400;

struct CalibrationOptions {
  int origins = 12;   // how many earlier forecasts at most, over the second half of the series
  int estimated = 3;  // parameters and initial states that the method estimates
};

// The observations known at each origin, latest first: over the second half of the series, further apart for
// a longer horizon. None for series of fewer than six observations.
std::vector<std::size_t> CalibrationOrigins(std::size_t length, int horizon, int most);

// What forecasts from the past missed, in the deviations that their intervals claimed; collected origin by
// origin and step by step.
class PastErrors {
 public:
  explicit PastErrors(int horizon);

  // `forecast` was made with the first `origin` observations and has intervals of one level at least. Steps
  // after the series or beyond the horizon don't count.
  void Add(std::span<const double> y, std::size_t origin, const Forecast& forecast);

  // Mean square at about `step` (1 and more), over the steps from 0.6 to 1.5 times it, and over how many
  // stretches of that length that do not overlap.
  struct Summary {
    double mean_square = 0;
    double count = 0;
  };
  Summary At(std::size_t step) const;

 private:
  std::vector<double> squares_;      // per step
  std::vector<std::size_t> counts_;  // per step
  std::size_t reach_ = 0;            // from the earliest origin to the end of the series
};

// What to make of a model's intervals, whatever their level: per step, by how much its deviation is
// multiplied and the degrees of freedom of Student's t that takes the place of the normal distribution.
// Empty: nothing.
struct IntervalCorrection {
  std::vector<double> deviation;
  std::vector<int> degrees;
};

// `base` with its bounds moved so; steps beyond the correction's are moved as its last one.
Forecast Correct(Forecast base, const IntervalCorrection& correction);

// What CalibrateIntervals() does to a forecast of `horizon` steps.
IntervalCorrection CorrectionOf(std::size_t horizon, std::size_t length, const PastErrors& errors,
                                int estimated);
IntervalCorrection CorrectionOf(std::size_t horizon, std::span<const double> y, const ForecastMethod& past,
                                const CalibrationOptions& options = {});

// `base` with its bounds moved from or towards its means: the variance at a step is what the errors at about
// that step say, together with a prior worth six errors that grows as the series gets shorter against its
// parameters and the horizon; Student's t takes the place of the normal distribution, as the variance is an
// estimate. `length` is that of the series. Intervals of width 0 stay so.
Forecast CalibrateIntervals(Forecast base, std::size_t length, const PastErrors& errors, int estimated);

// The same with the errors of `past` at CalibrationOrigins(). `past` should forecast from the observations it
// is given as cheaply as it can: with the form and parameters found for the whole series. An origin where it
// throws Error(kUnusableData) or Error(kNumericRange) counts for nothing; all else it throws is passed on.
Forecast CalibrateIntervals(Forecast base, std::span<const double> y, const ForecastMethod& past,
                            const CalibrationOptions& options = {});

// `base` with bounds from the errors of `method` alone, step by step: split conformal prediction (Vovk,
// Gammerman & Shafer 2005, doi:10.1007/b106715) from rolling origins, as for time series Xu & Xie 2021,
// arXiv:2010.09107. At a level, the half width is the ceil((n + 1) level)-th smallest of a step's n absolute
// errors; where that is beyond the largest, the largest times the ratio of Student's quantiles with n degrees
// at the level and at n / (n + 1). Steps without errors have those of the last that has. Up to `origins`
// refits. Throws Error(kUnusableData) for a series too short for a single error.
Forecast ConformalIntervals(Forecast base, std::span<const double> y, const ForecastMethod& method,
                            int origins = 40);

}  // namespace ecomm::core
