// The members of each kind of kept forecasting model that holds no other: what its document lists, and what
// must hold between them. Members() serves both archives of model_archive.hpp; Check() throws Error(kBadData)
// and comes after reading.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "arima_design.hpp"
#include "arima_run.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_model.hpp"
#include "ets_form.hpp"
#include "ets_run.hpp"
#include "model_archive.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {

inline constexpr std::size_t kMostNumbers = 100'000'000;  // in an array
inline constexpr std::int64_t kMostEstimated = 1'000'000'000;
inline constexpr std::size_t kMostCoefficients = 10'000;
inline constexpr double kLeastNumber = std::numeric_limits<double>::denorm_min();  // above 0

template <class Model, class Kept>
concept Is = std::same_as<std::remove_const_t<Model>, Kept>;

// --- benchmarks
// What a model's own check finds, as a fault of the document.
template <class Check>
void RequireFitting(const JsonReader& reader, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(ErrorCode::kBadData, "invalid document at " + reader.path(),
                std::string(error.what()) + ": " + error.detail());
  }
}

// ---------------------------------------------------------------------------------------------

inline constexpr std::array<std::string_view, 4> kBenchmarks = {"mean", "naive", "seasonal_naive", "drift"};

inline Benchmark ParseBenchmark(std::string_view text) {
  const auto* const found = std::find(kBenchmarks.begin(), kBenchmarks.end(), text);
  if (found == kBenchmarks.end()) throw Error(ErrorCode::kInvalidArgument, "unknown benchmark");
  return static_cast<Benchmark>(found - kBenchmarks.begin());
}

template <class Archive, Is<BenchmarkFit> Model>
void Members(Archive& archive, Model& fit) {
  archive.Word("method", fit.method, ParseBenchmark,
               [](Benchmark method) { return kBenchmarks[static_cast<std::size_t>(method)]; });
  archive.Count("n", fit.n, 1, kMaxForecastLength);
  archive.Number("first", fit.first);
  archive.Numbers("last", fit.last, 1, fit.method == Benchmark::kSeasonalNaive ? kMostNumbers : 1);
  archive.Number("sum", fit.sum);
  archive.Number("squares", fit.squares, kNotNegative);
}

inline void Check(const JsonReader& reader, const BenchmarkFit& fit) {
  if (static_cast<std::int64_t>(fit.last.size()) <= fit.n) return;
  reader.Member("n").Fail("the length of \"last\" at least, " + std::to_string(fit.last.size()));
}

// --- theta
// --------------------------------------------------------------------------------------------------

template <class Archive, Is<ThetaFit> Model>
void Members(Archive& archive, Model& fit) {
  archive.Word("model", fit.model, ParseThetaModel, [](ThetaModel model) { return Name(model); });
  archive.Number("alpha", fit.alpha, kShare);
  archive.Number("weight", fit.weight, {0, kLargestThetaWeight});
  archive.Number("initial_level", fit.initial_level);
  archive.Number("level", fit.level);
  archive.Number("intercept", fit.intercept);
  archive.Number("slope", fit.slope);
  archive.Word("season", fit.season, ParseThetaSeason, [](ThetaSeason season) { return Name(season); });
  const bool seasonal = fit.season != ThetaSeason::kNone;
  archive.Numbers("seasonal", fit.seasonal, seasonal ? 2 : 0, seasonal ? kMostNumbers : 0,
                  fit.season == ThetaSeason::kMultiplicative ? Limits{0, 1e150} : Limits{});
  archive.Count("estimated", fit.estimated, 0, 3);
  archive.Count("n", fit.n, 1, kMaxForecastLength);
  archive.Number("squares", fit.squares, kNotNegative);
  archive.Number("sigma2", fit.sigma2, kNotNegative);
  archive.Object("state", [&](auto& state) {
    state.Number("origin", fit.state.origin);
    state.Number("level", fit.state.level);
    state.Number("faded", fit.state.faded, kShare);
    state.Number("step", fit.state.step, {0, kAnyNumber.most});
    state.Number("mean", fit.state.mean);
    state.Number("slope", fit.state.slope);
  });
  if constexpr (Archive::kReading) fit.theta = ThetaOfWeight(fit.weight);
}

inline void Check(const JsonReader& reader, const ThetaFit& fit) {
  if (fit.season == ThetaSeason::kAuto) reader.Member("season").Fail("the season that was found");
  const auto needed = static_cast<std::int64_t>(FirstCounted(fit.model)) + fit.estimated + 1;
  if (fit.n < needed) reader.Member("n").Fail("what the model needs at least, " + std::to_string(needed));
}

// --- exponential smoothing
// ----------------------------------------------------------------------------------

template <class Archive, class State>
void EtsStateMembers(Archive& archive, State& state) {
  archive.Number("level", state.level);
  archive.Number("trend", state.trend);
  archive.Numbers("seasonal", state.seasonal, 0, kMostNumbers);
}

template <class Archive, Is<EtsModel> Model>
void Members(Archive& archive, Model& model) {
  archive.Word("form", model.form, ParseEtsForm, [](const EtsForm& form) { return Name(form); });
  archive.Count("period", model.period, 1, std::numeric_limits<int>::max());
  archive.Object("parameters", [&](auto& parameters) {
    parameters.Number("alpha", model.parameters.alpha, kShare);
    parameters.Number("beta", model.parameters.beta, kShare);
    parameters.Number("gamma", model.parameters.gamma, kShare);
    parameters.Number("phi", model.parameters.phi, kShare);
  });
  archive.Object("initial", [&](auto& state) { EtsStateMembers(state, model.initial); });
  archive.Object("state", [&](auto& state) { EtsStateMembers(state, model.state); });
  archive.Count("estimated", model.estimated, 0, kMostEstimated);
  archive.Count("n", model.n, 1, kMaxForecastLength);
  archive.Object("sums", [&](auto& sums) {
    sums.Number("largest", model.sums.largest, {0, 1e150});
    sums.Number("unit", model.sums.unit, {kLeastNumber, 1e150});
    sums.Number("squares", model.sums.squares, kNotNegative);
    sums.Number("logs", model.sums.logs, kAnyNumber);
  });
  archive.Number("loglik", model.loglik, kAnyNumber);
  archive.Number("aic", model.aic, kAnyNumber);
  archive.Number("aicc", model.aicc, kAnyNumber);
  archive.Number("bic", model.bic, kAnyNumber);
  archive.Number("sigma2", model.sigma2, kNotNegative);
}

inline void Check(const JsonReader& reader, const EtsModel& model) {
  RequireFitting(reader, [&] {
    RequireWholeEts(model.form, model.period, model.initial);
    RequireWholeEts(model.form, model.period, model.state);
  });
  if (HasSeason(model.form) || (model.initial.seasonal.empty() && model.state.seasonal.empty())) return;
  reader.Member("state").Fail("no seasonal states, as the form has no season");
}

// --- arima
// ---------------------------------------------------------------------------------------------------

template <class Archive, class Coefficients>
void CoefficientMembers(Archive& archive, Coefficients& c) {
  archive.Numbers("ar", c.ar, 0, kMostCoefficients);
  archive.Numbers("ma", c.ma, 0, kMostCoefficients);
  archive.Numbers("seasonal_ar", c.seasonal_ar, 0, kMostCoefficients);
  archive.Numbers("seasonal_ma", c.seasonal_ma, 0, kMostCoefficients);
  archive.Number("constant", c.constant);
  archive.Numbers("regressors", c.regressors, 0, kMostCoefficients);
}

template <class Archive, class State>
void ArimaStateMembers(Archive& archive, State& state) {
  archive.Count("observations", state.observations, 1, kMaxForecastLength);
  archive.Numbers("past", state.past, 0, kMostNumbers);
  archive.Numbers("prediction", state.prediction, 1, kMostNumbers);
  archive.Flag("steady", state.steady);
  archive.Number("variance", state.variance, {kLeastNumber, 1e150});
  archive.Numbers("gain", state.gain, 0, kMostNumbers);
  archive.Numbers("change", state.change, 0, kMostNumbers);
  archive.Number("change_factor", state.change_factor);
  archive.Count("count", state.count, 0, kMaxForecastLength);
  archive.Number("squares", state.squares, kNotNegative);
  archive.Number("logs", state.logs, kAnyNumber);
  archive.Number("unit", state.unit, {kLeastNumber, 1e150});
}

template <class Archive, Is<ArimaModel> Model>
void Members(Archive& archive, Model& model) {
  constexpr std::int64_t kMostOrder = 1000;  // what may be more than a model's own limits
  archive.Object("order", [&](auto& order) {
    order.Count("p", model.order.p, 0, kMostOrder);
    order.Count("d", model.order.d, 0, kMostOrder);
    order.Count("q", model.order.q, 0, kMostOrder);
    order.Count("P", model.order.seasonal_p, 0, kMostOrder);
    order.Count("D", model.order.seasonal_d, 0, kMostOrder);
    order.Count("Q", model.order.seasonal_q, 0, kMostOrder);
  });
  archive.Count("period", model.period, 1, std::numeric_limits<int>::max());
  archive.Flag("has_constant", model.has_constant);
  archive.Flag("conditional", model.conditional);
  archive.Object("coefficients", [&](auto& c) { CoefficientMembers(c, model.coefficients); });
  archive.AnyNumbers("standard_errors", model.standard_errors, 0, kMostCoefficients);
  archive.Count("estimated", model.estimated, 0, kMostEstimated);
  archive.Object("state", [&](auto& state) { ArimaStateMembers(state, model.state); });
  archive.Number("loglik", model.loglik, kAnyNumber);
  archive.Number("aic", model.aic, kAnyNumber);
  archive.Number("aicc", model.aicc, kAnyNumber);
  archive.Number("bic", model.bic, kAnyNumber);
  archive.Number("sigma2", model.sigma2, kNotNegative);
}

inline void Check(const JsonReader& reader, const ArimaModel& model) {
  RequireFitting(reader, [&] { RequireWholeArima(model); });
  if (model.state.observations <= Lost(model.order, model.period)) {
    reader.Member("state").Fail("more observations than the differences use up");
  }
  if (model.has_constant && !TakesConstant(model.order)) {
    reader.Member("has_constant").Fail("no constant with so many differences");
  }
}

// --- intermittent demand --------------------------------------------------------------------------------

inline IntermittentStart ParseStart(std::string_view text) {
  if (text == "first") return IntermittentStart::kFirst;
  if (text == "running_mean") return IntermittentStart::kRunningMean;
  throw Error(ErrorCode::kInvalidArgument, "unknown start");
}

template <class Archive, class Smoothed>
void SmoothedMembers(Archive& archive, Smoothed& smoothed) {
  archive.Number("alpha", smoothed.alpha, kShare);
  archive.Number("total", smoothed.total, {0, kAnyNumber.most});
  archive.Number("level", smoothed.level, {0, 1e150});
}

template <class Archive, Is<IntermittentFit> Model>
void Members(Archive& archive, Model& fit) {
  constexpr Limits kDemand = {0, 1e150};
  archive.Word("method", fit.method, ParseIntermittentMethod, [](IntermittentMethod m) { return Name(m); });
  archive.Word("start", fit.start, ParseStart, [](IntermittentStart start) {
    return start == IntermittentStart::kFirst ? "first" : "running_mean";
  });
  archive.Object("size", [&](auto& smoothed) { SmoothedMembers(smoothed, fit.size); });
  archive.Object("interval", [&](auto& smoothed) { SmoothedMembers(smoothed, fit.interval); });
  archive.Count("n", fit.n, 1, kMaxForecastLength);
  archive.Count("waiting", fit.waiting, 0, kMaxForecastLength);
  archive.Number("rate", fit.rate, kDemand);
  archive.Numbers("sizes", fit.sizes, 0, kMostNumbers, kDemand);
  archive.Numbers("gains", fit.gains, 0, kMostNumbers, kShare);
  archive.Count("errors", fit.errors, 0, kMaxForecastLength);
  archive.Number("squares", fit.squares, kNotNegative);
  if (fit.method != IntermittentMethod::kAdida) return;
  archive.Count("width", fit.width, 1, static_cast<std::int64_t>(kMostNumbers));
  archive.Counts("positions", fit.positions, kMostNumbers, 0, kMaxForecastLength);
  archive.Numbers("levels", fit.levels, 1, kMostNumbers, kDemand);
  archive.Numbers("recent", fit.recent, 1, kMostNumbers, kDemand);
}

inline void Check(const JsonReader& reader, const IntermittentFit& fit) {
  if (fit.method != IntermittentMethod::kAdida) {
    if (fit.sizes.size() != fit.gains.size()) reader.Member("gains").Fail("as many as there are sizes");
    // Croston's rate is by the interval.
    if (!fit.sizes.empty() && !(fit.interval.level > 0)) {
      reader.Member("interval").Fail("a level above 0 where there is demand");
    }
    return;
  }
  const auto width = static_cast<std::size_t>(fit.width);
  if (fit.n < fit.width) reader.Member("n").Fail("the width of a bucket at least, " + std::to_string(width));
  if (fit.levels.size() != width) reader.Member("levels").Fail("as many as a bucket is wide");
  const std::size_t recent = width + static_cast<std::size_t>(fit.n % fit.width);
  if (fit.recent.size() != recent) {
    reader.Member("recent").Fail("the last whole bucket and what came after, " + std::to_string(recent));
  }
  const auto gains = static_cast<std::int64_t>(fit.gains.size());
  if (gains < 1 || gains > fit.n / fit.width) reader.Member("gains").Fail("one per bucket");
  if (fit.positions.size() != fit.sizes.size()) reader.Member("positions").Fail("as many as there are sizes");
  for (std::size_t i = 0; i < fit.positions.size(); ++i) {
    if (fit.positions[i] < fit.n && (i == 0 || fit.positions[i] > fit.positions[i - 1])) continue;
    reader.Member("positions").Fail("ascending positions below the number of observations");
  }
}

}  // namespace ecomm::core
