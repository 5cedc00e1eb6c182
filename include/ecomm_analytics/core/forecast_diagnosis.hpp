// What a forecasting method left unexplained, and whether there is anything left in it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

// Of the residuals, which are relative where a method's errors are. Absent where there are too few of them,
// or they are all the same.
struct ForecastDiagnosis {
  std::size_t residuals = 0;
  std::optional<double> mean;
  std::optional<double> deviation;        // over n - 1
  std::optional<double> autocorrelation;  // at lag 1
  int lags = 0;                           // of the portmanteau test: twice the season, or a fifth of n or 10
  std::optional<double> ljung_box;        // Ljung & Box 1978, doi:10.1093/biomet/65.2.297
  std::optional<double> ljung_box_p;      // below 0.05: a better model would find more; degrees: lags
  // Bera & Jarque 1981, doi:10.1016/0165-1765(81)90035-5; low p: the errors are not normal.
  std::optional<double> jarque_bera;
  std::optional<double> jarque_bera_p;
  std::string method;
  std::string status;  // as ForecastSeries() states it
};

// `request.options` is not used. `calendar` has an entry per value, or nothing; days on which the shop never
// sells have no residual. Throws as ForecastSeries().
ForecastDiagnosis DiagnoseForecast(std::span<const double> y, const ForecastRequest& request,
                                   const SeriesCalendar& calendar = {});

}  // namespace ecomm::core
