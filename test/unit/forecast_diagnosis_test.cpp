#include "ecomm_analytics/core/forecast_diagnosis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/autocorrelation.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

ForecastRequest Request(const char* method, int season) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.season = season;
  return request;
}

// scipy 1.10.1, jarque_bera([2, 4, 4, 5, 9, 11, 3, 6]): 0.9224324385857066, p 0.6305163328628017
TEST(ForecastDiagnosis, NormalityIsThatOfJarqueAndBera) {
  const std::vector<double> y = {2, 4, 4, 5, 9, 11, 3, 6};
  const ForecastDiagnosis diagnosis = DiagnoseForecast(y, Request("mean", 1));
  EXPECT_EQ(diagnosis.residuals, 8U);
  EXPECT_NEAR(*diagnosis.mean, 0, 1e-12);
  EXPECT_NEAR(*diagnosis.deviation, std::sqrt(66.0 / 7), 1e-9);
  EXPECT_NEAR(*diagnosis.jarque_bera, 0.9224324385857066, 1e-9);
  EXPECT_NEAR(*diagnosis.jarque_bera_p, 0.6305163328628017, 1e-9);
  EXPECT_NEAR(*diagnosis.autocorrelation, Acf(y, {.lags = 1})[1], 1e-12);
}

TEST(ForecastDiagnosis, TellsWhatIsLeft) {
  const std::vector<double> y = WeeklySeries(210);
  const ForecastDiagnosis without = DiagnoseForecast(y, Request("mean", 7));
  EXPECT_EQ(without.lags, 14);
  EXPECT_LT(*without.ljung_box_p, 1e-6);
  EXPECT_GT(*DiagnoseForecast(y, Request("ets", 7)).ljung_box_p, 0.001);
}

TEST(ForecastDiagnosis, SmallSeriesLeaveItemsOut) {
  EXPECT_EQ(DiagnoseForecast({}, Request("ets", 1)).residuals, 0U);
  EXPECT_FALSE(DiagnoseForecast(std::vector<double>{1}, Request("naive", 1)).mean);
  const ForecastDiagnosis constant = DiagnoseForecast(std::vector<double>(20, 2.0), Request("ets", 1));
  EXPECT_EQ(constant.deviation, 0);
  EXPECT_FALSE(constant.jarque_bera);
  EXPECT_FALSE(DiagnoseForecast(std::vector<double>{1, 2, 4}, Request("naive", 1)).ljung_box);
}

}  // namespace
}  // namespace ecomm::core
