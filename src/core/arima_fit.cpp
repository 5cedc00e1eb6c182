#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "arima_design.hpp"
#include "arima_estimate.hpp"
#include "arima_fit.hpp"
#include "arima_order.hpp"
#include "arima_run.hpp"
#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kStarts = 3;

void RequireObservations(std::size_t n, const ArimaOrder& order, int period, std::size_t coefficients) {
  const std::size_t needed = Lost(order, period) + coefficients + 1;
  if (n >= needed) return;
  throw Error(ErrorCode::kUnusableData, "too few observations for the ARIMA model",
              "Model: '" + Name(order, period) + "', observations: " + std::to_string(n) +
                  ", needed: " + std::to_string(needed) + ".",
              "Use a simpler model.");
}

Vector Flat(const ArimaCoefficients& c) {
  std::vector<double> all;
  for (const auto* part : {&c.ar, &c.ma, &c.seasonal_ar, &c.seasonal_ma}) {
    all.insert(all.end(), part->begin(), part->end());
  }
  return Eigen::Map<const Vector>(all.data(), static_cast<Eigen::Index>(all.size()));
}

// Standard errors of all coefficients, from how the likelihood curves at its maximum.
std::vector<double> StandardErrors(ArimaObjective* objective, ArimaSearch* search, const ArimaDesign& design,
                                   std::span<const double> free, double sigma2) {
  const auto size = static_cast<Eigen::Index>(free.size());
  const double relative = sigma2 / (design.unit() * design.unit());
  Columns slope;
  Columns covariance;
  if (size > 0) {
    covariance = search->Covariance(objective, free, &slope);
  } else {
    slope.resize(static_cast<Eigen::Index>(design.regressed()), 0);
    covariance.resize(0, 0);
  }

  Vector errors(static_cast<Eigen::Index>(objective->rows()));
  objective->Evaluate(free, errors);
  std::vector<double> result;
  constexpr double kDifference = 1e-6;
  Columns moves(size, size);  // of the coefficients with the free numbers
  ArimaCoefficients low;
  ArimaCoefficients high;
  std::vector<double> moved(free.begin(), free.end());
  for (Eigen::Index j = 0; j < size; ++j) {
    moved[static_cast<std::size_t>(j)] += kDifference;
    objective->Unpack(moved, &high);
    moved[static_cast<std::size_t>(j)] -= 2 * kDifference;
    objective->Unpack(moved, &low);
    moved[static_cast<std::size_t>(j)] = free[static_cast<std::size_t>(j)];
    const Vector from = Flat(low);
    moves.col(j) = (Flat(high) - from) / (2 * kDifference);
  }
  const Columns arma = moves * covariance * moves.transpose();
  for (Eigen::Index j = 0; j < size; ++j) result.push_back(std::sqrt(std::max(arma(j, j), 0.0)));

  // Errors of the orthogonal columns' coefficients, theirs alone and through the others.
  const auto regressed = static_cast<Eigen::Index>(design.regressed());
  if (design.used().empty()) return result;
  Columns regression = Columns::Zero(regressed, regressed);
  if (regressed > 0) {
    regression = objective->RegressionCovariance() * relative + slope * covariance * slope.transpose();
  }
  const Columns map = design.Original(Columns::Identity(regressed, regressed));
  const Columns original = map * regression * map.transpose();
  for (std::size_t j = 0; j < design.used().size(); ++j) {
    const auto i = static_cast<Eigen::Index>(j);
    result.push_back(design.used()[j] ? std::sqrt(std::max(original(i, i), 0.0)) : kNaN);
  }
  return result;
}

// From many starts where each is cheap: the likelihood of mixed processes has several maxima. Orders that are
// one less in every part are searched before, for what they find is a start too.
ArimaEstimate EstimateThoroughly(const ArimaDesign& design, ArimaObjective* objective, ArimaSearch* search,
                                 int period, bool conditional, std::vector<std::vector<double>> starts) {
  if (!IsCheap(LargestLag(objective->order(), period), design.rows())) {
    return EstimateArima(objective, search, starts,
                         starts.empty() ? SearchEffort::kFull : SearchEffort::kGiven);
  }
  for (auto& start : SpreadStarts(objective, kStarts)) starts.push_back(std::move(start));
  ArimaOrder less = objective->order();
  for (int* lags : {&less.p, &less.q, &less.seasonal_p, &less.seasonal_q}) *lags = std::max(*lags - 1, 0);
  if (ArmaCount(less) > 0) {
    ArimaObjective smaller(design, less, period, conditional);
    const ArimaEstimate found = EstimateThoroughly(design, &smaller, search, period, conditional, {});
    starts.push_back(Padded(found.free, less, objective->order()));
  }
  return EstimateArima(objective, search, starts, SearchEffort::kFull);
}

}  // namespace

ArimaModel FitDesign(std::span<const double> y, const MatrixView& regressors, const ArimaDesign& design,
                     const ArimaOrder& order, int period, bool constant, bool conditional,
                     std::span<const std::vector<double>> starts, SearchEffort effort, bool standard_errors) {
  const std::size_t rows = design.rows();
  const std::size_t arma = ArmaCount(order);
  const bool given = conditional || !ExactIsAffordable(order, period, rows);
  if (given) {
    RequireObservations(y.size(), order, period,
                        AutoregressiveLag(order, period) + arma + design.regressed());
  }
  RequireMemory(2 * ArmaFilter::Bytes(LargestLag(order, period), design.regressed() + 1) +
                    2 * sizeof(double) * rows * (design.regressed() + 1) + ArimaSearch::Bytes(rows, arma),
                "fitting an ARIMA model");
  ArimaObjective objective(design, order, period, given);
  ArimaSearch search(rows, arma);
  const ArimaEstimate estimate =
      effort == SearchEffort::kFull
          ? EstimateThoroughly(design, &objective, &search, period, given, {starts.begin(), starts.end()})
          : EstimateArima(&objective, &search, starts, effort);

  ArimaModel model;
  model.order = order;
  model.period = period;
  model.has_constant = constant;
  model.conditional = given;
  objective.Unpack(estimate.free, &model.coefficients);
  Vector errors(static_cast<Eigen::Index>(rows));
  objective.Evaluate(estimate.free, errors);
  const Columns original = design.Original(objective.regression());
  const Eigen::Index first = constant ? 1 : 0;
  if (constant) model.coefficients.constant = original(0, 0);
  for (Eigen::Index j = first; j < original.rows(); ++j) {
    model.coefficients.regressors.push_back(original(j, 0));
  }
  model.estimated = static_cast<int>(arma + design.regressed());
  StartArima(design.unit(), &model);
  ContinueArima(y, regressors, &model);
  if (standard_errors) {
    model.standard_errors = StandardErrors(&objective, &search, design, estimate.free, model.sigma2);
  }
  return model;
}

ArimaModel FitArima(std::span<const double> y, const MatrixView& regressors, const ArimaOptions& options) {
  RequireForecastSeries(y);
  RequireArimaOrder(options.order, options.period);
  RequireRegressors(regressors, y.size());
  const bool constant =
      TakesConstant(options.order) && options.constant.value_or(Lost(options.order, options.period) == 0);
  const std::size_t arma = ArmaCount(options.order);
  RequireObservations(y.size(), options.order, options.period, arma + (constant ? 1 : 0));
  const ArimaDesign design(y, regressors, options.order, options.period, constant);
  RequireObservations(y.size(), options.order, options.period, arma + design.regressed());
  return FitDesign(y, regressors, design, options.order, options.period, constant, options.conditional, {},
                   SearchEffort::kFull);
}

ArimaModel FitArima(std::span<const double> y, const ArimaOptions& options) {
  return FitArima(y, Matrix(static_cast<Eigen::Index>(y.size()), 0), options);
}

}  // namespace ecomm::core
