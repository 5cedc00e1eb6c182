// The errors of base forecasts as their residuals tell of them.
#include <cmath>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "reconcile_parts.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

// How many bottom series each series is the sum of.
Vector Members(const Hierarchy& hierarchy) {
  Vector members = Vector::Ones(static_cast<Index>(hierarchy.size()));
  for (std::size_t i = 0; i < hierarchy.aggregates.size(); ++i) {
    members[static_cast<Index>(i)] = static_cast<double>(hierarchy.aggregates[i].bottoms.size());
  }
  return members;
}

// Sum of the squares of all inner products of rows, those with themselves included.
double SquaredProducts(const Matrix& rows) {
  constexpr Index kStrip = 64;
  double total = 0;
  for (Index first = 0; first < rows.rows(); first += kStrip) {
    Poll();
    const Index count = std::min(kStrip, rows.rows() - first);
    const Matrix products = rows.middleRows(first, count) * rows.topRows(first + count).transpose();
    total += 2 * products.leftCols(first).squaredNorm() + products.rightCols(count).squaredNorm();
  }
  return total;
}

// The mean square of each row's numbers, NaN for a row without any; rows of `unit` become those of norm 1, or
// 0, with 0 for what is missing.
Vector MeanSquares(const Matrix& residuals, Matrix* unit) {
  Vector variance(residuals.rows());
  for (Index i = 0; i < residuals.rows(); ++i) {
    Poll();
    double squares = 0;
    double count = 0;
    for (Index t = 0; t < residuals.cols(); ++t) {
      const double value = residuals(i, t);
      (*unit)(i, t) = std::isnan(value) ? 0 : value;
      squares += (*unit)(i, t) * (*unit)(i, t);
      if (!std::isnan(value)) ++count;
    }
    if (!std::isfinite(squares)) {
      throw Error(ErrorCode::kNumericRange, "residuals are too large to reconcile by",
                  "Series: " + std::to_string(i + 1) + ".");
    }
    variance[i] = squares / count;
    if (squares > 0) unit->row(i) /= std::sqrt(squares);
  }
  return variance;
}

void FillVariances(const Vector& members, Vector* variance) {
  double known = 0;
  double known_members = 0;
  for (Index i = 0; i < variance->size(); ++i) {
    if (std::isnan((*variance)[i])) continue;
    known += (*variance)[i];
    known_members += members[i];
  }
  const double each = known_members > 0 ? known / known_members : 1;
  for (Index i = 0; i < variance->size(); ++i) {
    if (std::isnan((*variance)[i])) (*variance)[i] = each * members[i];
  }
}

// The estimated variances of the correlations over their squares: both summed over all pairs.
double Shrinkage(const Matrix& unit) {
  const auto times = static_cast<double>(unit.cols());
  if (unit.cols() < 2) return 1;
  const Vector norms = unit.rowwise().squaredNorm();
  const double squares =
      (unit.rows() <= unit.cols() ? SquaredProducts(unit) : SquaredProducts(unit.transpose())) -
      norms.squaredNorm();
  const Matrix squared = unit.cwiseAbs2();
  const double fourth = squared.colwise().sum().squaredNorm() - squared.squaredNorm();
  if (!(squares > 0)) return 1;
  return std::clamp((times * fourth / squares - 1) / (times - 1), 0.0, 1.0);
}

}  // namespace

ErrorCorrelation CorrelateErrors(const Hierarchy& hierarchy, const Matrix& residuals) {
  const auto size = static_cast<Index>(hierarchy.size());
  ErrorCorrelation errors;
  Matrix unit = Matrix::Zero(size, residuals.cols());
  if (residuals.cols() == 0) {
    errors.variance = Members(hierarchy);
    errors.correlation = {Vector::Ones(size), unit};
    return errors;
  }
  errors.variance = MeanSquares(residuals, &unit);
  FillVariances(Members(hierarchy), &errors.variance);
  errors.shrinkage = Shrinkage(unit);
  unit *= std::sqrt(1 - errors.shrinkage);
  Vector own = 1 - unit.rowwise().squaredNorm().array();
  // Rounding.
  errors.correlation.own = own.cwiseMax(errors.shrinkage);
  errors.correlation.shared = std::move(unit);
  return errors;
}

ErrorCovariance MethodCovariance(const Hierarchy& hierarchy, Reconciliation method,
                                 const ErrorCorrelation& errors) {
  const auto size = static_cast<Index>(hierarchy.size());
  switch (method) {
    case Reconciliation::kWlsStructural:
      return {Members(hierarchy), Matrix(size, 0)};
    case Reconciliation::kWlsVariance:
      return {errors.variance, Matrix(size, 0)};
    case Reconciliation::kMintShrink:
      return {errors.correlation.own.cwiseProduct(errors.variance),
              errors.variance.cwiseSqrt().asDiagonal() * errors.correlation.shared};
    case Reconciliation::kBottomUp:
    case Reconciliation::kOls:
      break;
  }
  return {Vector::Ones(size), Matrix(size, 0)};
}

}  // namespace ecomm::core
