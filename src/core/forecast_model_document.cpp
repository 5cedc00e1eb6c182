// Kept forecasting models as documents.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_model.hpp"
#include "forecast_members.hpp"
#include "model_archive.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kLongestWord = 100;

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
  archive.Numbers("weights", model.weights, 0, kMaxForecastMembers, kShare);
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
  const bool weighted = !model->weights.empty();
  if (weighted && (model->weights.size() != count || model->combination != Combination::kMean)) {
    archive.reader().Member("weights").Fail("a weight for each model of a mean, or none");
  }
  for (std::size_t i = 0; i < count; ++i) {
    model->members.push_back(Read(members.Element(i), nesting + 1));
    if (Observations(model->members[i]) == Observations(model->members[0])) continue;
    members.Element(i).Fail("a model of as many observations as the one before");
  }
}

// --- any of them
// --------------------------------------------------------------------------------------------

// In the order of the alternatives.
constexpr std::array<std::string_view, 7> kTypes = {"benchmark",    "theta",    "ets",        "arima",
                                                    "intermittent", "seasonal", "combination"};
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
  if (name == kTypes[4]) return ReadKept<IntermittentFit>(archive);
  if (name == kTypes[5]) return ReadNesting<SeasonalModel>(archive, nesting);
  if (name == kTypes[6]) return ReadNesting<CombinedModel>(archive, nesting);
  type.Fail("a type of model that is known here");
}

}  // namespace

Json ToJson(const ForecastModel& model) {
  return {{"format_version", kForecastFormatVersion}, {"kind", kForecastKind}, {"model", Encode(model)}};
}

ForecastModel ForecastModelFromJson(const Json& document) { return ReadForecastModel(JsonReader(document)); }

ForecastModel ReadForecastModel(const JsonReader& document) {
  RequireFormat(document, kForecastFormatVersion, kForecastKind);
  document.RequireOnly({"format_version", "kind", "model"});
  return Read(document.Member("model"), 0);
}

}  // namespace ecomm::core
