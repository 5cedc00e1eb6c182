// Kept forecasting models as documents.
#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "arima_design.hpp"
#include "arima_run.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_model.hpp"
#include "ets_form.hpp"
#include "ets_run.hpp"
#include "model_archive.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kMostNumbers = 100'000'000;  // in an array
constexpr std::int64_t kMostEstimated = 1'000'000'000;
constexpr std::size_t kMostCoefficients = 10'000;
constexpr std::size_t kLongestWord = 100;
constexpr double kLeastNumber = std::numeric_limits<double>::denorm_min();  // above 0

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

constexpr std::array<std::string_view, 4> kBenchmarks = {"mean", "naive", "seasonal_naive", "drift"};

Benchmark ParseBenchmark(std::string_view text) {
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

void Check(const JsonReader& reader, const BenchmarkFit& fit) {
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

void Check(const JsonReader& reader, const ThetaFit& fit) {
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

void Check(const JsonReader& reader, const EtsModel& model) {
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

void Check(const JsonReader& reader, const ArimaModel& model) {
  RequireFitting(reader, [&] { RequireWholeArima(model); });
  if (model.state.observations <= Lost(model.order, model.period)) {
    reader.Member("state").Fail("more observations than the differences use up");
  }
  if (model.has_constant && !TakesConstant(model.order)) {
    reader.Member("has_constant").Fail("no constant with so many differences");
  }
}

// --- seasons with a model of the rest
// -----------------------------------------------------------------------

Json Encode(const ForecastModel& model);
ForecastModel Read(const JsonReader& reader, int nesting);

void Members(ModelWriter& archive, const SeasonalModel& model) {
  Json seasons = Json::array();
  for (const auto& cycle : model.season.cycles) seasons.push_back(EncodeNumbers(cycle.data(), cycle.size()));
  archive.Add("cycles", std::move(seasons));
  archive.Add("nested", Encode(model.nested.front()));
}

// A period is as long as its cycle.
void ReadMembers(ModelReader& archive, int nesting, SeasonalModel* model) {
  const JsonReader cycles = archive.Take("cycles");
  const std::size_t count = cycles.Length(1, kMaxForecastPeriods);
  for (std::size_t i = 0; i < count; ++i) {
    const JsonReader cycle = cycles.Element(i);
    model->season.cycles.push_back(cycle.FiniteNumbers(cycle.Length(2, kMostNumbers)));
    model->season.periods.push_back(static_cast<int>(model->season.cycles.back().size()));
    const auto& periods = model->season.periods;
    if (i > 0 && periods[i] <= periods[i - 1]) cycle.Fail("a longer cycle than the one before");
  }
  model->nested.push_back(Read(archive.Take("nested"), nesting + 1));
}

// --- combinations
// -------------------------------------------------------------------------------------------

Combination ParseCombination(std::string_view text) {
  if (text == "mean") return Combination::kMean;
  if (text == "median") return Combination::kMedian;
  throw Error(ErrorCode::kInvalidArgument, "unknown combination");
}

template <class Archive, class Model>
void CombinedMembers(Archive& archive, Model& model) {
  archive.Word("combination", model.combination, ParseCombination,
               [](Combination combination) { return combination == Combination::kMean ? "mean" : "median"; });
  archive.Count("errors", model.errors, 0, kMaxForecastLength);
  archive.Number("squares", model.squares, kNotNegative);
}

void Members(ModelWriter& archive, const CombinedModel& model) {
  CombinedMembers(archive, model);
  Json members = Json::array();
  for (const ForecastModel& member : model.members) members.push_back(Encode(member));
  archive.Add("members", std::move(members));
}

void ReadMembers(ModelReader& archive, int nesting, CombinedModel* model) {
  CombinedMembers(archive, *model);
  const JsonReader members = archive.Take("members");
  const std::size_t count = members.Length(2, kMaxForecastMembers);
  for (std::size_t i = 0; i < count; ++i) {
    model->members.push_back(Read(members.Element(i), nesting + 1));
    if (Observations(model->members[i]) == Observations(model->members[0])) continue;
    members.Element(i).Fail("a model of as many observations as the one before");
  }
}

// --- any of them
// --------------------------------------------------------------------------------------------

// In the order of the alternatives.
constexpr std::array<std::string_view, 6> kTypes = {"benchmark", "theta",    "ets",
                                                    "arima",     "seasonal", "combination"};
static_assert(kTypes.size() == std::variant_size_v<decltype(ForecastModel::value)>);

Json Encode(const ForecastModel& model) {
  ModelWriter writer;
  writer.Add("type", std::string(kTypes[model.value.index()]));
  std::visit([&](const auto& kept) { Members(writer, kept); }, model.value);
  return writer.Take();
}

template <class Kept>
ForecastModel ReadKept(ModelReader& archive) {
  Kept kept;
  Members(archive, kept);
  archive.Finish();
  Check(archive.reader(), kept);
  return {std::move(kept)};
}

template <class Kept>
ForecastModel ReadNesting(ModelReader& archive, int nesting) {
  Kept kept;
  ReadMembers(archive, nesting, &kept);
  archive.Finish();
  return {std::move(kept)};
}

ForecastModel Read(const JsonReader& reader, int nesting) {
  if (nesting > kMaxForecastNesting) reader.Fail("a model without further models in it");
  ModelReader archive(reader);
  const JsonReader type = archive.Take("type");
  const std::string name = type.Label(kLongestWord);
  if (name == kTypes[0]) return ReadKept<BenchmarkFit>(archive);
  if (name == kTypes[1]) return ReadKept<ThetaFit>(archive);
  if (name == kTypes[2]) return ReadKept<EtsModel>(archive);
  if (name == kTypes[3]) return ReadKept<ArimaModel>(archive);
  if (name == kTypes[4]) return ReadNesting<SeasonalModel>(archive, nesting);
  if (name == kTypes[5]) return ReadNesting<CombinedModel>(archive, nesting);
  type.Fail("a type of model that is known here");
}

}  // namespace

Json ToJson(const ForecastModel& model) {
  return {{"format_version", kForecastFormatVersion}, {"kind", kForecastKind}, {"model", Encode(model)}};
}

ForecastModel ForecastModelFromJson(const Json& document) {
  const JsonReader root(document);
  RequireFormat(root, kForecastFormatVersion, kForecastKind);
  root.RequireOnly({"format_version", "kind", "model"});
  return Read(root.Member("model"), 0);
}

}  // namespace ecomm::core
