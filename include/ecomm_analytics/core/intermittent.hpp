// Forecasts of intermittent demand: series that are 0 most of the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

enum class IntermittentMethod {
  // The smoothed size of a demand over the smoothed interval from one to the next: Croston 1972,
  // doi:10.1057/jors.1972.50.
  kCroston,
  // The same times 1 - beta / 2, as a quotient of means is too high: Syntetos & Boylan 2005,
  // doi:10.1016/j.ijforecast.2004.10.001.
  kSba,
  // The smoothed size times the smoothed share of observations with demand, which falls while there is none:
  // Teunter, Syntetos & Babai 2011, doi:10.1016/j.ejor.2011.05.018.
  kTsb,
  // The smoothed sum over buckets of the mean interval's length, spread evenly: Nikolopoulos, Syntetos,
  // Boylan, Petropoulos & Assimakopoulos 2011, doi:10.1057/jors.2010.32.
  kAdida,
};

// 'croston', 'sba', 'tsb', 'adida'. Anything else throws Error(kInvalidArgument).
IntermittentMethod ParseIntermittentMethod(std::string_view text);
std::string_view Name(IntermittentMethod method) noexcept;

// What is smoothed is the mean of its values so far with weights that fall by 1 - alpha from each to the one
// before; or it starts at the first value, whose weight is then what the others leave. The running mean
// forecasts better where there are few demands.
enum class IntermittentStart { kRunningMean, kFirst };

// The smoothing parameter of Croston's paper and of R's croston, which also starts at the first values.
inline constexpr double kClassicSmoothing = 0.1;

// Smoothing parameters are from 0 to 1. One that is absent is estimated, each by itself, as that from 0 to
// 0.3 with the least squared one-step error of what it smooths.
struct IntermittentOptions {
  std::optional<double> alpha = {};  // of the sizes; of the sums of buckets for ADIDA
  std::optional<double> beta = {};   // of the intervals; of the share with demand for TSB; ADIDA has none
  IntermittentStart start = IntermittentStart::kRunningMean;
};

// The mean demand per observation, the same for every step ahead. `fitted` is what would have been forecast
// for each observation from those before it with the same parameters: 0 before the first demand (the first
// interval is counted from the start of the series), NaN for the first observation and, for ADIDA, through
// the first bucket. sigma2 is the mean of the squared residuals.
//
// Intervals are for each step by itself. What comes is 0 with the probability that the method implies, else
// one of the sizes there were, with the weight that its smoothing gives each: the forecast is the mean of
// just that distribution. Bounds are its quantiles, so they are 0 or sizes that occurred, never negative, and
// hold more than their level where the zeros alone do. A bound is moved to the mean where it would exclude it
// (the upper one, if demand is so rare that the quantile is 0).
//
// A series of zeros gives 0 with intervals of width 0; one of a single demand is taken as it is. Needs 80
// bytes per observation. Throws what RequireForecastOptions() and RequireForecastSeries() do,
// Error(kUnusableData) for negative values, Error(kInvalidArgument) for a smoothing parameter outside 0 to 1.
Forecast ForecastIntermittent(std::span<const double> y, IntermittentMethod method,
                              const IntermittentOptions& intermittent = {},
                              const ForecastOptions& options = {});

// --- the same in two steps
// ----------------------------------------------------------------------------------

struct SmoothedLevel {
  double alpha = 0;
  double total = 0;  // of the falling weights of all values so far, the last one's being 1
  double level = 0;  // 0 before the first value
};

// What a method keeps of a series. The sizes that may come are those with a weight worth the name: for a
// running mean that is every demand there was.
struct IntermittentFit {
  IntermittentMethod method = IntermittentMethod::kCroston;
  IntermittentStart start = IntermittentStart::kRunningMean;
  SmoothedLevel size;         // ADIDA: of the sums of buckets, for its alpha and weights only
  SmoothedLevel interval;     // TSB: of the share with demand; ADIDA has none
  std::int64_t n = 0;         // observations seen
  std::int64_t waiting = 0;   // observations since the last demand
  double rate = 0;            // mean demand per observation
  std::vector<double> sizes;  // of demands, oldest first
  std::vector<double> gains;  // per size, ADIDA: per bucket: the share it had of the level when it came
  std::int64_t errors = 0;    // residuals there are
  double squares = 0;         // of them

  // ADIDA only.
  std::int64_t width = 0;               // of the buckets
  std::vector<std::int64_t> positions;  // of the sizes, from 0
  std::vector<double> levels;  // smoothed sums of the buckets that end at the last observations, by position
                               // modulo width
  std::vector<double> recent;  // the last block of `width` observations that is whole, and what came after

  // Of the latest observations: of all, unless the fit was made from a part of the others.
  std::vector<double> fitted;
  std::vector<double> residuals;
};

IntermittentFit FitIntermittent(std::span<const double> y, IntermittentMethod method,
                                const IntermittentOptions& options = {});

Forecast ForecastFrom(IntermittentFit fit, const ForecastOptions& options = {});

// The fit continued over the observations that follow, none or more, as if the longer series had been run
// through with these smoothing parameters (and ADIDA's width of buckets). Throws as FitIntermittent.
IntermittentFit UpdateIntermittent(IntermittentFit fit, std::span<const double> y);

enum class DemandPattern { kNone, kSmooth, kIntermittent, kErratic, kLumpy };

// 'none', 'smooth', 'intermittent', 'erratic', 'lumpy'.
std::string_view Name(DemandPattern pattern) noexcept;

struct DemandProfile {
  std::size_t demands = 0;  // observations above 0
  double interval = 0;      // observations per demand (ADI); 0 where there is none
  double squared_cv = 0;    // squared coefficient of variation (variance over n - 1) of the sizes
  DemandPattern pattern = DemandPattern::kNone;  // kNone: there is no demand
};

// Syntetos, Boylan & Croston 2005, doi:10.1057/palgrave.jors.2601841: intermittent and lumpy from an interval
// of 1.32, erratic and lumpy from a squared_cv of 0.49. Throws Error(kUnusableData) for an empty series, for
// values that are not finite and for negative ones, Error(kNumericRange) for magnitudes above 1e140.
DemandProfile ClassifyDemand(std::span<const double> y);

}  // namespace ecomm::core
