// Autoregressive integrated moving averages, with seasonal terms, a constant and regressors: the series less
// what regressors explain, differenced, is a stationary ARMA process (Box & Jenkins 1976). Orders chosen
// automatically are in arima_auto.hpp, forecasts from a model in arima_forecast.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Autoregression, differences, moving average; the same at lags of whole periods.
struct ArimaOrder {
  int p = 0;           // 0 to 50
  int d = 0;           // 0 to 3
  int q = 0;           // 0 to 50
  int seasonal_p = 0;  // 0 to 10
  int seasonal_d = 0;  // 0 to 2
  int seasonal_q = 0;  // 0 to 10

  bool operator==(const ArimaOrder&) const = default;
};

struct ArimaOptions {
  ArimaOrder order;
  int period = 1;  // observations in a season, >= 1; with 1 there are no seasonal terms
  // A mean without differences, a drift (the mean of the differences) with one; with more there is none.
  // Without: a mean, but no drift.
  std::optional<bool> constant = std::nullopt;
  // Least squares given the first p + period * seasonal_p differences, instead of the exact likelihood.
  bool conditional = false;
};

// A form in words: 'ARIMA(0,1,1)(0,1,1)[12] with drift' as R's forecast shows it; of these the non-seasonal
// order alone must be there, and 'ARIMA' may be missing. A constant is stated by 'with drift', 'with non-zero
// mean' or 'with zero mean'. Throws Error(kInvalidArgument) for anything else and for orders out of range.
struct ArimaForm {
  ArimaOrder order;
  std::optional<int> period = std::nullopt;
  std::optional<bool> constant = std::nullopt;

  bool operator==(const ArimaForm&) const = default;
};

ArimaForm ParseArimaForm(std::string_view text);

// 'ARIMA(0,1,1)(0,1,1)[12]', without the season where there is none.
std::string Name(const ArimaOrder& order, int period);

// The signs are those of w[t] = ar[0] w[t-1] + ... + e[t] + ma[0] e[t-1] + ..., at lags of whole periods
// alike.
struct ArimaCoefficients {
  std::vector<double> ar;
  std::vector<double> ma;
  std::vector<double> seasonal_ar;
  std::vector<double> seasonal_ma;
  double constant = 0;             // mean, or drift per observation
  std::vector<double> regressors;  // one per column
};

// What the filter knows after the last observation, in the unit of the series.
struct ArimaState {
  std::size_t observations = 0;
  std::vector<double> past;        // the last d + period * D observations less what regressors explain
  std::vector<double> prediction;  // the state foreseen: first the next difference
  // How far the filter's gain is from its limit; no longer kept once there.
  bool steady = false;
  double variance = 1;  // of the next error, relative to sigma2
  std::vector<double> gain;
  std::vector<double> change;
  double change_factor = 0;

  std::size_t count = 0;  // errors that the likelihood counts
  double squares = 0;     // of them, each by its relative variance, in the square of `unit`
  double logs = 0;        // of those variances
  double unit = 1;        // a power of two
};

struct ArimaModel {
  ArimaOrder order;
  int period = 1;
  bool has_constant = false;
  bool conditional = false;  // estimated by conditional least squares: `loglik` is the conditional one
  ArimaCoefficients coefficients;
  ArimaState state;
  int estimated = 0;  // coefficients that were estimated, without the error's variance

  // Of ar, ma, seasonal_ar, seasonal_ma, the constant where there is one, and the regressors, in this order;
  // NaN for what is not estimated. Empty in a model that was given.
  std::vector<double> standard_errors;

  std::vector<double> fitted;     // one-step forecasts; NaN for the first d + period * D
  std::vector<double> residuals;  // y - fitted; NaN likewise

  // As R's forecast has them, of the differenced series.
  double loglik = 0;
  double aic = 0;
  double aicc = 0;  // where there are too few observations for its correction: aic
  double bic = 0;
  double sigma2 = 0;  // the errors' squares by degrees of freedom
};

// As R's forecast shows it: 'ARIMA(1,0,0) with non-zero mean', 'Regression with ARIMA(2,1,2) errors'.
std::string Name(const ArimaModel& model);

// Maximum likelihood among the stationary and invertible processes: the Gaussian likelihood of the
// differenced series, exact, by a Kalman filter whose steps take time proportional to the largest lag (Morf,
// Sidhu & Kailath 1974, doi:10.1109/TAC.1974.1100576; Pearlman 1980, doi:10.1093/biomet/67.1.232), or to the
// number of terms once its gain is at its limit. Constant and regressors are estimated with it by generalised
// least squares. Where values times largest lag exceed 20 million, or the largest autoregressive lag 2000,
// the estimates are those of conditional least squares, and `conditional` says so. `regressors` has a row per
// observation, or no column; columns that depend linearly on those before them once differenced have the
// coefficient 0 and are not counted. A perfect fit gets the likelihood of errors of 1e-12 times the largest
// value. Throws Error(kUnusableData) for no observation, NaN and infinities (naming the position), and fewer
// differences than coefficients plus one; Error(kInvalidArgument) for an order or period out of range and
// regressors of another length; Error(kNumericRange) for magnitudes above 1e140; Error(kMemoryLimit).
ArimaModel FitArima(std::span<const double> y, const MatrixView& regressors, const ArimaOptions& options);
ArimaModel FitArima(std::span<const double> y, const ArimaOptions& options);

// The model's form and coefficients run over a series, nothing estimated: `estimated` is taken as it stands,
// so are sigma2's degrees of freedom. Throws as FitArima, and Error(kInvalidArgument) for coefficients that
// do not fit the order, or autoregressions that are not stationary.
ArimaModel RunArima(std::span<const double> y, const MatrixView& regressors, const ArimaModel& model);

// The model continued over the observations that follow, with their regressors: coefficients stay, the state
// moves on, and fitted values, likelihood and variance are those of the whole series. Throws as RunArima.
ArimaModel UpdateArima(ArimaModel model, std::span<const double> y, const MatrixView& regressors);

}  // namespace ecomm::core
