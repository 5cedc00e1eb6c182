#include "season_test.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ecomm_analytics/core/f_distribution.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kLongestByObservation = 24;
constexpr std::size_t kParts = 12;

double Mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double SquaresAroundMean(std::span<const double> values) {
  const double mean = Mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

// Of the line through the observations, where y[i] stands at i + 1/2: parts of a straight line then lie on a
// straight line again, wherever they begin.
double MeanBetween(std::span<const double> y, double from, double to) {
  double sum = 0;
  const auto last_piece = static_cast<double>(y.size() - 2);
  for (double at = from; at < to;) {
    const double piece = std::clamp(std::floor(at - 0.5), 0.0, last_piece);
    const double end = piece < last_piece ? std::min(to, piece + 1.5) : to;
    const auto i = static_cast<std::size_t>(piece);
    const double fraction = 0.5 * (at + end) - 0.5 - piece;
    sum += (end - at) * (y[i] + fraction * (y[i + 1] - y[i]));
    at = end;
  }
  return sum / (to - from);
}

struct Phased {
  std::vector<double> values;
  std::size_t phases = 0;  // value i has phase i % phases
};

Phased ByPhase(std::span<const double> y, double period) {
  const double whole = std::nearbyint(period);
  if (period <= kLongestByObservation && std::fabs(period - whole) < 1e-9) {
    return {{y.begin(), y.end()}, static_cast<std::size_t>(whole)};
  }
  Phased result{{}, std::min(kParts, static_cast<std::size_t>(period))};
  const double width = period / static_cast<double>(result.phases);
  const auto count = static_cast<std::size_t>(static_cast<double>(y.size()) / width + 1e-9);
  result.values.reserve(count);
  for (std::size_t k = 0; k < count; ++k) {
    const auto from = static_cast<double>(k) * width;
    result.values.push_back(MeanBetween(y, from, from + width));
  }
  return result;
}

std::vector<double> WithoutPhaseMeans(const Phased& series) {
  std::vector<double> rest = series.values;
  for (std::size_t phase = 0; phase < series.phases; ++phase) {
    double sum = 0;
    double count = 0;
    for (std::size_t i = phase; i < rest.size(); i += series.phases, ++count) sum += rest[i];
    for (std::size_t i = phase; i < rest.size(); i += series.phases) rest[i] -= sum / count;
  }
  return rest;
}

// By Levinson's recursion on the autocovariances; the order is the one with the least AIC, up to `most`.
// Empty for none.
std::vector<double> Autoregression(std::span<const double> centred, std::size_t most) {
  const auto n = static_cast<double>(centred.size());
  std::vector<double> covariances(most + 1, 0.0);
  for (std::size_t lag = 0; lag <= most; ++lag) {
    for (std::size_t i = lag; i < centred.size(); ++i) covariances[lag] += centred[i] * centred[i - lag];
    Poll();
  }
  std::vector<double> best;
  if (covariances[0] <= 0) return best;
  double error = covariances[0];
  double least = n * std::log(error);
  std::vector<double> phi;
  std::vector<double> previous;
  for (std::size_t order = 1; order <= most; ++order) {
    double reflection = covariances[order];
    for (std::size_t j = 0; j < phi.size(); ++j) reflection -= phi[j] * covariances[order - 1 - j];
    reflection /= error;
    previous = phi;
    phi.push_back(reflection);
    for (std::size_t j = 0; j + 1 < order; ++j) phi[j] -= reflection * previous[order - 2 - j];
    error *= 1 - reflection * reflection;
    if (error <= 0) break;
    const double criterion = n * std::log(error) + 2 * static_cast<double>(order);
    if (criterion < least) {
      least = criterion;
      best = phi;
    }
  }
  return best;
}

// Ties share the mean of their ranks.
std::vector<double> Ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = 0.5 * static_cast<double>(from + to + 1);
    from = to;
  }
  return ranks;
}

// Value i belongs to group (first + i) % groups.
SeasonTest VarianceAnalysis(std::span<const double> values, std::size_t groups, std::size_t first) {
  std::vector<double> sums(groups, 0.0);
  std::vector<double> counts(groups, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sums[(first + i) % groups] += values[i];
    counts[(first + i) % groups] += 1;
  }
  const auto n = static_cast<double>(values.size());
  const double used =
      static_cast<double>(std::count_if(counts.begin(), counts.end(), [](double c) { return c > 0; }));
  if (used < 2 || n <= used) return {};
  const double mean = Mean(values);
  double between = 0;
  for (std::size_t k = 0; k < groups; ++k) {
    if (counts[k] > 0) between += counts[k] * (sums[k] / counts[k] - mean) * (sums[k] / counts[k] - mean);
  }
  const double total = SquaresAroundMean(values);
  if (total <= 0) return {};
  // Ranks of perfectly repeated phases leave nothing within.
  const double within = std::max(total - between, 1e-12 * total);
  SeasonTest result;
  result.f = between / (used - 1) / (within / (n - used));
  result.p_value = FSurvival(result.f, used - 1, n - used);
  return result;
}

}  // namespace

std::vector<double> WithoutDrift(std::span<const double> y) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < y.size(); ++i) differences.push_back(y[i] - y[i - 1]);
  if (!differences.empty() && SquaresAroundMean(differences) < SquaresAroundMean(y)) return differences;
  return {y.begin(), y.end()};
}

SeasonTest TestSeason(std::span<const double> y, double period) {
  Phased series = ByPhase(y, period);
  const std::size_t before = series.values.size();
  series.values = WithoutDrift(series.values);
  std::size_t first = before - series.values.size();  // the phase of the first value

  const std::vector<double> rest = WithoutPhaseMeans(series);
  const std::size_t n = rest.size();
  const auto longest = static_cast<std::size_t>(10 * std::log10(static_cast<double>(n)));
  // Beyond the period it would explain the season itself.
  const std::size_t most = std::min({longest, n / 8, series.phases - 1});
  const std::vector<double> phi = Autoregression(rest, most);
  std::vector<double> innovations;
  innovations.reserve(n);
  for (std::size_t i = phi.size(); i < n; ++i) {
    double value = series.values[i];
    for (std::size_t j = 0; j < phi.size(); ++j) value -= phi[j] * series.values[i - 1 - j];
    innovations.push_back(value);
  }
  first += phi.size();
  double largest = 0;
  for (const double value : y) largest = std::max(largest, std::fabs(value));
  const double rounding = 1e-13 * largest;
  if (SquaresAroundMean(innovations) <= rounding * rounding * static_cast<double>(innovations.size()))
    return {};
  return VarianceAnalysis(Ranks(innovations), series.phases, first % series.phases);
}

}  // namespace ecomm::core
