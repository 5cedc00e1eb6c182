#include "ecomm_analytics/core/series_forecast.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "power_scale.hpp"

namespace ecomm::core {
namespace {

bool AllFinite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

bool IsFinite(const Forecast& forecast) {
  return AllFinite(forecast.mean) && std::all_of(forecast.lower.begin(), forecast.lower.end(), AllFinite) &&
         std::all_of(forecast.upper.begin(), forecast.upper.end(), AllFinite);
}

void Floor(Forecast* forecast) {
  const auto floor = [](std::vector<double>& values) {
    for (double& value : values) value = std::max(value, 0.0);
  };
  floor(forecast->mean);
  for (auto* bounds : {&forecast->lower, &forecast->upper}) {
    for (auto& level : *bounds) floor(level);
  }
}

// On the scale the request asks for, where the values allow it.
StatedForecast OnScale(std::span<const double> y, std::span<const int> periods,
                       const ForecastRequest& request) {
  const auto by = [&](std::span<const double> values, const ForecastOptions& options) {
    return ForecastBy(request.method, values, periods, options);
  };
  if (!request.scale.boxcox) return {by(y, request.options), "ok"};
  if (*std::min_element(y.begin(), y.end()) <= 0) {
    return {by(y, request.options), "ok: not transformed, there are values of zero or less"};
  }
  const PowerScale scale(y, request.scale.lambda);
  ForecastOptions options = request.options;
  options.levels.push_back(kOneSigma);
  Forecast forecast = scale.Back(y, by(scale.Forward(y), options));
  char lambda[32];
  (void)std::snprintf(lambda, sizeof lambda, "%.3g", scale.lambda());
  forecast.method += ", Box-Cox lambda " + std::string(lambda);
  return {std::move(forecast), "ok"};
}

StatedForecast FallBack(std::span<const double> y, const ForecastOptions& options, const std::string& why) {
  return {ForecastNaive(y, options), "fell back to naive: " + why};
}

StatedForecast Attempt(std::span<const double> y, const ForecastRequest& request) {
  try {
    StatedForecast stated = OnScale(y, SeasonsOf(y, request.season, request.season_candidates), request);
    if (IsFinite(stated.forecast)) return stated;
    return FallBack(y, request.options, "the forecast grows beyond all bounds");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    return FallBack(y, request.options, error.what());
  }
}

// Seasons that come with a shorter one.
struct Longer {
  int period;
  double longer;
};
constexpr Longer kLonger[] = {{7, 365.25}, {24, 168}, {48, 336}};

}  // namespace

ForecastScale ParseForecastScale(std::string_view text) {
  if (text == "none") return {};
  if (text == "log") return {.boxcox = true, .lambda = 0};
  if (text == "boxcox") return {.boxcox = true, .lambda = std::nullopt};
  constexpr std::string_view kOpen = "boxcox(";
  if (text.starts_with(kOpen) && text.ends_with(')')) {
    const std::string_view number = text.substr(kOpen.size(), text.size() - kOpen.size() - 1);
    double lambda = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), lambda);
    if (error == std::errc() && end == number.data() + number.size() && lambda >= 0 && lambda <= 2) {
      return {.boxcox = true, .lambda = lambda};
    }
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown scale of a forecast \"" + std::string(text) + "\"", {},
              "Use 'none', 'log', 'boxcox', or 'boxcox(0.3)' with a lambda from 0 to 2.");
}

std::vector<int> SeasonsOf(std::span<const double> y, std::optional<int> stated,
                           std::span<const double> candidates) {
  PeriodOptions search;
  std::vector<int> seasons;
  if (stated) {
    if (*stated < 1) {
      throw Error(ErrorCode::kInvalidArgument, "season must be at least 1",
                  "It is " + std::to_string(*stated) + ".");
    }
    if (*stated == 1) return {};
    seasons.push_back(*stated);
    for (const Longer& with : kLonger) {
      if (with.period == *stated) search.candidates = {static_cast<double>(with.period), with.longer};
    }
    if (search.candidates.empty()) return seasons;
  } else {
    search.candidates.assign(candidates.begin(), candidates.end());
  }
  for (const double period : FindPeriods(y, search).periods) {
    const int rounded = static_cast<int>(std::lround(period));
    if (rounded > 1 && (seasons.empty() || rounded > seasons.back())) seasons.push_back(rounded);
  }
  return seasons;
}

StatedForecast ForecastSeries(std::span<const double> y, const ForecastRequest& request) {
  RequireForecastOptions(request.options);
  if (y.empty()) return {{}, "too short: no values"};
  RequireForecastSeries(y);
  const bool constant = std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); });
  StatedForecast stated;
  if (constant) {
    stated.forecast = ForecastNaive(y, request.options);
    stated.status = y.size() == 1    ? "too short: a single value, repeated"
                    : y.front() == 0 ? "all zero"
                                     : "constant";
  } else {
    stated = Attempt(y, request);
  }
  if (*std::min_element(y.begin(), y.end()) >= 0) Floor(&stated.forecast);
  return stated;
}

}  // namespace ecomm::core
