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
  std::vector<double> deviations;
  for (std::size_t i = 0; i < forecast.mean.size(); ++i) {
    deviations.push_back((forecast.upper.back()[i] - forecast.lower.back()[i]) / 2);
  }
  forecast.levels.pop_back();
  forecast.lower.pop_back();
  forecast.upper.pop_back();
  for (auto* bounds : {&forecast.lower, &forecast.upper}) {
    for (auto& level : *bounds) back(level);
  }
  for (std::size_t i = 0; i < forecast.mean.size(); ++i) {
    const double base = lambda_ * forecast.mean[i] + 1;
    const double relative = base > 0 ? deviations[i] * deviations[i] / (base * base) : 0;
    forecast.mean[i] = Inverse(forecast.mean[i]) * (1 + (1 - lambda_) / 2 * std::min(relative, 1.0));
    for (const auto& upper : forecast.upper) forecast.mean[i] = std::min(forecast.mean[i], upper[i]);
    for (const auto& lower : forecast.lower) forecast.mean[i] = std::max(forecast.mean[i], lower[i]);
  }
  back(forecast.fitted);
  SetResiduals(y, &forecast);
  return forecast;
}

}  // namespace ecomm::core
