#include "ecomm_analytics/core/trained_sales.hpp"

#include <gtest/gtest.h>

#include "daily_series.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

ForecastRequest Request() {
  ForecastRequest request;
  request.method = ParseMethod("theta");
  request.season = 7;
  return request;
}

ClosedWeekdays Mondays() {
  ClosedWeekdays days;
  days.closed[0] = true;
  days.next = 4;
  return days;
}

TrainedSales Example() {
  TrainedSales trained;
  trained.name = "sales";
  trained.metric = Metric::kUnits;
  trained.grain = Grain::kMonth;
  trained.by = {"category", "state"};
  trained.replacement = Replacement::kInterpolate;
  trained.from = 8766;
  trained.sale = "public.sale";
  trained.method = "theta";
  trained.scale = "none";
  trained.season = 7;
  trained.periods = 60;
  trained.next_period = 348;
  trained.series.push_back({{"toys", std::nullopt}, TrainSeries(WeeklySeries(60), Request())});
  trained.series.push_back({{"", "a\nb"}, TrainSeries(std::vector<double>(9, 0.0), Request())});
  return trained;
}

TEST(TrainedSales, DocumentsKeepEverything) {
  const Json document = ToJson(Example());
  const TrainedSales read = TrainedSalesFromJson(ParseJson(DumpJson(document)));
  EXPECT_EQ(ToJson(read), document);
  EXPECT_EQ(read.series[0].name, Example().series[0].name);
  EXPECT_EQ(read.metric, Metric::kUnits);
  EXPECT_EQ(read.replacement, Replacement::kInterpolate);
  const Json counted = {{"series", 2}, {"status", {{"ok", 1}, {"all zero", 1}}}};
  EXPECT_EQ(MetricsToJson(read), counted);
  EXPECT_EQ(ParametersToJson(read).at("periods"), 60);
  TrainedSales least;
  least.method = "auto";
  least.scale = "none";
  EXPECT_EQ(ToJson(TrainedSalesFromJson(ToJson(least))), ToJson(least));
}

TEST(TrainedSales, DocumentsAreValidated) {
  const Json good = ToJson(Example());
  const auto path = [&](const char* pointer, const Json& value) {
    Json document = good;
    document[Json::json_pointer(pointer)] = value;
    return Thrown([&] { TrainedSalesFromJson(document); }).what() + std::string();
  };
  EXPECT_NE(path("/metric", "margin").find("$.metric"), std::string::npos);
  EXPECT_NE(path("/next_period", -1'000'000).find("$.next_period"), std::string::npos);
  EXPECT_NE(path("/next_period", 100'000'000).find("$.next_period"), std::string::npos);
  EXPECT_NE(path("/season", 0).find("$.season"), std::string::npos);
  EXPECT_NE(path("/by", Json::array({"category"})).find("$.series[0].name"), std::string::npos);
  EXPECT_NE(path("/series/0/name/0", 1).find("$.series[0].name[0]"), std::string::npos);
  EXPECT_NE(path("/series/1/name", good["series"][0]["name"]).find("$.series[1].name"), std::string::npos);
  EXPECT_NE(path("/series/1/model/status", 1).find("$.series[1].model.status"), std::string::npos);
  EXPECT_NE(path("/further", 1).find("invalid document at $"), std::string::npos);
  EXPECT_THROW(TrainedSalesFromJson(Json::array()), Error);
}

TEST(TrainTask, GivesTheSameAsACall) {
  const std::vector<std::vector<double>> series = {WeeklySeries(90), {}, {3}, std::vector<double>(20, 0.0)};
  std::vector<const std::vector<double>*> pointers;
  for (const auto& values : series) pointers.push_back(&values);
  const std::string task = EncodeTrainTask(Request(), Mondays(), pointers);
  const std::string result = RunTrainTask(task);
  const std::vector<TrainedSeries> trained = DecodeTrained(result);
  ASSERT_EQ(trained.size(), series.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    EXPECT_EQ(ToJson(trained[i]), ToJson(TrainSeries(series[i], Request(), Mondays())));
  }
  for (std::size_t length = 0; length < task.size(); length += 7) {
    EXPECT_THROW(RunTrainTask(task.substr(0, length)), Error) << length;
  }
  for (std::size_t length = 1; length < result.size(); length += 97) {
    EXPECT_THROW(DecodeTrained(std::string_view(result).substr(0, length)), Error) << length;
  }
}

}  // namespace
}  // namespace ecomm::core
