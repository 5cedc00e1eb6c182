// The Theta method and the state space models built on it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

enum class ThetaModel {
  // Assimakopoulos & Nikolopoulos 2000, doi:10.1016/S0169-2070(00)00066-2, as simple exponential smoothing
  // with a drift of half the slope of the series: Hyndman & Billah 2003, doi:10.1016/S0169-2070(01)00143-1.
  kStandard,
  // Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, doi:10.1016/j.ijforecast.2016.02.005. Theta is
  // estimated, not 2; dynamic: the line is renewed with each observation, not fitted to all of them at once.
  kOptimised,
  kDynamic,  // theta is 2
  kDynamicOptimised,
};

// 'standard', 'optimised', 'dynamic', 'dynamic optimised'; also 'stm', 'otm', 'dstm', 'dotm'. Anything else
// throws Error(kInvalidArgument).
ThetaModel ParseThetaModel(std::string_view text);
std::string_view Name(ThetaModel model) noexcept;

// How the season is taken out before and put back after (classical decomposition).
enum class ThetaSeason {
  // None unless the autocorrelation at the period is significant at 90 % and there are more than two periods.
  // Then multiplicative; additive where a factor would be below 1e-4 (there R's thetaf goes without season).
  kAuto,
  kNone,
  kAdditive,
  kMultiplicative,
};

// 'auto', 'none', 'additive', 'multiplicative'. Anything else throws Error(kInvalidArgument).
ThetaSeason ParseThetaSeason(std::string_view text);
std::string_view Name(ThetaSeason season) noexcept;

struct ThetaOptions {
  ThetaModel model = ThetaModel::kStandard;
  int period = 1;  // in observations; at 1 there is no season
  ThetaSeason season = ThetaSeason::kAuto;
};

// Levels, intercept and slope are those of the series without its season, at times 1, 2, …
struct ThetaFit {
  double alpha = 0;
  double theta = 2;  // 1 and more; at most 1e10
  double initial_level = 0;
  double level = 0;      // after the last observation
  double intercept = 0;  // of the line through all observations
  double slope = 0;
  ThetaSeason season = ThetaSeason::kNone;  // never kAuto
  std::vector<double> seasonal;  // one per phase, from the first observation's; empty without season
};

struct ThetaForecast {
  Forecast forecast;
  ThetaFit fit;
};

// kStandard gives points and intervals of R's thetaf up to the precision of its search: alpha (0.0001 to
// 0.9999) and the initial level have the least squared error there is. As in R, `fitted` is the smoothing
// alone without the drift, and the width of an interval doesn't vary with the season. Up to six observations
// the level starts at the first.
//
// The other models have alpha from 0.1 to 0.99 as their authors' software; given alpha, the initial level
// and theta follow from least squares (for the dynamic ones over the third and later errors, as the line of
// less than two observations has no slope). Their intervals are exact for normal errors and a known alpha and
// theta. Up to six observations they are the standard model, and `method` says so.
//
// A series that follows the model without error, such as a constant, has intervals of width 0. Needs 80 bytes
// per observation. Throws what RequireForecastOptions() and RequireForecastSeries() do;
// Error(kInvalidArgument) for a period < 1; where a season is asked for outright, Error(kUnusableData) for
// less than two periods and for factors that can't be divided by.
ThetaForecast ForecastTheta(std::span<const double> y, const ThetaOptions& theta = {},
                            const ForecastOptions& options = {});

}  // namespace ecomm::core
