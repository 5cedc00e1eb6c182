#include "power_scale.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {
namespace {

// Far from overflow, and beyond every series that can be forecast.
constexpr double kLargest = 1e200;

double ChooseLambda(std::span<const double> y) { return std::clamp(BoxCoxLambda(y), 0.0, 1.0); }

}  // namespace

PowerScale::PowerScale(std::span<const double> y, std::optional<double> lambda)
    : lambda_(lambda ? *lambda : ChooseLambda(y)) {}

std::vector<double> PowerScale::Forward(std::span<const double> y) const {
  std::vector<double> scaled;
  scaled.reserve(y.size());
  for (const double value : y) scaled.push_back(BoxCox(value, lambda_));
  return scaled;
}

double PowerScale::Inverse(double x) const {
  const double value = BoxCoxInverse(x, lambda_);
  return std::isnan(value) ? 0 : std::min(value, kLargest);
}

Forecast PowerScale::Back(std::span<const double> y, Forecast forecast) const {
  const auto back = [this](std::vector<double>& values) {
    for (double& value : values) value = std::isnan(value) ? value : Inverse(value);
  };
  for (std::size_t i = 0; i < forecast.mean.size(); ++i) {
    const double sd = (forecast.upper.back()[i] - forecast.lower.back()[i]) / 2;
    const double base = lambda_ * forecast.mean[i] + 1;
    const double median = Inverse(forecast.mean[i]);
    const double relative = base > 0 ? sd * sd / (base * base) : 0;
    forecast.mean[i] = median * (1 + (1 - lambda_) / 2 * std::min(relative, 1.0));
  }
  forecast.levels.pop_back();
  forecast.lower.pop_back();
  forecast.upper.pop_back();
  for (auto* bounds : {&forecast.lower, &forecast.upper}) {
    for (auto& level : *bounds) back(level);
  }
  back(forecast.fitted);
  SetResiduals(y, &forecast);
  return forecast;
}

}  // namespace ecomm::core
