// A forecasting model found by trying several on the past of the series.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/forecast_model.hpp"
#include "ecomm_analytics/core/interval_calibration.hpp"

namespace ecomm::core {

struct AutoOptions {
  int origins = 12;  // earlier forecasts per candidate, at most; three are always tried
  // Observations that earlier forecasts may run through, all together: a bound of work, not of time, so that
  // the same series always gets the same forecast. Origins are given up for it.
  double work = 2e8;
};

struct CandidateScore {
  std::string name;  // as ParseMethod() reads it
  // Mean absolute error of the earlier forecasts; nothing where there are none.
  std::optional<double> error;
  std::optional<double>
      relative;       // as a share of the naive method's, the seasonal one where there is a season
  double weight = 0;  // in the forecast; 0 for those left out
};

struct AutoModel {
  ForecastModel model;  // the one that is left, or the combination
  std::string reason;   // one line: how the candidates did on the past, and which were left out
  std::vector<CandidateScore> candidates;
  std::size_t origins = 0;  // earlier forecasts that were compared
};

struct AutoForecast {
  Forecast forecast;
  IntervalCorrection correction;  // what calibration did to the model's intervals
  AutoModel chosen;
};

// The candidates are exponential smoothing, ARIMA and Theta; where a season has 24 observations or more, or
// there are several, smoothing and ARIMA of the series without its seasons (STL, MSTL), beside those with the
// shortest season alone where that is shorter; for intermittent demand SBA and TSB too. Each is fitted once,
// and forecasts from earlier origins with the form and parameters it has for the whole series: that costs
// little and flatters all of them. What is left of them is combined to their mean with weights in proportion
// to 1 / error² (Bates & Granger 1969, doi:10.1057/jors.1969.103), without those whose error is more than
// twice the least. The naive method takes part where it beats all others. Where no past forecast can be
// compared, weights are equal. A constant series, and one of up to three observations, is forecast naively.
// `periods`: observations in a season, ascending; empty or {1} for none; those that don't fit twice are left
// out. `horizon`: steps ahead that it is for, 0 to 10000. Throws what RequireForecastOptions() and
// RequireForecastSeries() do; Error(kInvalidArgument) for periods below 1 or not ascending;
// Error(kMemoryLimit).
AutoModel FitAuto(std::span<const double> y, std::span<const int> periods, int horizon,
                  const AutoOptions& choice = {});

// The forecast of that model with calibrated intervals (interval_calibration.hpp), from the earlier forecasts
// that the choice was made by.
AutoForecast ForecastAuto(std::span<const double> y, std::span<const int> periods,
                          const ForecastOptions& options = {}, const AutoOptions& choice = {});

}  // namespace ecomm::core
