// What reconciling is made of. In all of it, A is the matrix of ones where a bottom series (column) is part
// of an aggregate (row), C = [I, -A] tells by how much series (aggregates first) fail to add up, and W is the
// covariance of the errors of all series.
#pragma once

#include "ecomm_analytics/core/hierarchy.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/reconcile.hpp"

namespace ecomm::core {

// W = diag(own) + shared shared'.
struct ErrorCovariance {
  Vector own;
  Matrix shared;  // no columns where W is diagonal
};

// Of the residuals, shrunk. Rows of `shared` have no unit.
struct ErrorCorrelation {
  Vector variance;  // mean squares; of a series without residuals, what stands for it
  ErrorCovariance correlation;
  double shrinkage = 1;
};

ErrorCorrelation CorrelateErrors(const Hierarchy& hierarchy, const Matrix& residuals);

// What the method weighs by. `kBottomUp` weighs nothing.
ErrorCovariance MethodCovariance(const Hierarchy& hierarchy, Reconciliation method,
                                 const ErrorCorrelation& errors);

// C x, for a matrix with a row per series.
Matrix Incoherence(const Hierarchy& hierarchy, const Matrix& series);

// (C W C')^-1, factored. An aggregate that is known exactly, as all its bottom series are, asks for nothing;
// where several ask the same, they share it.
class Constraints {
 public:
  Constraints(const Hierarchy& hierarchy, const ErrorCovariance& covariance);

  Matrix Solve(Matrix right) const;

  // What to add to the bottom series `first` and on, for Solve(C x) of series x: -W_b C' solution.
  // `common` is Common(solution).
  Matrix Moves(const Matrix& solution, const Matrix& common, Eigen::Index first, Eigen::Index count) const;
  Matrix Common(const Matrix& solution) const { return incoherent_shared_.transpose() * solution; }

 private:
  const Hierarchy& hierarchy_;
  const ErrorCovariance& covariance_;
  Matrix incoherent_shared_;  // C times the shared part
  Matrix factor_;             // lower triangle
  Vector scale_;              // to a diagonal of ones, before factoring
};

// The spread of reconciled forecasts; `constraints` is null for the bottom-up ones.
Matrix ReconcileSpread(const Hierarchy& hierarchy, const Constraints* constraints,
                       const ErrorCovariance& correlation, const Matrix& spread);

}  // namespace ecomm::core
