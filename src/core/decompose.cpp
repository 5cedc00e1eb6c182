#include "ecomm_analytics/core/decompose.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

// Of value(0), …, value(length - 1), wherever that is finite.
template <typename Value>
double Variance(std::size_t length, const Value& value) {
  double count = 0;
  double mean = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (std::isfinite(value(i))) mean += (value(i) - mean) / ++count;
  }
  if (count < 2) return 0;
  double squares = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (std::isfinite(value(i))) squares += (value(i) - mean) * (value(i) - mean);
  }
  return squares / (count - 1);
}

}  // namespace

std::string FormatNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

void RequireFiniteSeries(std::span<const double> y, double largest) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::fabs(y[i]) <= largest) continue;
    const std::string where = "Position: " + std::to_string(i + 1) + " of " + std::to_string(y.size()) +
                              ", value: " + FormatNumber(y[i]) + ".";
    if (!std::isfinite(y[i])) {
      throw Error(ErrorCode::kUnusableData, "the series has a value that is not a finite number", where,
                  "Fill or leave out such values first.");
    }
    throw Error(ErrorCode::kNumericRange, "the series has a value too large to compute with", where,
                "Use a larger unit.");
  }
}

void RequireTwoPeriods(std::size_t length, double period) {
  const auto needed = static_cast<std::size_t>(std::ceil(2 * period));
  if (length >= needed) return;
  throw Error(ErrorCode::kUnusableData, "the series is too short to take apart",
              "Length: " + std::to_string(length) + ", needed: " + std::to_string(needed) +
                  " (two periods of " + FormatNumber(period) + ").",
              "Give a longer series or a shorter period.");
}

bool IsConstant(std::span<const double> y) {
  return std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); });
}

Decomposition WithoutSeason(std::span<const double> y, const std::vector<double>& periods) {
  Decomposition parts;
  parts.observed.assign(y.begin(), y.end());
  parts.trend = parts.observed;
  parts.seasonal.assign(y.size(), 0.0);
  parts.seasonals.assign(periods.size(), parts.seasonal);
  parts.remainder = parts.seasonal;
  parts.periods = periods;
  return parts;
}

Strength MeasureStrength(const Decomposition& parts) {
  const std::size_t n = parts.remainder.size();
  const auto& remainder = parts.remainder;
  // The rounding of sums near the observed level; in logarithms, of the logarithm.
  double scale = 0;
  for (const double value : parts.observed) {
    scale = std::max(scale, std::fabs(parts.multiplicative ? std::log(value) : value));
  }
  const double rounding = 1e-13 * std::max(scale, parts.multiplicative ? 1.0 : 0.0);
  const auto strength = [&](const std::vector<double>& component) {
    const auto with_component = [&](std::size_t i) {
      return parts.multiplicative ? std::log(component[i] * remainder[i]) : component[i] + remainder[i];
    };
    const auto alone = [&](std::size_t i) {
      return parts.multiplicative ? std::log(remainder[i]) : remainder[i];
    };
    const double variance = Variance(n, with_component);
    if (variance <= rounding * rounding) return 0.0;
    return std::clamp(1 - Variance(n, alone) / variance, 0.0, 1.0);
  };
  Strength result;
  result.trend = strength(parts.trend);
  for (const auto& season : parts.seasonals) result.seasonal.push_back(strength(season));
  return result;
}

}  // namespace ecomm::core
