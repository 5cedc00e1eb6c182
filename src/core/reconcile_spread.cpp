// How uncertain reconciled forecasts are.
//
// Reconciled bottom series are b + K (a - A b), so their errors are G e with G = [K, I - K A], and those of
// their sums A G e. With errors of covariance D (diag(own) + shared shared') D, where D is the base spread,
// the variance of a series is that of its row of (A) G D against each part. Rows of G are made a strip at a
// time.
#include <algorithm>
#include <cmath>
#include <vector>

#include "ecomm_analytics/core/host.hpp"
#include "reconcile_parts.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr Index kStrip = 64;

// The steps whose spread is worked out: the first, the last and some evenly between.
std::vector<Index> ChooseSteps(Index horizon, Index most) {
  const Index count = std::min(horizon, most);
  std::vector<Index> steps;
  for (Index i = 0; i < count; ++i) steps.push_back(count == 1 ? 0 : i * (horizon - 1) / (count - 1));
  return steps;
}

// Adds to `variances`, for rows of weights of aggregates and of bottom series at each step in `steps`, the
// part of errors that each series has for itself.
void AddOwn(const Matrix& weights, const Matrix& own_variances, const std::vector<Index>& rows,
            Matrix* variances) {
  const Matrix squares = weights.cwiseAbs2() * own_variances;
  for (Index i = 0; i < squares.rows(); ++i) {
    variances->row(rows[static_cast<std::size_t>(i)]) += squares.row(i);
  }
}

class Spread {
 public:
  Spread(const Hierarchy& hierarchy, const ErrorCovariance& correlation, const Matrix& spread)
      : hierarchy_(hierarchy),
        shared_(correlation.shared),
        aggregates_(static_cast<Index>(hierarchy.aggregates.size())),
        bottoms_(static_cast<Index>(hierarchy.bottoms)),
        spread_(spread),
        own_(spread.cwiseAbs2().array().colwise() * correlation.own.array()) {}

  // Variances of all series at the steps that are the columns of `spread`.
  Matrix Variances(const Constraints* constraints) {
    variances_ = Matrix::Zero(spread_.rows(), spread_.cols());
    Prepare(constraints);
    for (Index first = 0; first < bottoms_; first += kStrip) {
      Poll();
      AddBottoms(constraints, first, std::min(kStrip, bottoms_ - first));
    }
    AddAggregates();
    return variances_;
  }

 private:
  void Prepare(const Constraints* constraints) {
    const Index steps = spread_.cols();
    if (constraints != nullptr) {
      inverse_ = constraints->Solve(Matrix::Identity(aggregates_, aggregates_));
      common_ = constraints->Common(inverse_);
    }
    incoherence_.resize(static_cast<std::size_t>(steps));
    sums_.resize(static_cast<std::size_t>(steps));
    for (Index step = 0; step < steps; ++step) {
      Poll();
      const auto at = static_cast<std::size_t>(step);
      if (constraints != nullptr) {
        const Matrix errors = spread_.col(step).asDiagonal() * shared_;
        incoherence_[at] = Incoherence(hierarchy_, errors);
      }
      sums_[at] = Matrix::Zero(aggregates_, shared_.cols());
    }
    sum_weights_ = Matrix::Zero(aggregates_, aggregates_);
  }

  // The weights of bottom series in series that aggregates have these weights `k` in: -k A.
  Matrix ThroughAggregates(const Matrix& k) const {
    Matrix weights(k.rows(), bottoms_);
    for (Index row = 0; row < k.rows(); ++row) {
      Poll();
      for (Index j = 0; j < bottoms_; ++j) {
        double sum = 0;
        for (const std::size_t parent : hierarchy_.parents[static_cast<std::size_t>(j)]) {
          sum -= k(row, static_cast<Index>(parent));
        }
        weights(row, j) = sum;
      }
    }
    return weights;
  }

  void AddBottoms(const Constraints* constraints, Index first, Index count) {
    std::vector<Index> rows;
    for (Index j = 0; j < count; ++j) rows.push_back(aggregates_ + first + j);
    Matrix weights = Matrix::Zero(count, bottoms_);
    Matrix k;
    if (constraints != nullptr) {
      k = constraints->Moves(inverse_, common_, first, count);
      AddOwn(k, own_.topRows(aggregates_), rows, &variances_);
      weights = ThroughAggregates(k);
    }
    for (Index j = 0; j < count; ++j) weights(j, first + j) += 1;
    AddOwn(weights, own_.bottomRows(bottoms_), rows, &variances_);
    for (std::size_t step = 0; step < sums_.size(); ++step) {
      Poll();
      const auto column = static_cast<Index>(step);
      Matrix errors = spread_.col(column).segment(aggregates_ + first, count).asDiagonal() *
                      shared_.middleRows(aggregates_ + first, count);
      if (constraints != nullptr) errors.noalias() += k * incoherence_[step];
      variances_.col(column).segment(aggregates_ + first, count) += errors.rowwise().squaredNorm();
      SumUpRows(errors, first, &sums_[step]);
    }
    if (constraints != nullptr) SumUpRows(k, first, &sum_weights_);
  }

  void SumUpRows(const Matrix& bottoms, Index first, Matrix* sums) const {
    for (Index j = 0; j < bottoms.rows(); ++j) {
      for (const std::size_t parent : hierarchy_.parents[static_cast<std::size_t>(first + j)]) {
        sums->row(static_cast<Index>(parent)) += bottoms.row(j);
      }
    }
  }

  void AddAggregates() {
    for (std::size_t step = 0; step < sums_.size(); ++step) {
      variances_.col(static_cast<Index>(step)).head(aggregates_) += sums_[step].rowwise().squaredNorm();
    }
    for (Index first = 0; first < aggregates_; first += kStrip) {
      Poll();
      const Index count = std::min(kStrip, aggregates_ - first);
      std::vector<Index> rows;
      for (Index i = 0; i < count; ++i) rows.push_back(first + i);
      const Matrix k = sum_weights_.middleRows(first, count);
      AddOwn(k, own_.topRows(aggregates_), rows, &variances_);
      Matrix weights = ThroughAggregates(k);
      for (Index i = 0; i < count; ++i) {
        for (const std::size_t j : hierarchy_.aggregates[static_cast<std::size_t>(first + i)].bottoms) {
          weights(i, static_cast<Index>(j)) += 1;
        }
      }
      AddOwn(weights, own_.bottomRows(bottoms_), rows, &variances_);
    }
  }

  const Hierarchy& hierarchy_;
  const Matrix& shared_;
  Index aggregates_;
  Index bottoms_;
  const Matrix& spread_;
  Matrix own_;  // variances of the errors each series has for itself

  Matrix inverse_;                   // of the constraints
  Matrix common_;                    // of that
  std::vector<Matrix> incoherence_;  // per step, of the shared errors
  std::vector<Matrix> sums_;         // per step, the shared errors of aggregates
  Matrix sum_weights_;               // A K
  Matrix variances_;
};

// Between the steps known, by how the ratio to the base spread changes; where that is 0, by itself.
Matrix Interpolate(const Matrix& spread, const std::vector<Index>& steps, const Matrix& known) {
  Matrix all(spread.rows(), spread.cols());
  for (std::size_t part = 0; part < steps.size(); ++part) {
    const Index from = steps[part];
    const auto left = static_cast<Index>(part);
    all.col(from) = known.col(left);
    if (part + 1 == steps.size()) continue;
    const Index to = steps[part + 1];
    for (Index step = from + 1; step < to; ++step) {
      const double share = static_cast<double>(step - from) / static_cast<double>(to - from);
      for (Index i = 0; i < all.rows(); ++i) {
        const bool ratio = spread(i, from) > 0 && spread(i, to) > 0;
        const double start = known(i, left) / (ratio ? spread(i, from) : 1);
        const double end = known(i, left + 1) / (ratio ? spread(i, to) : 1);
        all(i, step) = std::lerp(start, end, share) * (ratio ? spread(i, step) : 1);
      }
    }
  }
  return all;
}

}  // namespace

Matrix ReconcileSpread(const Hierarchy& hierarchy, const Constraints* constraints,
                       const ErrorCovariance& correlation, const Matrix& spread) {
  constexpr double kWork = 2e9;  // products of a weight and an error
  constexpr double kMostSteps = 8;
  const Index horizon = spread.cols();
  if (horizon == 0) return spread;
  const double largest = spread.maxCoeff();
  if (largest == 0) return spread;
  const double work = static_cast<double>(hierarchy.bottoms) *
                      static_cast<double>(hierarchy.aggregates.size()) *
                      static_cast<double>(correlation.shared.cols());
  const auto steps =
      ChooseSteps(horizon, static_cast<Index>(std::clamp(kWork / std::max(work, 1.0), 1.0, kMostSteps)));
  Matrix chosen(spread.rows(), static_cast<Index>(steps.size()));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    // By the largest, so that no square leaves the numbers.
    chosen.col(static_cast<Index>(i)) = spread.col(steps[i]) / largest;
  }
  const Matrix variances = Spread(hierarchy, correlation, chosen).Variances(constraints);
  const Matrix known = variances.cwiseSqrt() * largest;
  if (steps.size() == 1) {
    // One step tells the ratio of all.
    Matrix all = spread;
    for (Index i = 0; i < all.rows(); ++i) {
      if (spread(i, 0) > 0) {
        all.row(i) *= known(i, 0) / spread(i, 0);
      } else {
        all.row(i).setConstant(known(i, 0));
      }
    }
    return all;
  }
  return Interpolate(spread, steps, known);
}

}  // namespace ecomm::core
