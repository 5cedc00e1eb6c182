// The Theta method and the state space models built on it.
#pragma once

#include <cstdint>
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
  // Then multiplicative. Phases with a factor below 1e-4, where values are never negative and most phases are
  // above, are those of closed days: forecast as 0 with certainty; the level is then smoothed with the season
  // in it, as by R's thetaf. Additive where the factors would not do otherwise.
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

// How far the recursions have come, over the series without its season and less `origin`.
struct ThetaState {
  double origin = 0;  // the first observation; 0 for the standard model
  double level = 0;
  double faded = 1;  // (1 - alpha)^n; not kept by the standard model
  double step = 0;   // the weight of the slope in the next forecast: a sum of powers of 1 - alpha
  // Of the dynamic models: mean and slope of the observations so far.
  double mean = 0;
  double slope = 0;
};

// Levels, intercept and slope are those of the series without its season, at times 1, 2, …
struct ThetaFit {
  ThetaModel model = ThetaModel::kStandard;  // up to six observations always that
  double alpha = 0;
  double theta = 2;     // 1 and more; at most 1e10
  double weight = 0.5;  // of the line: 1 - 1 / theta
  double initial_level = 0;
  double level = 0;      // after the last observation
  double intercept = 0;  // of the line through all observations of the fit
  double slope = 0;
  ThetaSeason season = ThetaSeason::kNone;  // never kAuto
  std::vector<double> seasonal;  // one per phase, from the first observation's; empty without season

  std::int64_t n = 0;  // observations seen
  int estimated = 0;   // parameters and initial level that were estimated
  double squares = 0;  // of the errors that count, without season
  double sigma2 = 0;   // by their number less `estimated`
  ThetaState state;
  // With season, of the latest observations: of all, unless the fit was made from a part of the others.
  std::vector<double> fitted;
  std::vector<double> residuals;
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

// The same in two steps.
ThetaFit FitTheta(std::span<const double> y, const ThetaOptions& theta = {});
Forecast ForecastFrom(ThetaFit fit, const ForecastOptions& options = {});

// The fit continued over the observations that follow, none or more: level and variance move on; alpha, theta
// and season stay as estimated. So does the line of the standard and the optimised model (`intercept` and
// `slope`), while that of the dynamic ones is renewed with each observation, as it is within the fit. The
// variance is that of all one-step errors, as if the longer series had been run through with these
// parameters. Throws what RequireForecastSeries() does; Error(kMemoryLimit).
ThetaFit UpdateTheta(ThetaFit fit, std::span<const double> y);

}  // namespace ecomm::core
