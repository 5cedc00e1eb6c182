// The order of an ARIMA model (arima.hpp) chosen from the data.
#pragma once

#include <optional>
#include <span>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

struct AutoArimaOptions {
  int period = 1;                       // observations in a season; 1: no season
  std::optional<int> d = std::nullopt;  // differences; without: as the tests say
  std::optional<int> seasonal_d = std::nullopt;

  int max_p = 5;
  int max_q = 5;
  int max_seasonal_p = 2;
  int max_seasonal_q = 2;
  int max_order = 5;  // of p + q + P + Q together where every model is fitted
  int max_d = 2;
  int max_seasonal_d = 1;

  int start_p = 2;
  int start_q = 2;
  int start_seasonal_p = 1;
  int start_seasonal_q = 1;

  bool allow_mean = true;
  bool allow_drift = true;
  bool stepwise = true;  // else every model up to max_order is fitted
  EtsCriterion criterion = EtsCriterion::kAicc;
};

// Hyndman & Khandakar 2008 (doi:10.18637/jss.v027.i03), as auto.arima() of R's forecast 8.20: differences by
// the strength of the season and repeated KPSS tests, of what regressors leave; then steps from the best
// model so far to its neighbours, as long as the criterion improves; and in the end from those of the three
// best that are within 0.5 of it. Models that will not become the best are not fitted to the end.
// Models with a root within 1.01 of the unit circle are left out; a period longer than 12 narrows that no
// further for seasonal terms. Constant series and differences get the model that says so. Where R compares
// conditional likelihoods, these are exact as long as values times largest lag stay below 100,000; above that
// the search is by conditional least squares, and on the last 10 periods or 10,000 observations, whichever is
// more; the best three are then fitted to the whole series, the best alone where values times largest lag
// exceed a million. Throws as FitArima for series, regressors and period;
// Error(kInvalidArgument) for limits below 0 or above those of an order.
ArimaModel FitAutoArima(std::span<const double> y, const MatrixView& regressors,
                        const AutoArimaOptions& options);
ArimaModel FitAutoArima(std::span<const double> y, const AutoArimaOptions& options);

}  // namespace ecomm::core
