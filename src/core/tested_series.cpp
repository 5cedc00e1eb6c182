#include "tested_series.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {

bool ScaledSeries::Constant() const {
  return std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
}

ScaledSeries ScaleSeries(std::span<const double> y) {
  double largest = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) {
      throw Error(ErrorCode::kUnusableData,
                  std::string("the series holds ") + (std::isnan(y[i]) ? "NaN" : "an infinity"),
                  "Position: " + std::to_string(i + 1) + " of " + std::to_string(y.size()) + ".",
                  "Fill the gaps first, or leave that part out.");
    }
    largest = std::max(largest, std::fabs(y[i]));
  }
  RequireMemory(y.size() * sizeof(double), "a test of a series");
  ScaledSeries result;
  if (largest > 0) std::frexp(largest, &result.exponent);
  result.values.resize(y.size());
  std::transform(y.begin(), y.end(), result.values.begin(),
                 [&](double x) { return std::ldexp(x, -result.exponent); });
  return result;
}

void RequireLength(std::size_t length, std::size_t needed, const std::string& what) {
  if (length >= needed) return;
  throw Error(ErrorCode::kUnusableData, "the series is too short for " + what,
              "Needed: " + std::to_string(needed) + " values, given: " + std::to_string(length) + ".");
}

void RequireVarying(const ScaledSeries& series, const std::string& what) {
  if (!series.Constant()) return;
  std::ostringstream value;
  value << std::ldexp(series.values.front(), series.exponent);
  throw Error(ErrorCode::kUnusableData, "the series is constant, so " + what + " has no answer",
              "All " + std::to_string(series.values.size()) + " values are " + value.str() + ".");
}

void RequireLags(long long lags, long long most, const std::string& what) {
  if (lags >= 0 && lags <= most) return;
  throw Error(
      ErrorCode::kInvalidArgument, "number of lags out of range for " + what,
      "Lags: " + std::to_string(lags) + ", allowed for this series: 0 to " + std::to_string(most) + ".");
}

void RequireAlpha(double alpha) {
  if (alpha > 0 && alpha < 1) return;
  std::ostringstream value;
  value << alpha;
  throw Error(ErrorCode::kInvalidArgument, "alpha must be between 0 and 1",
              "Alpha: " + value.str() + ", allowed: above 0 and below 1.");
}

void Centre(std::vector<double>* values) {
  for (int pass = 0; pass < 2; ++pass) {
    double sum = 0;
    for (const double x : *values) sum += x;
    const double mean = sum / static_cast<double>(values->size());
    for (double& x : *values) x -= mean;
  }
}

}  // namespace ecomm::core
