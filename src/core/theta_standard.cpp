// The standard Theta method: exponential smoothing with drift.
#include <cmath>
#include <cstddef>

#include "ecomm_analytics/core/host.hpp"
#include "scalar_search.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kShort = 6;

struct Smoothing {
  double correction = 0;  // of an initial level equal to the first observation
  double squares = 0;     // of the errors
};

// The errors are linear in the initial level, whose weight falls by 1 - alpha with each observation.
Smoothing Smooth(std::span<const double> y, double alpha, bool free_level) {
  double level = y.front();
  double weight = 1;
  double errors_squared = 0;
  double errors_weight = 0;
  double weight_squared = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i % 16384 == 0) Poll();
    const double error = y[i] - level;
    errors_squared += error * error;
    errors_weight += error * weight;
    weight_squared += weight * weight;
    level += alpha * error;
    weight = Faded(weight, alpha);
  }
  if (!free_level) return {0, errors_squared};
  const double correction = errors_weight / weight_squared;
  return {correction, errors_squared - correction * errors_weight};
}

}  // namespace

Line FitLine(std::span<const double> y) {
  const auto count = static_cast<double>(y.size());
  const double centre = 0.5 * (count + 1);
  const double origin = y.front();
  double sum = 0;
  double products = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double value = y[i] - origin;
    sum += value;
    products += value * (static_cast<double>(i + 1) - centre);
  }
  const double slope = y.size() > 1 ? products / (count * (count * count - 1) / 12) : 0;
  return {origin + sum / count - slope * centre, slope};
}

std::vector<double> AlphaGrid(double least, double greatest) {
  constexpr double kBend = 0.1;
  constexpr int kPoints = 18;
  std::vector<double> grid;
  if (least > 0) {
    for (double alpha = least; alpha < kBend; alpha *= 1.6) grid.push_back(alpha);
  } else {
    for (const double alpha : {0.0, 0.001, 0.01, 0.03}) grid.push_back(alpha);
  }
  const double start = std::max(least, kBend);
  for (double i = 0; i <= kPoints; ++i) grid.push_back(std::lerp(start, greatest, i / double{kPoints}));
  return grid;
}

ThetaFit FitStandardTheta(std::span<const double> y) {
  const bool free_level = y.size() > kShort;
  const auto grid = free_level ? AlphaGrid(1e-4, 0.9999) : AlphaGrid(0, 1);
  const auto squares = [&](double alpha) { return Smooth(y, alpha, free_level).squares; };

  ThetaFit fit;
  fit.alpha = LowestPoint(squares, grid, 1e-10);
  fit.initial_level = y.front() + Smooth(y, fit.alpha, free_level).correction;
  const Line line = FitLine(y);
  fit.intercept = line.intercept;
  fit.slope = line.slope;
  fit.estimated = free_level ? 2 : 0;
  fit.state.level = fit.initial_level;
  AdvanceTheta(y, &fit);
  return fit;
}

}  // namespace ecomm::core
