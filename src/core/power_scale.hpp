// Forecasting on a Box-Cox scale and back.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// The scale a positive series is forecast on.
class PowerScale {
 public:
  // Without a lambda, which is 0 to 2: the one of largest likelihood, within 0 to 1.
  PowerScale(std::span<const double> y, std::optional<double> lambda);

  double lambda() const { return lambda_; }
  std::vector<double> Forward(std::span<const double> y) const;
  // `forecast` is of Forward(y), with the level kOneSigma last, which is taken off. Bounds and fitted values
  // are mapped back, so they stay quantiles and medians; points are means: the second-order adjustment of
  // Hyndman & Athanasopoulos 2021, Forecasting: principles and practice, 5.6, at most half the median, and
  // within all bounds.
  Forecast Back(std::span<const double> y, Forecast forecast) const;

 private:
  double Inverse(double x) const;

  double lambda_;
};

// The normal distribution's share within one standard deviation.
inline constexpr double kOneSigma = 0.6826894921370859;

}  // namespace ecomm::core
