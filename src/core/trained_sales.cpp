#include "ecomm_analytics/core/trained_sales.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"
#include "model_archive.hpp"
#include "task_format.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kMostSeries = 1'000'000;
constexpr std::size_t kMostNames = 100;
constexpr std::size_t kLongestText = 1'000;
constexpr std::int64_t kMostPeriods = 100'000'000;
constexpr std::int64_t kFarthestPeriod = 5'000'000;  // from 2000, whatever the grain

// Days that a date can say, with room for a horizon.
constexpr Day kFirstDay = -2'400'000;
constexpr Day kLastDay = 1'000'000'000;

std::string_view ReplacementName(Replacement replacement) {
  switch (replacement) {
    case Replacement::kKeep:
      return "keep";
    case Replacement::kRolling:
      return "rolling";
    case Replacement::kInterpolate:
      return "interpolate";
  }
  return {};
}

template <class Archive, class Sales>
void Members(Archive& archive, Sales& sales) {
  archive.Word("metric", sales.metric, ParseMetric, [](Metric metric) { return Name(metric); });
  archive.Word("grain", sales.grain, ParseGrain, [](Grain grain) { return Name(grain); });
  archive.Word("outliers", sales.replacement, ParseReplacement, ReplacementName);
  archive.Count("periods", sales.periods, 0, kMostPeriods);
  archive.Count("next_period", sales.next_period, -kFarthestPeriod, kFarthestPeriod);
}

Json NameToJson(const SeriesName& name) {
  Json values = Json::array();
  for (const auto& value : name) values.push_back(value ? Json(*value) : Json(nullptr));
  return values;
}

// A value of a column may be any text.
SeriesName ReadName(const JsonReader& values, std::size_t names) {
  SeriesName name;
  (void)values.Length(names, names);
  for (std::size_t i = 0; i < names; ++i) {
    const Json& value = values.Element(i).value();
    if (value.is_null()) {
      name.emplace_back();
      continue;
    }
    if (!value.is_string()) values.Element(i).Fail("text or null");
    const auto& text = value.get_ref<const std::string&>();
    if (text.find('\0') != std::string::npos) values.Element(i).Fail("text without a zero byte");
    name.emplace_back(text);
  }
  return name;
}

}  // namespace

Json ToJson(const TrainedSales& trained) {
  ModelWriter writer;
  Members(writer, trained);
  Json document = writer.Take();
  document["format_version"] = kTrainedFormatVersion;
  document["kind"] = kForecastKind;
  if (!trained.name.empty()) document["name"] = trained.name;
  document["by"] = trained.by;
  if (trained.from) document["from"] = *trained.from;
  if (!trained.sale.empty()) document["sale"] = trained.sale;
  document["method"] = trained.method;
  document["scale"] = trained.scale;
  if (trained.season) document["season"] = *trained.season;
  Json series = Json::array();
  for (const TrainedSales::Member& member : trained.series) {
    series.push_back({{"name", NameToJson(member.name)}, {"model", ToJson(member.model)}});
  }
  document["series"] = std::move(series);
  return document;
}

TrainedSales TrainedSalesFromJson(const Json& document) {
  const JsonReader root(document);
  RequireFormat(root, kTrainedFormatVersion, kForecastKind);
  root.RequireOnly({"format_version", "kind", "name", "metric", "grain", "outliers", "periods", "next_period",
                    "by", "from", "sale", "method", "scale", "season", "series"});
  TrainedSales trained;
  ModelReader archive(root);
  Members(archive, trained);
  const Day first = FirstDayOf(trained.grain, trained.next_period);
  if (first < kFirstDay || first > kLastDay) root.Member("next_period").Fail("a period of the calendar");
  if (root.Has("name")) trained.name = root.Member("name").Label(kMaxModelNameBytes);
  const JsonReader by = root.Member("by");
  const std::size_t names = by.Length(0, kMostNames);
  for (std::size_t i = 0; i < names; ++i) trained.by.push_back(by.Element(i).Label(kLongestText));
  if (root.Has("from")) trained.from = root.Member("from").Integer(kFirstDay, kLastDay);
  if (root.Has("sale")) trained.sale = root.Member("sale").Label(kLongestText);
  trained.method = root.Member("method").Label(kLongestText);
  trained.scale = root.Member("scale").Label(kLongestText);
  if (root.Has("season")) {
    trained.season = static_cast<int>(root.Member("season").Integer(1, std::numeric_limits<int>::max()));
  }
  const JsonReader series = root.Member("series");
  const std::size_t count = series.Length(0, kMostSeries);
  std::set<SeriesName> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const JsonReader member = series.Element(i);
    member.RequireOnly({"name", "model"});
    SeriesName name = ReadName(member.Member("name"), names);
    if (!seen.insert(name).second) member.Member("name").Fail("a name no other series has");
    trained.series.push_back({std::move(name), ReadTrainedSeries(member.Member("model"))});
  }
  return trained;
}

Json ParametersToJson(const TrainedSales& trained) {
  ModelWriter writer;
  Members(writer, trained);
  Json parameters = writer.Take();
  parameters.erase("next_period");
  parameters["by"] = trained.by;
  parameters["method"] = trained.method;
  parameters["scale"] = trained.scale;
  if (trained.season) parameters["season"] = *trained.season;
  return parameters;
}

Json MetricsToJson(const TrainedSales& trained) {
  Json metrics = {{"series", trained.series.size()}};
  Json by_status = Json::object();
  for (const TrainedSales::Member& member : trained.series) {
    const std::string& status = member.model.status;
    const std::string begin = status.substr(0, status.find(':'));
    by_status[begin] = by_status.value(begin, 0) + 1;
  }
  metrics["status"] = std::move(by_status);
  return metrics;
}

std::string EncodeTrainTask(const ForecastRequest& request, const ClosedWeekdays& days,
                            std::span<const std::vector<double>* const> series) {
  std::string task;
  task_format::PutRequest(task, request);
  byte_format::Put(task, days.closed);
  byte_format::Put(task, days.next);
  task_format::PutSeries(task, series);
  return task;
}

std::string RunTrainTask(std::string_view task) {
  const ForecastRequest request = task_format::CutRequest(task);
  ClosedWeekdays days;
  for (bool& closed : days.closed) closed = byte_format::Peek<char>(byte_format::Cut(task, 1, 1), 0) != 0;
  days.next = byte_format::Peek<int>(byte_format::Cut(task, 1, sizeof(int)), 0);
  if (days.next < 1 || days.next > 7) byte_format::BadState();
  std::string result;
  task_format::CutSeries(task, [&](const std::vector<double>& y) {
    task_format::PutText(result, DumpJson(ToJson(TrainSeries(y, request, days))));
  });
  return result;
}

std::vector<TrainedSeries> DecodeTrained(std::string_view result) {
  std::vector<TrainedSeries> trained;
  while (!result.empty()) {
    trained.push_back(TrainedSeriesFromJson(ParseJson(task_format::CutText(result))));
  }
  return trained;
}

}  // namespace ecomm::core
