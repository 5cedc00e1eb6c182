// What every way of forecasting is asked and gives, and the checks they share.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace ecomm::core {

struct ForecastOptions {
  int horizon = 10;                           // steps ahead, 0 to 10000; 0 gives an empty forecast
  std::vector<double> levels = {0.80, 0.95};  // of the prediction intervals, inside 0 to 1; at most 99
};

// In the unit of the series. `mean`, `lower` and `upper` are finite wherever the method gives a forecast:
// none of them is ever NaN.
struct Forecast {
  std::vector<double> mean;                // the point forecast of each step ahead
  std::vector<double> levels;              // as asked for
  std::vector<std::vector<double>> lower;  // per level, each as long as `mean`
  std::vector<std::vector<double>> upper;
  std::vector<double> fitted;     // one step ahead within the series; NaN where there is none
  std::vector<double> residuals;  // observed - fitted (a method with relative errors says so); NaN likewise
  double sigma2 = 0;              // variance of the one-step errors
  std::string method;             // as shown to people: "seasonal naive"
};

// Throws Error(kInvalidArgument) for a horizon or a level outside its range and for too many levels;
// Error(kMemoryLimit): an interval needs 16 bytes per step.
void RequireForecastOptions(const ForecastOptions& options);

// Throws Error(kUnusableData) for an empty series and for NaN and infinities, naming the position;
// Error(kNumericRange) for magnitudes above 1e140, whose variance far ahead could not be represented.
void RequireForecastSeries(std::span<const double> y);

// lower and upper = mean ∓ factor × sqrt(variance). `variances` has one value ≥ 0 per step, `factors` one per
// level; `forecast->mean` is set.
void SetIntervals(std::span<const double> variances, std::span<const double> factors,
                  std::span<const double> levels, Forecast* forecast);

// The same with the normal distribution's factors: NormalQuantile((1 + level) / 2).
void SetNormalIntervals(std::span<const double> variances, std::span<const double> levels,
                        Forecast* forecast);

// residuals = y - fitted, and their mean square as sigma2; `forecast->fitted` is set, NaN where there is
// none.
void SetResiduals(std::span<const double> y, Forecast* forecast);

}  // namespace ecomm::core
