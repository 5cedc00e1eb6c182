// Kept forecasting models as documents.
#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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
constexpr std::size_t kLongestWord = 100;

template <class Model, class Kept>
concept Is = std::same_as<std::remove_const_t<Model>, Kept>;

// --- benchmarks
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
    sums.Number("unit", model.sums.unit, {std::numeric_limits<double>::denorm_min(), 1e150});
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
  try {
    RequireWholeEts(model.form, model.period, model.initial);
    RequireWholeEts(model.form, model.period, model.state);
  } catch (const Error& error) {
    throw Error(ErrorCode::kBadData, "invalid document at " + reader.path(),
                std::string(error.what()) + ": " + error.detail());
  }
  if (HasSeason(model.form) || (model.initial.seasonal.empty() && model.state.seasonal.empty())) return;
  reader.Member("state").Fail("no seasonal states, as the form has no season");
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

// --- any of them
// --------------------------------------------------------------------------------------------

// In the order of the alternatives.
constexpr std::array<std::string_view, 4> kTypes = {"benchmark", "theta", "ets", "seasonal"};
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
  if (name == kTypes[3]) return ReadNesting<SeasonalModel>(archive, nesting);
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
