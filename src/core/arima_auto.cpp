#include "ecomm_analytics/core/arima_auto.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "arima_design.hpp"
#include "arima_fit.hpp"
#include "arima_order.hpp"
#include "arima_run.hpp"
#include "arima_stepwise.hpp"
#include "ecomm_analytics/core/differencing.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kEqual = 1.4901161193847656e-8;
constexpr double kRounding = 1e-13;

constexpr std::size_t kSearchedObservations = 10'000;
constexpr int kSearchedPeriods = 10;

// Models fitted anew where the search does not compare likelihoods; one where these cost more.
constexpr std::size_t kRefitted = 3;
constexpr std::size_t kCostlyWork = 1'000'000;  // values times largest lag

constexpr int kShort = 10;
constexpr int kTooShortForAicc = 3;

// `size`: of the values that the differences were made from.
bool Constant(std::span<const double> y, double size) {
  double largest = 0;
  for (const double x : y) largest = std::max(largest, std::fabs(x - y.front()));
  return largest <= std::max(kEqual * std::fabs(y.front()), kRounding * size);
}

double Largest(std::span<const double> y) {
  double largest = 0;
  for (const double x : y) largest = std::max(largest, std::fabs(x));
  return largest;
}

double Mean(std::span<const double> y) {
  // About the first value: a sum of 1e5 large ones would lose digits.
  double sum = 0;
  for (const double x : y) sum += x - y.front();
  return y.front() + sum / static_cast<double>(y.size());
}

void RequireLimits(const AutoArimaOptions& o) {
  RequireArimaOrder({o.max_p, o.max_d, o.max_q, o.max_seasonal_p, o.max_seasonal_d, o.max_seasonal_q},
                    std::max(o.period, 2));
  RequireArimaOrder({o.start_p, o.d.value_or(0), o.start_q, o.start_seasonal_p, o.seasonal_d.value_or(0),
                     o.start_seasonal_q},
                    o.period > 0 ? std::max(o.period, 2) : o.period);
  if (o.max_order >= 0) return;
  throw Error(ErrorCode::kInvalidArgument, "order of an ARIMA model is outside its range",
              "max_order: " + std::to_string(o.max_order) + ".");
}

// What a least squares regression on the regressors leaves.
std::vector<double> WithoutRegressors(std::span<const double> y, const MatrixView& regressors) {
  if (regressors.cols() == 0) return {y.begin(), y.end()};
  const ArimaDesign design(y, regressors, {}, 1, true);
  const auto basis = design.columns().rightCols(design.columns().cols() - 1);
  Vector left = design.columns().col(0);
  left -= basis * (basis.transpose() * left).eval();
  std::vector<double> values(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) values[i] = left[static_cast<Eigen::Index>(i)] * design.unit();
  return values;
}

// Whether a regressor that varies is constant once differenced so often: one difference too many.
bool Flattens(const MatrixView& regressors, int d, int seasonal_d, int period) {
  std::vector<double> column(static_cast<std::size_t>(regressors.rows()));
  for (Eigen::Index j = 0; j < regressors.cols(); ++j) {
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = regressors(static_cast<Eigen::Index>(i), j);
    const double size = Largest(column);
    if (Constant(column, size)) continue;
    const auto differences = Difference(Difference(column, period, seasonal_d), 1, d);
    if (Constant(differences, size)) return true;
  }
  return false;
}

// Differences that the options leave open, into them.
void ChooseDifferences(std::span<const double> y, const MatrixView& regressors, AutoArimaOptions* options) {
  const std::vector<double> rest = WithoutRegressors(y, regressors);
  const int period = options->period;
  if (period == 1 || (!options->seasonal_d && y.size() <= 2 * static_cast<std::size_t>(period))) {
    options->seasonal_d = 0;
  } else if (!options->seasonal_d) {
    int count = Nsdiffs(rest, {.period = period, .max_differences = options->max_seasonal_d});
    if (count > 0 && Flattens(regressors, 0, count, period)) --count;
    options->seasonal_d = count;
  }
  if (options->d) return;
  NdiffsOptions tests;
  tests.max_differences = options->max_d;
  int count = Ndiffs(Difference(rest, period, *options->seasonal_d), tests);
  if (count > 0 && Flattens(regressors, count, *options->seasonal_d, period)) --count;
  options->d = count;
}

// A model in which nothing is estimated.
ArimaModel GivenConstant(std::span<const double> y, const MatrixView& regressors, const ArimaOrder& order,
                         int period, bool constant, double value) {
  ArimaModel model;
  model.order = order;
  model.period = period;
  model.has_constant = constant;
  model.coefficients.constant = value;
  model.coefficients.regressors.assign(static_cast<std::size_t>(regressors.cols()), 0);
  return RunArima(y, regressors, model);
}

// Limits and starts as far as the length of the series goes.
void Narrow(std::size_t n, AutoArimaOptions* o) {
  const auto third = static_cast<int>(std::min<std::size_t>(n / 3, 1000));
  const auto seasons = static_cast<int>(n / 3 / static_cast<std::size_t>(o->period));
  o->max_p = std::min(o->max_p, third);
  o->max_q = std::min(o->max_q, third);
  o->max_seasonal_p = o->period > 1 ? std::min(o->max_seasonal_p, seasons) : 0;
  o->max_seasonal_q = o->period > 1 ? std::min(o->max_seasonal_q, seasons) : 0;
  if (o->max_seasonal_p > 0) o->max_p = std::min(o->max_p, o->period - 1);
  if (o->max_seasonal_q > 0) o->max_q = std::min(o->max_q, o->period - 1);
  if (n < kShort) {
    o->start_p = std::min(o->start_p, 1);
    o->start_q = std::min(o->start_q, 1);
    o->start_seasonal_p = o->start_seasonal_q = 0;
  }
  o->start_p = std::min(o->start_p, o->max_p);
  o->start_q = std::min(o->start_q, o->max_q);
  o->start_seasonal_p = std::min(o->start_seasonal_p, o->max_seasonal_p);
  o->start_seasonal_q = std::min(o->start_seasonal_q, o->max_seasonal_q);
  if (n <= kTooShortForAicc) o->criterion = EtsCriterion::kAic;
}

// The best few of the search fitted anew; more of them until one will do.
ArimaModel FitBest(std::span<const double> y, const MatrixView& regressors, const AutoArimaOptions& options,
                   bool constant, bool conditional) {
  // Where the search only sees the end of a long series, the order is what it finds.
  std::size_t seen = y.size();
  if (conditional) {
    const auto periods =
        static_cast<std::size_t>(kSearchedPeriods) * static_cast<std::size_t>(options.period);
    seen = std::min(seen, std::max(kSearchedObservations, periods));
  }
  const Matrix seen_regressors =
      regressors.bottomRows(regressors.cols() == 0 ? regressors.rows() : static_cast<Eigen::Index>(seen));
  const MatrixView view = seen_regressors;
  const auto candidates = ArimaStepwise(y.last(seen), view, options, constant, conditional).Run();

  ArimaModel best;
  double least = std::numeric_limits<double>::infinity();
  std::size_t fitted = 0;
  std::size_t refitted = conditional ? kRefitted : 1;
  for (const ArimaCandidate& candidate : candidates) {
    if (fitted >= refitted && std::isfinite(least)) break;
    if (!std::isfinite(candidate.criterion)) break;
    ++fitted;
    const ArimaDesign design(y, regressors, candidate.order, options.period, candidate.constant);
    if (LargestLag(candidate.order, options.period) * design.rows() > kCostlyWork) refitted = 1;
    const std::vector<std::vector<double>> starts = {candidate.free};
    ArimaModel model = FitDesign(y, regressors, design, candidate.order, options.period, candidate.constant,
                                 false, starts, SearchEffort::kQuick, false);
    if (!FarFromUnitRoots(model.coefficients)) continue;
    const double value = CriterionOf(options.criterion, model.loglik, design.rows(),
                                     static_cast<std::size_t>(model.estimated));
    if (!(value < least)) continue;
    least = value;
    best = std::move(model);
  }
  if (std::isfinite(least)) {
    const ArimaDesign design(y, regressors, best.order, options.period, best.has_constant);
    const std::vector<std::vector<double>> starts = {FreeNumbers(best.coefficients)};
    const auto fit = [&](SearchEffort effort) {
      return FitDesign(y, regressors, design, best.order, options.period, best.has_constant, false, starts,
                       effort);
    };
    ArimaModel model = fit(SearchEffort::kFull);
    return FarFromUnitRoots(model.coefficients) ? model : fit(SearchEffort::kGiven);
  }
  const ArimaOrder plain{0, *options.d, 0, 0, *options.seasonal_d, 0};
  const ArimaDesign design(y, regressors, plain, options.period, constant);
  if (design.rows() > design.regressed()) {
    return FitDesign(y, regressors, design, plain, options.period, constant, false, {}, SearchEffort::kFull);
  }
  return GivenConstant(y, regressors, plain, options.period, false, 0);
}

}  // namespace

ArimaModel FitAutoArima(std::span<const double> y, const MatrixView& regressors,
                        const AutoArimaOptions& options) {
  RequireForecastSeries(y);
  RequireLimits(options);
  RequireRegressors(regressors, y.size());
  const double size = Largest(y);
  if (Constant(y, size)) {
    return GivenConstant(y, regressors, {}, options.period, options.allow_mean,
                         options.allow_mean ? Mean(y) : 0);
  }
  AutoArimaOptions open = options;
  ChooseDifferences(y, regressors, &open);
  const ArimaOrder plain{0, *open.d, 0, 0, *open.seasonal_d, 0};
  const int differences = *open.d + *open.seasonal_d;
  const bool constant = differences == 0 ? open.allow_mean : differences == 1 && open.allow_drift;
  const auto changes = Difference(Difference(y, open.period, *open.seasonal_d), 1, *open.d);
  if (regressors.cols() == 0 && Constant(changes, size)) {
    const bool drift = differences == 1 && open.allow_drift;
    const double every = *open.seasonal_d > 0 ? open.period : 1;
    return GivenConstant(y, regressors, plain, open.period, drift, drift ? Mean(changes) / every : 0);
  }
  Narrow(y.size(), &open);
  const ArimaOrder largest{open.max_p,          *open.d,          open.max_q,
                           open.max_seasonal_p, *open.seasonal_d, open.max_seasonal_q};
  const bool conditional = !IsCheap(LargestLag(largest, open.period), changes.size());
  return FitBest(y, regressors, open, constant, conditional);
}

ArimaModel FitAutoArima(std::span<const double> y, const AutoArimaOptions& options) {
  return FitAutoArima(y, Matrix(static_cast<Eigen::Index>(y.size()), 0), options);
}

}  // namespace ecomm::core
