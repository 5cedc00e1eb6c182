#include "lag_regression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr Index kBlockRows = 256;
constexpr std::size_t kWorkPerPoll = 100000;

// A column whose part outside the span of those before it is smaller than this part of it is taken to depend
// on them.
constexpr double kDependent = 1e-12;

// Residuals of data up to 1 that are rounding and nothing else.
constexpr double kExact = 16 * std::numeric_limits<double>::epsilon();

double Mean(const std::vector<double>& y) {
  return std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
}

}  // namespace

std::size_t TrendTerms(AdfTrend trend) noexcept { return static_cast<std::size_t>(trend); }

LagRegression::LagRegression(const std::vector<double>& y, AdfTrend trend, std::size_t lags)
    : terms_(TrendTerms(trend)), lags_(lags), rows_(y.size() - 1 - lags) {
  const std::size_t columns = terms_ + 1 + lags_;
  RequireMemory(((columns + 1) * (columns + 1 + kBlockRows) + 2 * y.size()) * sizeof(double),
                "a unit root test with that many lags");
  triangle_.setZero(static_cast<Index>(columns) + 1, static_cast<Index>(columns) + 1);
  kept_.resize(columns);
  std::iota(kept_.begin(), kept_.end(), std::size_t{0});
  AbsorbRows(y, trend);
  DropDependent();

  const auto used = static_cast<Index>(kept_.size());
  squared_residuals_.resize(kept_.size() + 1);
  double sum = triangle_(used, used) * triangle_(used, used);
  squared_residuals_.back() = sum;
  for (Index j = used; j-- > 0;) {
    sum += triangle_(j, used) * triangle_(j, used);
    squared_residuals_[static_cast<std::size_t>(j)] = sum;
  }
}

void LagRegression::AbsorbRows(const std::vector<double>& y, AdfTrend trend) {
  // With a constant in the regression the level's origin and the trend's terms may be chosen freely: around 0
  // they lose no digits to one another.
  const double origin = trend == AdfTrend::kNone ? 0 : Mean(y);
  const double middle = static_cast<double>(rows_ - 1) / 2;
  block_.resize(kBlockRows, triangle_.cols());
  for (std::size_t start = 0; start < rows_; start += kBlockRows) {
    const auto rows = static_cast<Index>(std::min(rows_ - start, static_cast<std::size_t>(kBlockRows)));
    for (Index i = 0; i < rows; ++i) {
      const std::size_t row = start + static_cast<std::size_t>(i);
      const std::size_t at = row + lags_;  // of the level; the target leads from it to the next
      const double time = (static_cast<double>(row) - middle) / std::max(middle, 1.0);
      double power = 1;
      Index column = 0;
      for (std::size_t term = 0; term < terms_; ++term, power *= time) block_(i, column++) = power;
      block_(i, column++) = y[at] - origin;
      for (std::size_t lag = 1; lag <= lags_; ++lag) block_(i, column++) = y[at - lag + 1] - y[at - lag];
      block_(i, column) = y[at + 1] - y[at];
    }
    AbsorbBlock(rows);
  }
}

// Householder reflections that bring the block's rows to zero. Above them only row j of the triangle takes
// part in reflection j.
void LagRegression::AbsorbBlock(Index rows) {
  const Index columns = triangle_.cols();
  for (Index j = 0; j < columns; ++j) {
    auto reflector = block_.col(j).head(rows);
    const double below = reflector.norm();
    if (below == 0) continue;
    const double old = triangle_(j, j);
    const double diagonal = old > 0 ? -std::hypot(old, below) : std::hypot(old, below);
    reflector /= old - diagonal;
    const double scale = (diagonal - old) / diagonal;
    triangle_(j, j) = diagonal;
    const Index rest = columns - j - 1;
    if (rest > 0) {
      auto right = block_.block(0, j + 1, rows, rest);
      auto above = triangle_.row(j).tail(rest);
      const Eigen::RowVectorXd step = scale * (above + reflector.transpose() * right);
      above -= step;
      right.noalias() -= reflector * step;
    }
    work_ += static_cast<std::size_t>(4 * rows * (rest + 1));
    if (work_ >= kWorkPerPoll) {
      Poll();
      work_ = 0;
    }
  }
}

// Takes out the columns that depend on those before them, and makes the rest a triangle again.
void LagRegression::DropDependent() {
  const auto dependent = [&](std::size_t j) {
    const auto column = triangle_.col(static_cast<Index>(j)).head(static_cast<Index>(j) + 1);
    return std::fabs(column[static_cast<Index>(j)]) <= kDependent * column.norm();
  };
  for (std::size_t j = 0; j < kept_.size();) {
    if (!dependent(j)) {
      ++j;
      continue;
    }
    if (kept_[j] == terms_) level_varies_ = false;
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(j));
    // The rows from j on, without column j, go through the triangle once more.
    const auto first = static_cast<Index>(j);
    const Index size = triangle_.cols();
    const Eigen::MatrixXd old = std::move(triangle_);
    triangle_.setZero(size - 1, size - 1);
    triangle_.topRows(first).leftCols(first) = old.topRows(first).leftCols(first);
    triangle_.topRows(first).rightCols(size - 1 - first) = old.topRows(first).rightCols(size - 1 - first);
    block_.resize(1, size - 1);
    for (Index row = first; row < size; ++row) {
      block_.setZero();
      block_.rightCols(size - 1 - first) = old.row(row).tail(size - 1 - first);
      AbsorbBlock(1);
    }
  }
}

bool LagRegression::Exact() const {
  return squared_residuals_.back() <= kExact * kExact * static_cast<double>(rows_);
}

std::size_t LagRegression::Rank(std::size_t lags) const {
  const auto end = std::lower_bound(kept_.begin(), kept_.end(), terms_ + 1 + lags);
  return static_cast<std::size_t>(end - kept_.begin());
}

double LagRegression::LastT(std::size_t lags) const {
  const std::size_t rank = Rank(lags);
  if (kept_[rank - 1] != terms_ + lags) return 0;
  const auto last = static_cast<Index>(rank) - 1;
  const double variance = squared_residuals_[rank] / static_cast<double>(rows_ - rank);
  const double t = triangle_(last, triangle_.cols() - 1) / std::sqrt(variance);
  return triangle_(last, last) < 0 ? -t : t;
}

double LagRegression::LevelCoefficient() const {
  const auto used = static_cast<Index>(kept_.size());
  const Eigen::VectorXd solution = triangle_.topLeftCorner(used, used)
                                       .triangularView<Eigen::Upper>()
                                       .solve(triangle_.col(used).head(used));
  return solution[static_cast<Index>(terms_)];
}

double LagRegression::LevelT() const {
  const auto used = static_cast<Index>(kept_.size());
  // The variance of a coefficient is the squared length of its row in the triangle's inverse.
  const Eigen::VectorXd row = triangle_.topLeftCorner(used, used)
                                  .triangularView<Eigen::Upper>()
                                  .transpose()
                                  .solve(Eigen::VectorXd::Unit(used, static_cast<Index>(terms_)));
  const double variance = squared_residuals_.back() / static_cast<double>(rows_ - kept_.size());
  return LevelCoefficient() / (std::sqrt(variance) * row.norm());
}

}  // namespace ecomm::core
