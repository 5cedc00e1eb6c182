#include "ecomm_analytics/core/series_forecast.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "ecomm_analytics/core/auto_forecast.hpp"
#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "power_scale.hpp"
#include "regression_effects.hpp"
#include "series_parts.hpp"

namespace ecomm::core {
namespace {

bool AllFinite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

StatedForecast FallBack(std::span<const double> y, const ForecastOptions& options, const std::string& why) {
  return {ForecastNaive(y, options), kFellBack + why};
}

StatedForecast Make(std::span<const double> y, std::span<const int> periods, const ForecastRequest& request,
                    const ForecastOptions& options) {
  if (request.method.kind != Forecaster::kAuto) {
    const ForecastModel model = FitMethod(request.method, y, periods);
    return {PredictWith(model, y, options, request.intervals, request.seed), "ok"};
  }
  if (request.intervals == Intervals::kCalibrated) {
    AutoForecast made = ForecastAuto(y, periods, options);
    return {std::move(made.forecast), "ok: " + made.chosen.reason};
  }
  const AutoModel chosen = FitAuto(y, periods, options.horizon);
  return {PredictWith(chosen.model, y, options, request.intervals, request.seed), "ok: " + chosen.reason};
}

// The method's forecast of what regressors leave, with their effects.
StatedForecast WithEffects(std::span<const double> y, const Matrix& regressors, std::span<const int> periods,
                           const ForecastRequest& request, const ForecastOptions& options) {
  if (regressors.cols() == 0) return Make(y, periods, request, options);
  const auto effects = EstimateEffects(y, regressors, periods.empty() ? 1 : periods.front());
  if (!effects) {
    StatedForecast stated = Make(y, periods, request, options);
    AddNote("too short to tell the effects of regressors", &stated.status);
    return stated;
  }
  std::vector<double> left(y.begin(), y.end());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] -= (*effects)[i];
  StatedForecast stated = Make(left, periods, request, options);
  Forecast& forecast = stated.forecast;
  for (std::size_t i = 0; i < forecast.mean.size(); ++i) {
    const double effect = (*effects)[y.size() + i];
    forecast.mean[i] += effect;
    for (auto& lower : forecast.lower) lower[i] += effect;
    for (auto& upper : forecast.upper) upper[i] += effect;
  }
  for (std::size_t i = 0; i < forecast.fitted.size(); ++i) forecast.fitted[i] += (*effects)[i];
  forecast.method += " with regressors";
  return stated;
}

// On the scale the request asks for, where the values allow it.
StatedForecast OnScale(std::span<const double> y, const Matrix& regressors, const ForecastRequest& request) {
  const std::vector<int> periods = SeasonsOf(y, request.season, request.season_candidates);
  const auto by = [&](std::span<const double> values, const ForecastOptions& options) {
    return WithEffects(values, regressors, periods, request, options);
  };
  if (!request.scale.boxcox) return by(y, request.options);
  if (*std::min_element(y.begin(), y.end()) <= 0) {
    StatedForecast stated = by(y, request.options);
    AddNote(kNotTransformed, &stated.status);
    return stated;
  }
  const PowerScale scale(y, request.scale.lambda);
  ForecastOptions options = request.options;
  options.levels.push_back(kOneSigma);
  StatedForecast stated = by(scale.Forward(y), options);
  stated.forecast = scale.Back(y, std::move(stated.forecast));
  stated.forecast.method += ScaleNote(scale.lambda());
  return stated;
}

StatedForecast Attempt(std::span<const double> y, const Matrix& regressors, const ForecastRequest& request) {
  try {
    StatedForecast stated = OnScale(y, regressors, request);
    if (IsFinite(stated.forecast)) return stated;
    return FallBack(y, request.options, kBeyondBounds);
  } catch (const Error& error) {
    if (!IsOfTheSeries(error)) throw;
    return FallBack(y, request.options, error.what());
  }
}

// Of a series without closed days. `regressors`: a row per value and per step, or no column.
StatedForecast ForecastOpen(std::span<const double> y, const Matrix& regressors,
                            const ForecastRequest& request) {
  const std::optional<std::string> why = WhyRepeated(y);
  if (!why) return Attempt(y, regressors, request);
  return {y.empty() ? Forecast{} : ForecastNaive(y, request.options), *why};
}

StatedForecast ForecastOpenDays(std::span<const double> y, const ForecastRequest& request,
                                const SeriesCalendar& calendar) {
  const OpenDays open(y, calendar);
  StatedForecast stated =
      ForecastOpen(open.values(), open.Regressors(calendar.regressors), ForOpenDays(request, open));
  if (!open.values().empty()) stated.forecast = open.Back(y, std::move(stated.forecast));
  return stated;
}

void RequireCalendar(std::size_t length, const SeriesCalendar& calendar) {
  const auto fits = [&](std::size_t size) { return size == 0 || size == length; };
  const bool columns =
      static_cast<std::size_t>(calendar.regressors.cols()) == calendar.names.size() &&
      (calendar.names.empty() || static_cast<std::size_t>(calendar.regressors.rows()) == length);
  if (fits(calendar.never.size()) && fits(calendar.closed.size()) && columns) return;
  throw Error(ErrorCode::kInvalidArgument, "regressors need a row per value and per step ahead",
              "There are " + std::to_string(calendar.regressors.rows()) +
                  ", needed: " + std::to_string(length) + ".");
}

// Seasons that come with a shorter one.
struct Longer {
  int period;
  double longer;
};
constexpr Longer kLonger[] = {{7, 365.25}, {24, 168}, {48, 336}};

}  // namespace

void AddNote(const char* note, std::string* status) {
  *status += (*status == "ok" ? ": " : "; ") + std::string(note);
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

std::string ScaleNote(double lambda) {
  char text[32];
  (void)std::snprintf(text, sizeof text, "%.3g", lambda);
  return ", Box-Cox lambda " + std::string(text);
}

std::optional<std::string> WhyRepeated(std::span<const double> y) {
  if (y.empty()) return "too short: no values";
  if (!std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); })) return std::nullopt;
  if (y.size() == 1) return "too short: a single value, repeated";
  return y.front() == 0 ? "all zero" : "constant";
}

bool IsOfTheSeries(const Error& error) {
  return error.code() == ErrorCode::kUnusableData || error.code() == ErrorCode::kNumericRange;
}

ForecastRequest ForOpenDays(ForecastRequest request, const OpenDays& open) {
  request.options.horizon = open.horizon();
  if (request.season) request.season = static_cast<int>(std::lround(open.Season(*request.season)));
  for (double& candidate : request.season_candidates) candidate = open.Season(candidate);
  std::erase_if(request.season_candidates, [](double candidate) { return candidate < 2; });
  return request;
}

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

StatedForecast ForecastSeries(std::span<const double> y, const ForecastRequest& request,
                              const SeriesCalendar& calendar) {
  RequireForecastOptions(request.options);
  if (!y.empty()) RequireForecastSeries(y);
  RequireCalendar(y.size() + static_cast<std::size_t>(request.options.horizon), calendar);
  StatedForecast stated =
      calendar.empty() ? ForecastOpen(y, {}, request) : ForecastOpenDays(y, request, calendar);
  if (!y.empty() && *std::min_element(y.begin(), y.end()) >= 0) Floor(&stated.forecast);
  return stated;
}

}  // namespace ecomm::core
