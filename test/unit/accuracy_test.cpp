#include "ecomm_analytics/core/accuracy.hpp"

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void ExpectMeasured(const Accuracy& actual, const nlohmann::json& expected, const std::string& where) {
  ExpectClose(actual.bias.value(), -expected["me"].get<double>(), where + " bias");
  ExpectClose(actual.rmse.value(), expected["rmse"].get<double>(), where + " rmse");
  ExpectClose(actual.mae.value(), expected["mae"].get<double>(), where + " mae");
  ExpectClose(actual.mape.value(), expected["mape"].get<double>(), where + " mape");
  ExpectClose(actual.mase.value(), expected["mase"].get<double>(), where + " mase");
  ExpectClose(actual.smape.value(), expected["smape"].get<double>(), where + " smape");
  ExpectClose(actual.rmsse.value(), expected["rmsse"].get<double>(), where + " rmsse");
  ASSERT_EQ(actual.intervals.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    ExpectClose(actual.intervals[i].coverage.value(), expected["coverage"][i].get<double>(),
                where + " coverage");
    ExpectClose(actual.intervals[i].msis.value(), expected["msis"][i].get<double>(), where + " msis");
  }
}

TEST(Accuracy, EqualsR) {
  const auto document = ReadReference("accuracy_reference.json");
  ASSERT_EQ(document["series"].size(), 9U);
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    const int period = entry["period"].get<int>();
    const int horizon = entry["horizon"].get<int>();
    const auto training = std::span(y).first(y.size() - static_cast<std::size_t>(horizon));
    const auto observed = std::span(y).last(static_cast<std::size_t>(horizon));
    const Forecast seasonal = ForecastSeasonalNaive(training, period, {.horizon = horizon});
    ExpectMeasured(MeasureAccuracy(training, observed, seasonal, period), entry["seasonal"],
                   name + " seasonal");
    const Forecast drift = ForecastDrift(training, {.horizon = horizon});
    ExpectMeasured(MeasureAccuracy(training, observed, drift, period), entry["drift"], name + " drift");
  }
}

TEST(Accuracy, ByHand) {
  const Values training = {1, 3, 2};  // naive errors 2 and -1
  Forecast forecast;
  forecast.mean = {4, 0, 6};
  SetIntervals(Values{1, 1, 4}, Values{1}, Values{0.9}, &forecast);
  const Accuracy accuracy = MeasureAccuracy(training, Values{2, 0, 7}, forecast);
  EXPECT_EQ(accuracy.count, 3U);
  EXPECT_DOUBLE_EQ(*accuracy.mae, 1);
  EXPECT_DOUBLE_EQ(*accuracy.rmse, std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(*accuracy.bias, 1.0 / 3);
  EXPECT_DOUBLE_EQ(*accuracy.mape, (100 + 100.0 / 7) / 2);
  EXPECT_DOUBLE_EQ(*accuracy.smape, (200.0 * 2 / 6 + 0 + 200.0 / 13) / 3);
  EXPECT_DOUBLE_EQ(*accuracy.mase, 1 / 1.5);
  EXPECT_DOUBLE_EQ(*accuracy.rmsse, std::sqrt(5.0 / 3 / 2.5));
  EXPECT_DOUBLE_EQ(*accuracy.intervals[0].coverage, 2.0 / 3);
  // 2 is below the interval 3 to 5 by 1, at twenty times.
  EXPECT_NEAR(*accuracy.intervals[0].msis, (2 + 20 + 2 + 4) / 3.0 / 1.5, 1e-12);
}

TEST(Accuracy, WithoutAScale) {
  const Forecast forecast = ForecastNaive(Values{5}, {.horizon = 2});
  for (const Values& training : {Values{5}, Values{5, 5, 5}}) {
    const Accuracy accuracy = MeasureAccuracy(training, Values{5, 0}, forecast);
    EXPECT_DOUBLE_EQ(*accuracy.mae, 2.5);
    EXPECT_DOUBLE_EQ(*accuracy.mape, 0);
    EXPECT_FALSE(accuracy.mase.has_value());
    EXPECT_FALSE(accuracy.rmsse.has_value());
    EXPECT_DOUBLE_EQ(*accuracy.intervals[0].coverage, 0.5);
    EXPECT_FALSE(accuracy.intervals[0].msis.has_value());
  }
  const Accuracy zeros = MeasureAccuracy(Values{0, 0}, Values{0}, ForecastNaive(Values{0}));
  EXPECT_DOUBLE_EQ(*zeros.smape, 0);
  EXPECT_FALSE(zeros.mape.has_value());
}

TEST(Accuracy, NothingObserved) {
  const Accuracy accuracy = MeasureAccuracy(Values{1, 2}, {}, ForecastNaive(Values{1, 2}));
  EXPECT_EQ(accuracy.count, 0U);
  EXPECT_FALSE(accuracy.mae.has_value());
  EXPECT_FALSE(accuracy.rmse.has_value());
  ASSERT_EQ(accuracy.intervals.size(), 2U);
  EXPECT_FALSE(accuracy.intervals[1].coverage.has_value());
}

TEST(Accuracy, PartsMakeTheWhole) {
  const Values y = RecordedSeries("nottem");
  const auto training = std::span(y).first(228);
  const auto observed = std::span(y).last(12);
  const Forecast forecast = ForecastMean(training, {.horizon = 12});
  const NaiveScale scale = MeasureNaiveScale(training, 12);
  AccuracySum first(forecast.levels);
  AccuracySum second(forecast.levels);
  for (std::size_t step = 0; step < 12; ++step) {
    (step < 5 ? first : second).Add(observed[step], forecast, step, scale);
  }
  first.Merge(second);
  const Accuracy whole = MeasureAccuracy(training, observed, forecast, 12);
  EXPECT_EQ(first.Result().count, 12U);
  EXPECT_DOUBLE_EQ(*first.Result().rmsse, *whole.rmsse);
  EXPECT_DOUBLE_EQ(*first.Result().intervals[1].msis, *whole.intervals[1].msis);
}

TEST(Accuracy, Refuses) {
  const Values y = {1, 2};
  const Forecast forecast = ForecastNaive(y, {.horizon = 1});
  ExpectError(ErrorCode::kInvalidArgument, "more was observed", "Observed: 2, forecast: 1",
              [&] { MeasureAccuracy(y, y, forecast); });
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0",
              [&] { MeasureAccuracy(y, Values{1}, forecast, 0); });
  ExpectError(ErrorCode::kUnusableData, "not a finite", "",
              [&] { MeasureAccuracy(y, Values{kNaN}, forecast); });
  ExpectError(ErrorCode::kUnusableData, "empty", "", [&] { MeasureAccuracy({}, Values{1}, forecast); });
}

}  // namespace
}  // namespace ecomm::core
