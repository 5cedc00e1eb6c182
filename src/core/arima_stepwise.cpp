#include "arima_stepwise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeastRadius = 1.01;
constexpr std::size_t kMostModels = 94;

// Models whose neighbours are all tried in the end, as far as the criterion is about that of the best.
constexpr std::size_t kWidth = 3;
constexpr double kNear = 0.5;

std::vector<double> Negated(std::vector<double> values) {
  for (double& x : values) x = -x;
  return values;
}

// Steps in p, q, P and Q, in the order in which they are tried.
constexpr std::array<std::array<int, 4>, 16> kSteps = {{{0, 0, -1, 0},
                                                        {0, 0, 0, -1},
                                                        {0, 0, 1, 0},
                                                        {0, 0, 0, 1},
                                                        {0, 0, -1, -1},
                                                        {0, 0, -1, 1},
                                                        {0, 0, 1, -1},
                                                        {0, 0, 1, 1},
                                                        {-1, 0, 0, 0},
                                                        {0, -1, 0, 0},
                                                        {1, 0, 0, 0},
                                                        {0, 1, 0, 0},
                                                        {-1, -1, 0, 0},
                                                        {-1, 1, 0, 0},
                                                        {1, -1, 0, 0},
                                                        {1, 1, 0, 0}}};

}  // namespace

bool FarFromUnitRoots(const ArimaCoefficients& c) {
  return RootsOutside(c.ar, kLeastRadius) && RootsOutside(Negated(c.ma), kLeastRadius) &&
         RootsOutside(c.seasonal_ar, kLeastRadius) && RootsOutside(Negated(c.seasonal_ma), kLeastRadius);
}

double CriterionOf(EtsCriterion criterion, double loglik, std::size_t used, std::size_t coefficients) {
  const auto n = static_cast<double>(used);
  const double k = static_cast<double>(coefficients) + 1;
  const double aic = 2 * k - 2 * loglik;
  if (criterion == EtsCriterion::kAic) return aic;
  if (criterion == EtsCriterion::kBic) return aic + k * (std::log(n) - 2);
  return n - k - 1 > 0 ? aic + 2 * k * (k + 1) / (n - k - 1) : kInfinity;
}

ArimaStepwise::ArimaStepwise(std::span<const double> y, const MatrixView& regressors,
                             const AutoArimaOptions& options, bool constant, bool conditional)
    : y_(y),
      regressors_(regressors),
      options_(options),
      may_be_constant_(constant),
      conditional_(conditional) {}

const ArimaDesign& ArimaStepwise::Design(bool constant) {
  auto& design = designs_[constant ? 1 : 0];
  if (!design) {
    const ArimaOrder differences{0, *options_.d, 0, 0, *options_.seasonal_d, 0};
    design = std::make_unique<ArimaDesign>(y_, regressors_, differences, options_.period, constant);
  }
  return *design;
}

ArimaCandidate ArimaStepwise::Fit(const Place& place) {
  ArimaCandidate candidate;
  candidate.order = {place.p, *options_.d, place.q, place.seasonal_p, *options_.seasonal_d, place.seasonal_q};
  candidate.constant = place.constant;
  candidate.criterion = kInfinity;
  const ArimaDesign& design = Design(place.constant);
  const std::size_t coefficients = ArmaCount(candidate.order) + design.regressed();
  const std::size_t rows = design.rows();
  const std::size_t given = conditional_ ? AutoregressiveLag(candidate.order, options_.period) : 0;
  if (rows <= coefficients + given) return candidate;

  RequireMemory(2 * ArmaFilter::Bytes(LargestLag(candidate.order, options_.period), design.regressed() + 1) +
                    2 * sizeof(double) * rows * (design.regressed() + 1),
                "searching for an ARIMA model");
  ArimaObjective objective(design, candidate.order, options_.period, conditional_);
  std::vector<std::vector<double>> starts;
  if (!candidates_.empty() && std::isfinite(candidates_[best_].criterion)) {
    starts.push_back(Padded(candidates_[best_].free, candidates_[best_].order, candidate.order));
  }
  // Conditional likelihoods are of fewer errors the longer the autoregression: their mean counts for all.
  const double share = static_cast<double>(objective.counted()) / static_cast<double>(rows);
  const double least = candidates_.empty() ? kInfinity : candidates_[best_].criterion;
  const double wanted = 0.5 * (CriterionOf(options_.criterion, 0, rows, coefficients) - least) * share;
  const ArimaEstimate estimate =
      EstimateArima(&objective, search_.get(), starts, SearchEffort::kRough, wanted);
  candidate.free = estimate.free;
  if (!std::isfinite(estimate.squares)) return candidate;
  ArimaCoefficients c;
  objective.Unpack(estimate.free, &c);
  if (!FarFromUnitRoots(c)) return candidate;
  const double loglik = objective.Loglik(estimate.squares) / share;
  candidate.criterion = CriterionOf(options_.criterion, loglik, rows, coefficients);
  return candidate;
}

bool ArimaStepwise::Try(const Place& place) {
  if (place.p < 0 || place.q < 0 || place.seasonal_p < 0 || place.seasonal_q < 0 ||
      place.p > options_.max_p || place.q > options_.max_q || place.seasonal_p > options_.max_seasonal_p ||
      place.seasonal_q > options_.max_seasonal_q || (place.constant && !may_be_constant_)) {
    return false;
  }
  if (std::find(tried_.begin(), tried_.end(), place) != tried_.end()) return false;
  if (options_.stepwise && tried_.size() >= kMostModels) return false;
  tried_.push_back(place);
  candidates_.push_back(Fit(place));
  if (candidates_.size() > 1 && !(candidates_.back().criterion < candidates_[best_].criterion)) return false;
  best_ = candidates_.size() - 1;
  return true;
}

bool ArimaStepwise::TryNeighbours(std::size_t of, bool all) {
  const ArimaCandidate& from = candidates_[of];
  const Place at{from.order.p, from.order.q, from.order.seasonal_p, from.order.seasonal_q, from.constant};
  bool better = false;
  for (const auto& step : kSteps) {
    better |=
        Try({at.p + step[0], at.q + step[1], at.seasonal_p + step[2], at.seasonal_q + step[3], at.constant});
    if (better && !all) return true;
  }
  better |= Try({at.p, at.q, at.seasonal_p, at.seasonal_q, !at.constant});
  return better;
}

// First the nearest better model, and on from there. Where that ends, what the next best lead to.
void ArimaStepwise::TrySteps() {
  while (TryNeighbours(best_, false)) Poll();
  if (conditional_) return;
  std::vector<bool> done(candidates_.size(), false);
  done[best_] = true;
  std::vector<std::size_t> order;
  for (;;) {
    order.resize(candidates_.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return candidates_[a].criterion < candidates_[b].criterion;
    });
    order.resize(std::min(order.size(), kWidth));
    done.resize(candidates_.size(), false);
    const auto next = std::find_if(order.begin(), order.end(), [&](std::size_t i) { return !done[i]; });
    if (next == order.end() || !(candidates_[*next].criterion <= candidates_[best_].criterion + kNear))
      return;
    done[*next] = true;
    TryNeighbours(*next, true);
    Poll();
  }
}

void ArimaStepwise::TryAll() {
  for (int p = 0; p <= options_.max_p; ++p) {
    for (int q = 0; q <= options_.max_q; ++q) {
      for (int seasonal_p = 0; seasonal_p <= options_.max_seasonal_p; ++seasonal_p) {
        for (int seasonal_q = 0; seasonal_q <= options_.max_seasonal_q; ++seasonal_q) {
          if (p + q + seasonal_p + seasonal_q > options_.max_order) continue;
          for (const bool constant : {false, true}) Try({p, q, seasonal_p, seasonal_q, constant});
        }
      }
    }
  }
}

std::vector<ArimaCandidate> ArimaStepwise::Run() {
  const std::size_t rows = Design(may_be_constant_).rows();
  const std::size_t most =
      ArmaCount({options_.max_p, 0, options_.max_q, options_.max_seasonal_p, 0, options_.max_seasonal_q});
  RequireMemory(ArimaSearch::Bytes(rows, most), "searching for an ARIMA model");
  search_ = std::make_unique<ArimaSearch>(rows, most);
  if (options_.stepwise) {
    const int p = std::min(1, options_.max_p);
    const int q = std::min(1, options_.max_q);
    const int seasonal_p = std::min(1, options_.max_seasonal_p);
    const int seasonal_q = std::min(1, options_.max_seasonal_q);
    Try({options_.start_p, options_.start_q, options_.start_seasonal_p, options_.start_seasonal_q,
         may_be_constant_});
    Try({0, 0, 0, 0, may_be_constant_});
    Try({p, 0, seasonal_p, 0, may_be_constant_});
    Try({0, q, 0, seasonal_q, may_be_constant_});
    Try({0, 0, 0, 0, false});
    TrySteps();
  } else {
    TryAll();
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const auto& a, const auto& b) { return a.criterion < b.criterion; });
  return std::move(candidates_);
}

}  // namespace ecomm::core
