// The search of arima_estimate.hpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "arima_estimate.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostIterations = 100;
constexpr double kDifference = 1e-6;           // of a free number, for the slopes
constexpr double kCurvatureDifference = 1e-3;  // the same, for the curvature of the likelihood
constexpr double kFirstDamping = 1e-3;
constexpr double kLeastDamping = 1e-9;
constexpr double kMostDamping = 1e9;
constexpr double kLessDamping = 0.2;
constexpr double kMoreDamping = 6;
constexpr double kLongestStep = 1.5;  // of a free number; their tangents are what counts
constexpr double kFarthest = 9;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kStart = 0.1;
constexpr double kPadding = 0.05;
constexpr double kFarthestStart = 2.5;  // farther out the slopes say little
constexpr std::array kSpread = {-1.0, 0.1, 1.0};
constexpr double kRoughly = 1e-3;  // of the log-likelihood
constexpr double kExactly = 1e-8;
constexpr double kLeastCurvature = 1e-12;  // relative to the largest

// Of a rough search: steps between slopes that are taken anew, and how many times its last gain a step is
// trusted to add in the end.
constexpr int kMostUpdates = 4;
constexpr double kReach = 10;

}  // namespace

ArimaSearch::ArimaSearch(std::size_t rows, std::size_t most_parameters)
    : errors_(static_cast<Eigen::Index>(rows)),
      trial_errors_(static_cast<Eigen::Index>(rows)),
      jacobian_(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(most_parameters)),
      normal_(static_cast<Eigen::Index>(most_parameters), static_cast<Eigen::Index>(most_parameters)),
      damped_(normal_),
      gradient_(static_cast<Eigen::Index>(most_parameters)),
      step_(gradient_),
      trial_(gradient_),
      factor_(static_cast<Eigen::Index>(most_parameters)) {}

std::size_t ArimaSearch::Bytes(std::size_t rows, std::size_t parameters) {
  return sizeof(double) * (rows * (parameters + 2) + 3 * parameters * (parameters + 1));
}

// At `free`, whose errors are errors_.
void ArimaSearch::Linearize(ArimaObjective* objective, std::span<const double> free) {
  const auto size = static_cast<Eigen::Index>(free.size());
  trial_.head(size) = Eigen::Map<const Vector>(free.data(), size);
  for (Eigen::Index j = 0; j < size; ++j) {
    // Towards 0, where the domain does not end.
    const double difference = trial_[j] > 0 ? -kDifference : kDifference;
    trial_[j] += difference;
    auto column = jacobian_.col(j);
    if (std::isfinite(objective->Evaluate({trial_.data(), free.size()}, column))) {
      column = (column - errors_) / difference;
    } else {
      column.setZero();
    }
    trial_[j] = free[static_cast<std::size_t>(j)];
  }
  SolveForSlopes(size);
}

// Broyden's update (1965, doi:10.1090/S0025-5718-1965-0198670-6) for the step from `free` and errors_ to
// trial_ and trial_errors_, gradient apart.
void ArimaSearch::UpdateSlopes(std::span<const double> free) {
  const auto size = static_cast<Eigen::Index>(free.size());
  auto step = step_.head(size);
  step = trial_.head(size) - Eigen::Map<const Vector>(free.data(), size);
  const double length = step.squaredNorm();
  if (length == 0) return;
  auto jacobian = jacobian_.leftCols(size);
  errors_ = trial_errors_ - errors_;
  errors_.noalias() -= jacobian * step;
  jacobian.noalias() += errors_ * (step / length).transpose();
}

void ArimaSearch::SolveForSlopes(Eigen::Index size) {
  const auto jacobian = jacobian_.leftCols(size);
  normal_.topLeftCorner(size, size).noalias() = jacobian.transpose() * jacobian;
  const double least =
      kLeastCurvature * std::max(normal_.topLeftCorner(size, size).diagonal().maxCoeff(), 1e-300);
  normal_.topLeftCorner(size, size).diagonal().array() += least;
  gradient_.head(size).noalias() = jacobian.transpose() * errors_;
}

double ArimaSearch::Squares(ArimaObjective* objective, std::span<const double> free) {
  return objective->Evaluate(free, errors_);
}

double ArimaSearch::Minimize(ArimaObjective* objective, double tolerance, double wanted,
                             std::span<double> free) {
  double least = objective->Evaluate(free, errors_);
  if (free.empty() || !std::isfinite(least)) return least;
  const auto size = static_cast<Eigen::Index>(free.size());
  const double half = 0.5 * static_cast<double>(objective->counted());
  const bool rough = tolerance >= kRoughly;
  double damping = kFirstDamping;
  int small = 0;
  int updates = 0;  // of the slopes since they were taken
  bool anew = true;
  for (int iteration = 0; iteration < kMostIterations; ++iteration) {
    Poll();
    if (anew) {
      Linearize(objective, free);
      updates = 0;
    }
    bool better = false;
    double gained = 0;
    for (; !better && damping < kMostDamping; damping *= better ? kLessDamping : kMoreDamping) {
      damped_.topLeftCorner(size, size) = normal_.topLeftCorner(size, size);
      damped_.topLeftCorner(size, size).diagonal() *= 1 + damping;
      factor_.compute(damped_.topLeftCorner(size, size));
      if (factor_.info() != Eigen::Success) continue;
      step_.head(size) = gradient_.head(size);
      auto step = step_.head(size);
      factor_.solveInPlace(step);
      if (!step.allFinite()) continue;
      // Each number by itself: where one is nearly without effect, its step is long and tells little.
      for (Eigen::Index j = 0; j < size; ++j) {
        const double move = std::clamp(-step_[j], -kLongestStep, kLongestStep);
        trial_[j] = std::clamp(free[static_cast<std::size_t>(j)] + move, -kFarthest, kFarthest);
      }
      const double squares = objective->Evaluate({trial_.data(), free.size()}, trial_errors_);
      gained = half * std::log(least / squares);
      better = squares < least;
      if (better) {
        least = squares;
      } else if (updates > 0) {
        break;
      } else if (gained > -tolerance) {
        return least;
      }
    }
    anew = !rough || !better || updates == kMostUpdates;
    if (!better && updates == 0) return least;
    if (!better) continue;
    damping = std::max(damping, kLeastDamping);
    if (!anew) {
      UpdateSlopes(free);
      ++updates;
    }
    std::copy(trial_.data(), trial_.data() + size, free.begin());
    errors_.swap(trial_errors_);
    if (!anew) SolveForSlopes(size);
    small = gained < tolerance ? small + 1 : 0;
    if (small == (rough ? 1 : 2)) return least;
    if (wanted - objective->Loglik(least) > kReach * gained) return least;
  }
  return least;
}

Columns ArimaSearch::Covariance(ArimaObjective* objective, std::span<const double> free,
                                Columns* regression_slope) {
  const auto size = static_cast<Eigen::Index>(free.size());
  const auto move = [&](Eigen::Index i, double a, Eigen::Index j, double b) {
    trial_.head(size) = Eigen::Map<const Vector>(free.data(), size);
    trial_[i] += a;
    trial_[j] += b;
    return -objective->Loglik(objective->Evaluate({trial_.data(), free.size()}, trial_errors_));
  };
  const double h = kCurvatureDifference;
  const double least = move(0, 0, 0, 0);
  const Vector centre = objective->regression();
  regression_slope->resize(centre.size(), size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const double below = move(i, -h, i, 0);
    regression_slope->col(i) = -objective->regression() / (2 * h);
    const double above = move(i, h, i, 0);
    regression_slope->col(i) += objective->regression() / (2 * h);
    damped_(i, i) = (above - 2 * least + below) / (h * h);
    for (Eigen::Index j = 0; j < i; ++j) {
      const double along = move(i, h, j, h) + move(i, -h, j, -h);
      const double across = move(i, h, j, -h) + move(i, -h, j, h);
      damped_(i, j) = damped_(j, i) = (along - across) / (4 * h * h);
    }
  }
  const Columns identity = Columns::Identity(size, size);
  factor_.compute(damped_.topLeftCorner(size, size));
  if (factor_.info() == Eigen::Success) return factor_.solve(identity);
  // On the border the likelihood does not curve as it should; its errors still have slopes.
  const double squares = objective->Evaluate(free, errors_);
  Linearize(objective, free);
  return normal_.topLeftCorner(size, size).llt().solve(identity) *
         (squares / static_cast<double>(objective->counted()));
}

ArimaEstimate EstimateArima(ArimaObjective* objective, ArimaSearch* search,
                            std::span<const std::vector<double>> starts, SearchEffort effort, double wanted) {
  constexpr double kAny = -kInfinity;
  std::vector<std::vector<double>> from(starts.begin(), starts.end());
  if (effort == SearchEffort::kRough || effort == SearchEffort::kFull || from.empty()) {
    from.emplace_back(objective->size(), kStart);
    if (auto conditional = objective->Conditional()) {
      search->Minimize(&*conditional, kRoughly, kAny, from.back());
    }
  }
  for (auto& free : from) {
    for (double& x : free) x = std::clamp(x, -kFarthestStart, kFarthestStart);
  }
  if (effort == SearchEffort::kRough) {
    const auto best = std::min_element(from.begin(), from.end(), [&](const auto& a, const auto& b) {
      return search->Squares(objective, a) < search->Squares(objective, b);
    });
    from = {std::vector<double>(*best)};
  }
  ArimaEstimate best{std::vector<double>(objective->size(), 0), kInfinity};
  const auto search_from = [&](std::vector<double> free, double tolerance) {
    const double squares = search->Minimize(objective, tolerance, wanted, free);
    if (squares < best.squares) best = {std::move(free), squares};
  };
  for (auto& free : from) search_from(std::move(free), kRoughly);
  const bool found = std::isfinite(best.squares);
  if (!found || effort == SearchEffort::kGiven || effort == SearchEffort::kFull) {
    search_from(best.free, kExactly);
  }
  return best;
}

std::vector<std::vector<double>> SpreadStarts(ArimaObjective* objective, std::size_t most) {
  // Where the first number of each polynomial stands, and what it may be.
  std::vector<std::pair<double, std::vector<double>>> found;
  const ArimaOrder& order = objective->order();
  const std::array<int, 4> sizes = {order.p, order.q, order.seasonal_p, order.seasonal_q};
  Vector errors(static_cast<Eigen::Index>(objective->rows()));
  std::size_t points = 1;
  for (const int size : sizes) points *= size > 0 ? kSpread.size() : 1;
  for (std::size_t point = 0; point < points; ++point) {
    std::vector<double> free(objective->size(), 0);
    std::size_t at = 0;
    std::size_t rest = point;
    for (const int size : sizes) {
      if (size == 0) continue;
      free[at] = kSpread[rest % kSpread.size()];
      rest /= kSpread.size();
      at += static_cast<std::size_t>(size);
    }
    const double squares = objective->Evaluate(free, errors);
    if (std::isfinite(squares)) found.emplace_back(squares, std::move(free));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::vector<double>> starts;
  for (auto& [squares, free] : found) {
    if (starts.size() < most) starts.push_back(std::move(free));
  }
  return starts;
}

std::vector<double> Padded(std::span<const double> free, const ArimaOrder& from, const ArimaOrder& to) {
  const std::array<int, 4> have = {from.p, from.q, from.seasonal_p, from.seasonal_q};
  const std::array<int, 4> need = {to.p, to.q, to.seasonal_p, to.seasonal_q};
  std::vector<double> padded;
  std::size_t at = 0;
  for (std::size_t part = 0; part < have.size(); ++part) {
    for (int i = 0; i < need[part]; ++i) {
      padded.push_back(i < have[part] ? free[at + static_cast<std::size_t>(i)] : kPadding);
    }
    at += static_cast<std::size_t>(have[part]);
  }
  return padded;
}

}  // namespace ecomm::core
