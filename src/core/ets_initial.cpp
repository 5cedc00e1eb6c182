#include "ets_initial.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include "ecomm_analytics/core/decompose.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ets_form.hpp"

namespace ecomm::core {
namespace {

constexpr double kSmallestFactor = 0.01;
constexpr std::size_t kFewest = 10;  // observations for the line, where there are so many

struct Line {
  double level = 0;
  double slope = 0;
};

// Through y at 1, 2, …
Line FitLine(std::span<const double> y) {
  const auto n = static_cast<double>(y.size());
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / n;
  if (y.size() < 2) return {mean, 0};
  const double middle = (n + 1) / 2;
  double product = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    product += (static_cast<double>(i + 1) - middle) * (y[i] - mean);
  }
  const double slope = product / (n * (n * n - 1) / 12);
  return {mean - slope * middle, slope};
}

// The line of a regression on time and one wave a period.
Line FitLineAndWave(std::span<const double> y, int period) {
  const Eigen::Index columns = period > 2 ? 4 : 3;  // of a period of two, the sine is 0 throughout
  const auto n = static_cast<Eigen::Index>(y.size());
  Eigen::MatrixXd terms(n, columns);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i + 1);
    const double angle = 2 * std::numbers::pi * t / period;
    terms(i, 0) = 1;
    terms(i, 1) = t;
    terms(i, 2) = std::cos(angle);
    if (columns > 3) terms(i, 3) = std::sin(angle);
  }
  const Vector coefficients = terms.colPivHouseholderQr().solve(Eigen::Map<const Vector>(y.data(), n));
  return {coefficients[0], coefficients[1]};
}

std::vector<double> SeasonOf(std::span<const double> y, int period, bool factors) {
  const auto m = static_cast<std::size_t>(period);
  if (y.size() >= 3 * m) {
    std::vector<double> season =
        DecomposeClassical(y, period, factors ? ClassicalModel::kMultiplicative : ClassicalModel::kAdditive)
            .seasonal;
    season.resize(m);
    return season;
  }
  const Line line = FitLineAndWave(y, period);
  std::vector<double> season(m);
  for (std::size_t i = 0; i < m; ++i) {
    const double smooth = line.level + line.slope * static_cast<double>(i + 1);
    season[i] = factors ? y[i] / smooth : y[i] - smooth;
  }
  return season;
}

// What the seasons have in common belongs to the level.
void Normalize(std::vector<double>* season, bool factors) {
  if (factors) {
    for (double& s : *season) s = s > kSmallestFactor ? s : kSmallestFactor;
  }
  const double mean =
      std::accumulate(season->begin(), season->end(), 0.0) / static_cast<double>(season->size());
  for (double& s : *season) s = factors ? s / mean : s - mean;
}

// The line through the logarithms: the level a step before the first observation, and the factor per step.
Line FitGrowth(std::span<const double> y) {
  std::vector<double> logs(y.size());
  std::transform(y.begin(), y.end(), logs.begin(), [](double x) { return std::log(x); });
  const Line line = FitLine(logs);
  return {std::exp(line.level), std::exp(line.slope)};
}

}  // namespace

std::vector<double> InitialEtsStates(std::span<const double> y, const EtsForm& form, int period) {
  const bool factors = form.season == EtsPart::kMultiplicative;
  const std::size_t m = HasSeason(form) ? static_cast<std::size_t>(period) : 1;
  std::vector<double> season;
  if (HasSeason(form)) {
    season = SeasonOf(y, period, factors);
    Normalize(&season, factors);
  }
  std::vector<double> start(
      y.begin(), y.begin() + static_cast<std::ptrdiff_t>(std::min(std::max(kFewest, 2 * m), y.size())));
  for (std::size_t i = 0; i < start.size() && !season.empty(); ++i) {
    start[i] = factors ? start[i] / season[i % m] : start[i] - season[i % m];
  }

  std::vector<double> states;
  states.reserve(2 + season.size());
  if (form.trend == EtsPart::kNone) {
    states.push_back(std::accumulate(start.begin(), start.end(), 0.0) / static_cast<double>(start.size()));
  } else {
    const Line line = form.trend == EtsPart::kMultiplicative ? FitGrowth(start) : FitLine(start);
    states.push_back(line.level);
    states.push_back(line.slope);
  }
  states.insert(states.end(), season.begin(), season.end());
  return states;
}

std::vector<double> FlatEtsStates(std::span<const double> y, const EtsForm& form, int period) {
  std::vector<double> sorted(y.begin(), y.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  std::vector<double> states(StateCount(form, period), form.season == EtsPart::kMultiplicative ? 1.0 : 0.0);
  states[0] = *middle;
  if (HasTrend(form)) states[1] = form.trend == EtsPart::kMultiplicative ? 1 : 0;
  return states;
}

}  // namespace ecomm::core
