#include "ecomm_analytics/core/combine_forecasts.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/outliers.hpp"

namespace ecomm::core {
namespace {

double Mean(std::span<const double> values, std::span<const double> weights) {
  double mean = 0;
  // Each share by itself: a sum of large values could overflow.
  for (std::size_t i = 0; i < values.size(); ++i) {
    mean += weights.empty() ? values[i] / static_cast<double>(values.size()) : weights[i] * values[i];
  }
  return mean;
}

double Median(std::span<double> values) {
  if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) {
    return std::nan("");
  }
  std::sort(values.begin(), values.end());
  return QuantileOfSorted(values, 0.5);
}

std::string Names(std::span<const Forecast> forecasts) {
  std::string names;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    names += (i == 0 ? "" : i + 1 == forecasts.size() ? " and " : ", ") + forecasts[i].method;
  }
  return names;
}

}  // namespace

Forecast CombineForecasts(std::span<const double> y, std::span<const Forecast> forecasts,
                          Combination combination, std::span<const double> weights) {
  Forecast combined = forecasts.front();
  if (forecasts.size() == 1) return combined;
  std::vector<double> at(forecasts.size());
  // `of` picks the same vector of each forecast.
  const auto combine = [&](const auto& of) {
    std::vector<double>& into = of(combined);
    for (std::size_t i = 0; i < into.size(); ++i) {
      for (std::size_t k = 0; k < at.size(); ++k) at[k] = of(forecasts[k])[i];
      into[i] = combination == Combination::kMean ? Mean(at, weights) : Median(at);
    }
  };
  combine([](auto& forecast) -> auto& { return forecast.mean; });
  combine([](auto& forecast) -> auto& { return forecast.fitted; });
  for (std::size_t level = 0; level < combined.levels.size(); ++level) {
    combine([level](auto& forecast) -> auto& { return forecast.lower[level]; });
    combine([level](auto& forecast) -> auto& { return forecast.upper[level]; });
  }
  SetResiduals(y, &combined);
  combined.method = (combination == Combination::kMedian ? "median of "
                     : weights.empty()                   ? "mean of "
                                                         : "weighted mean of ") +
                    Names(forecasts);
  return combined;
}

}  // namespace ecomm::core
