// How good forecasts were, once it is known what came. Definitions are those of the M4 competition
// (Makridakis, Spiliotis & Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014); RMSSE is the M5's
// (Makridakis, Spiliotis & Assimakopoulos 2022, doi:10.1016/j.ijforecast.2021.11.013), here with the seasonal
// naive forecast as its scale, as MASE (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// The errors of the seasonal naive forecast within the series that a forecast was made from.
struct NaiveScale {
  double absolute = 0;  // mean of |y[t] - y[t - period]|
  double squared = 0;   // mean of their squares
};

// 0 for a series not longer than the period, and where each season repeats the one before: then errors have
// no scale. `y` is finite. Throws Error(kInvalidArgument) for a period < 1.
NaiveScale MeasureNaiveScale(std::span<const double> y, int period);

// Of a prediction interval.
struct IntervalAccuracy {
  double level = 0;
  std::optional<double> coverage;  // share of observations inside it, 0 to 1
  std::optional<double>
      msis;  // mean scaled interval score (Gneiting & Raftery 2007, doi:10.1198/016214506000001437)
};

// Means over `count` forecasts. Empty where nothing could be averaged; a single forecast that a measure is
// not defined for is left out of that measure.
struct Accuracy {
  std::size_t count = 0;
  std::optional<double> mae;    // |forecast - observed|, in the series' unit
  std::optional<double> rmse;   // root of the mean square
  std::optional<double> bias;   // forecast - observed: above 0, the forecasts were too high
  std::optional<double> mape;   // |error / observed| in percent; without observations of 0
  std::optional<double> smape;  // 200 |error| / (|forecast| + |observed|) in percent; 0 where both are 0
  std::optional<double> mase;   // |error| / scale.absolute; below 1 is better than seasonal naive
  std::optional<double> rmsse;  // root of the mean of error² / scale.squared
  std::vector<IntervalAccuracy> intervals;  // per level
};

// Takes forecasts one by one; sums of several can be put together.
class AccuracySum {
 public:
  explicit AccuracySum(std::span<const double> levels);

  // The step of `forecast` that was to foretell `observed`. Throws std::out_of_range where there is none.
  void Add(double observed, const Forecast& forecast, std::size_t step, const NaiveScale& scale);
  // `other` has the same levels.
  void Merge(const AccuracySum& other);
  Accuracy Result() const;

 private:
  struct Mean {
    double sum = 0;
    double count = 0;

    void Add(double value);
    void Merge(const Mean& other);
    std::optional<double> Value() const;
    std::optional<double> Root() const;
  };
  struct Interval {
    double level;
    Mean inside;
    Mean score;
  };

  Mean absolute_, squared_, signed_, relative_, symmetric_, scaled_, scaled_squared_;
  std::vector<Interval> intervals_;
};

// All steps of one forecast made from `training`, as far as they were observed. Throws
// Error(kInvalidArgument) for a period < 1 and where more was observed than forecast; Error(kUnusableData)
// for NaN and infinities in either series, and for an empty training series.
Accuracy MeasureAccuracy(std::span<const double> training, std::span<const double> observed,
                         const Forecast& forecast, int period = 1);

}  // namespace ecomm::core
