#include "ecomm_analytics/core/reconcile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "reconcile_parts.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr std::array<std::string_view, 5> kNames = {"bottom_up", "ols", "wls_struct", "wls_var", "mint"};

void RequireFinite(const Matrix& matrix, const char* what) {
  if (matrix.size() == 0 || matrix.allFinite()) return;
  throw Error(ErrorCode::kUnusableData, std::string(what) + " to reconcile must be finite numbers");
}

void RequireFit(const Hierarchy& hierarchy, const BaseForecasts& base) {
  const auto size = static_cast<Index>(hierarchy.size());
  const bool rows = base.mean.rows() == size && (base.spread.size() == 0 || base.spread.rows() == size) &&
                    (base.residuals.size() == 0 || base.residuals.rows() == size);
  const bool columns = base.spread.size() == 0 || base.spread.cols() == base.mean.cols();
  if (!rows || !columns) {
    throw Error(ErrorCode::kInvalidArgument, "the forecasts do not fit the series to reconcile",
                "Series: " + std::to_string(size) + ", rows of forecasts: " +
                    std::to_string(base.mean.rows()) + ", of spreads: " + std::to_string(base.spread.rows()) +
                    ", of residuals: " + std::to_string(base.residuals.rows()) + ".");
  }
  RequireFinite(base.mean, "forecasts");
  RequireFinite(base.spread, "spreads");
  if (base.spread.size() > 0 && base.spread.minCoeff() < 0) {
    throw Error(ErrorCode::kUnusableData, "spreads to reconcile must not be negative");
  }
  if (base.residuals.size() > 0 && base.residuals.array().isInf().any()) {
    throw Error(ErrorCode::kUnusableData, "residuals to reconcile by must not be infinite");
  }
}

void RequireRoom(const Hierarchy& hierarchy, const BaseForecasts& base) {
  const std::size_t aggregates = hierarchy.aggregates.size();
  const auto times = static_cast<std::size_t>(base.residuals.cols());
  const auto horizon = static_cast<std::size_t>(base.mean.cols());
  // Per residual: units, correlations, covariances and a copy at work; per aggregate and step at work two.
  RequireMemory(sizeof(double) * (hierarchy.size() * (4 * times + 8 * horizon + 64) +
                                  16 * aggregates * times + 4 * aggregates * aggregates),
                "reconciling forecasts");
}

Matrix Bottoms(const Hierarchy& hierarchy, const Matrix& series) {
  return series.bottomRows(static_cast<Index>(hierarchy.bottoms));
}

// All bottom series moved so that series with `incoherence` agree.
void Project(const Constraints& constraints, const Matrix& incoherence, Matrix* bottoms) {
  const Matrix solution = constraints.Solve(incoherence);
  *bottoms += constraints.Moves(solution, constraints.Common(solution), 0, bottoms->rows());
}

// Between the coherent forecasts and those without negative values, each time as near as can be, with what
// the latter took away given back before the next round.
void Alternate(const Hierarchy& hierarchy, const Constraints& constraints, Matrix* bottoms) {
  constexpr double kWork = 4e9;
  constexpr double kEnough = 1e-10;
  const auto aggregates = static_cast<double>(hierarchy.aggregates.size());
  const double round = 2 * aggregates * aggregates * static_cast<double>(bottoms->cols());
  const auto rounds = static_cast<int>(std::clamp(kWork / (1 + round), 20.0, 1000.0));
  const auto first = static_cast<Index>(hierarchy.aggregates.size());
  const double allowed = -kEnough * bottoms->cwiseAbs().maxCoeff();
  Matrix taken = Matrix::Zero(bottoms->rows(), bottoms->cols());
  Matrix change = Matrix::Zero(first + bottoms->rows(), bottoms->cols());
  for (int i = 0; i < rounds && bottoms->minCoeff() < allowed; ++i) {
    const Matrix kept = (*bottoms + taken).cwiseMax(0);
    taken += *bottoms - kept;
    change.bottomRows(bottoms->rows()) = kept - *bottoms;
    *bottoms = kept;
    Project(constraints, Incoherence(hierarchy, change), bottoms);
  }
}

void RemoveNegatives(const Hierarchy& hierarchy, const Constraints& constraints, Matrix* bottoms) {
  std::vector<Index> steps;
  for (Index step = 0; step < bottoms->cols(); ++step) {
    if (bottoms->col(step).minCoeff() < 0) steps.push_back(step);
  }
  if (steps.empty()) return;
  Matrix concerned(bottoms->rows(), static_cast<Index>(steps.size()));
  for (std::size_t i = 0; i < steps.size(); ++i)
    concerned.col(static_cast<Index>(i)) = bottoms->col(steps[i]);
  Alternate(hierarchy, constraints, &concerned);
  for (std::size_t i = 0; i < steps.size(); ++i)
    bottoms->col(steps[i]) = concerned.col(static_cast<Index>(i));
}

}  // namespace

Reconciliation ParseReconciliation(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Reconciliation>(found - kNames.begin());
  throw Error(ErrorCode::kInvalidArgument, "unknown way to reconcile \"" + std::string(text) + "\"", {},
              "Use 'bottom_up', 'ols', 'wls_struct', 'wls_var' or 'mint'.");
}

std::string_view Name(Reconciliation method) noexcept { return kNames[static_cast<std::size_t>(method)]; }

ReconciledForecasts Reconcile(const Hierarchy& hierarchy, const BaseForecasts& base,
                              const ReconcileOptions& options) {
  RequireFit(hierarchy, base);
  RequireRoom(hierarchy, base);
  const ErrorCorrelation errors = CorrelateErrors(hierarchy, base.residuals);
  const bool weighs = options.method != Reconciliation::kBottomUp && !hierarchy.aggregates.empty();
  const ErrorCovariance covariance = MethodCovariance(hierarchy, options.method, errors);
  std::optional<Constraints> constraints;
  if (weighs) constraints.emplace(hierarchy, covariance);

  ReconciledForecasts reconciled;
  reconciled.shrinkage = errors.shrinkage;
  Matrix bottoms = Bottoms(hierarchy, base.mean);
  if (weighs) Project(*constraints, Incoherence(hierarchy, base.mean), &bottoms);
  if (options.non_negative && weighs) {
    if (options.method == Reconciliation::kMintShrink) {
      const auto variances = MethodCovariance(hierarchy, Reconciliation::kWlsVariance, errors);
      RemoveNegatives(hierarchy, Constraints(hierarchy, variances), &bottoms);
    } else {
      RemoveNegatives(hierarchy, *constraints, &bottoms);
    }
  }
  if (options.non_negative) bottoms = bottoms.cwiseMax(0);
  reconciled.mean = SumUp(hierarchy, bottoms);
  if (base.spread.size() > 0) {
    reconciled.spread =
        ReconcileSpread(hierarchy, weighs ? &*constraints : nullptr, errors.correlation, base.spread);
  }
  if ((reconciled.mean.size() > 0 && !reconciled.mean.allFinite()) ||
      (reconciled.spread.size() > 0 && !reconciled.spread.allFinite())) {
    throw Error(ErrorCode::kNumericRange, "reconciled forecasts cannot be represented");
  }
  return reconciled;
}

}  // namespace ecomm::core
