// The system of equations of reconciling, one per aggregate.
#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "reconcile_parts.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr Index kStrip = 64;

Index AggregateCount(const Hierarchy& hierarchy) { return static_cast<Index>(hierarchy.aggregates.size()); }

// The lower triangle of left left' on top of what is there.
void AddProducts(const Matrix& left, Matrix* into) {
  for (Index first = 0; first < left.rows(); first += kStrip) {
    Poll();
    const Index count = std::min(kStrip, left.rows() - first);
    into->block(first, 0, count, first + count).noalias() +=
        left.middleRows(first, count) * left.topRows(first + count).transpose();
  }
}

// In blocks, so that it can be cancelled; only the lower triangle is read and written.
void Factor(Matrix* matrix) {
  const Index size = matrix->rows();
  for (Index first = 0; first < size; first += kStrip) {
    const Index count = std::min(kStrip, size - first);
    const Eigen::LLT<Matrix> corner(matrix->block(first, first, count, count));
    if (corner.info() != Eigen::Success) {
      throw Error(ErrorCode::kNumericRange, "the errors of the series cannot be told apart",
                  "The covariance of their residuals is singular.",
                  "Reconcile by the structural weights, which need no residuals.");
    }
    matrix->block(first, first, count, count) = corner.matrixL();
    const Index next = first + count;
    if (next == size) return;
    auto panel = matrix->block(next, first, size - next, count);
    corner.matrixL().transpose().solveInPlace<Eigen::OnTheRight>(panel);
    for (Index row = next; row < size; row += kStrip) {
      Poll();
      const Index rows = std::min(kStrip, size - row);
      matrix->block(row, next, rows, row + rows - next).noalias() -=
          matrix->block(row, first, rows, count) *
          matrix->block(next, first, row + rows - next, count).transpose();
    }
  }
}

}  // namespace

Matrix Incoherence(const Hierarchy& hierarchy, const Matrix& series) {
  const Index aggregates = AggregateCount(hierarchy);
  Matrix incoherence = series.topRows(aggregates);
  for (std::size_t j = 0; j < hierarchy.bottoms; ++j) {
    if (j % 64 == 0) Poll();
    for (const std::size_t parent : hierarchy.parents[j]) {
      incoherence.row(static_cast<Index>(parent)) -= series.row(aggregates + static_cast<Index>(j));
    }
  }
  return incoherence;
}

Constraints::Constraints(const Hierarchy& hierarchy, const ErrorCovariance& covariance)
    : hierarchy_(hierarchy), covariance_(covariance) {
  // What a covariance that is singular but for rounding needs to be factored.
  constexpr double kRidge = 1e-11;
  constexpr double kNothing = 1e-280;
  const Index aggregates = AggregateCount(hierarchy);
  incoherent_shared_ = Incoherence(hierarchy, covariance.shared);
  factor_ = Matrix::Zero(aggregates, aggregates);
  for (std::size_t j = 0; j < hierarchy.bottoms; ++j) {
    if (j % 512 == 0) Poll();
    const double own = covariance.own[aggregates + static_cast<Index>(j)];
    for (const std::size_t a : hierarchy.parents[j]) {
      for (const std::size_t b : hierarchy.parents[j]) {
        if (b <= a) factor_(static_cast<Index>(a), static_cast<Index>(b)) += own;
      }
    }
  }
  factor_.diagonal() += covariance.own.head(aggregates);
  AddProducts(incoherent_shared_, &factor_);
  scale_.resize(aggregates);
  for (Index i = 0; i < aggregates; ++i) {
    if (!std::isfinite(factor_(i, i))) {
      throw Error(ErrorCode::kNumericRange, "residuals are too large to reconcile by");
    }
    scale_[i] = factor_(i, i) > kNothing ? 1 / std::sqrt(factor_(i, i)) : 0;
  }
  for (Index i = 0; i < aggregates; ++i) {
    factor_.row(i) *= scale_[i];
    factor_.row(i).array() *= scale_.transpose().array();
    factor_(i, i) = 1 + kRidge;
  }
  Factor(&factor_);
}

Matrix Constraints::Solve(Matrix right) const {
  right.array().colwise() *= scale_.array();
  const auto lower = factor_.triangularView<Eigen::Lower>();
  for (Index first = 0; first < right.cols(); first += kStrip) {
    Poll();
    auto columns = right.middleCols(first, std::min(kStrip, right.cols() - first));
    lower.solveInPlace(columns);
    lower.transpose().solveInPlace(columns);
  }
  right.array().colwise() *= scale_.array();
  return right;
}

Matrix Constraints::Moves(const Matrix& solution, const Matrix& common, Index first, Index count) const {
  const Index aggregates = AggregateCount(hierarchy_);
  Matrix moves = -(covariance_.shared.middleRows(aggregates + first, count) * common);
  for (Index j = 0; j < count; ++j) {
    if (j % 64 == 0) Poll();
    const double own = covariance_.own[aggregates + first + j];
    for (const std::size_t parent : hierarchy_.parents[static_cast<std::size_t>(first + j)]) {
      moves.row(j) += own * solution.row(static_cast<Index>(parent));
    }
  }
  return moves;
}

}  // namespace ecomm::core
