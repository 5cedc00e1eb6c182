// The season of the Theta models: whether there is one, and its phases.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/autocorrelation.hpp"
#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

// The autocorrelation at the period against its standard error, were those beyond the ones before it all 0
// (Bartlett 1946, doi:10.2307/2983611).
bool Significant(std::span<const double> y, int period) {
  const auto lag = static_cast<std::size_t>(period);
  if (y.size() <= 2 * lag || IsConstant(y)) return false;
  const auto r = Acf(y, {.lags = period});
  double squares = 0;
  for (std::size_t k = 1; k < lag; ++k) squares += r[k] * r[k];
  const double error = std::sqrt((1 + 2 * squares) / static_cast<double>(y.size()));
  return std::fabs(r[lag]) / error > NormalQuantile(0.95);
}

std::vector<double> Phases(std::span<const double> y, std::size_t period, bool multiplicative) {
  std::vector<double> detrended = CentredAverage(y, period);
  for (std::size_t i = 0; i < y.size(); ++i) {
    detrended[i] = multiplicative ? y[i] / detrended[i] : y[i] - detrended[i];
  }
  return PhaseMeans(detrended, period, multiplicative);
}

constexpr double kLeast = 1e-4;

bool CanDivide(const std::vector<double>& factors) {
  return std::all_of(factors.begin(), factors.end(),
                     [](double factor) { return std::isfinite(factor) && factor >= kLeast; });
}

// Whether the phases that can't be divided by are those of a shop's closed days, most days being open.
bool HasClosedPhases(std::span<const double> y, const std::vector<double>& factors) {
  const auto open = std::count_if(factors.begin(), factors.end(), [](double f) { return f >= kLeast; });
  return 2 * static_cast<std::size_t>(open) > factors.size() &&
         std::all_of(factors.begin(), factors.end(), [](double factor) { return std::isfinite(factor); }) &&
         std::all_of(y.begin(), y.end(), [](double value) { return value >= 0; });
}

}  // namespace

bool ThetaSeasonality::IsClosed(std::size_t position) const {
  return kind == ThetaSeason::kMultiplicative && phases[position % phases.size()] < kLeast;
}

double ThetaSeasonality::Remove(double value, std::size_t position) const {
  if (kind == ThetaSeason::kNone) return value;
  const double phase = phases[position % phases.size()];
  return kind == ThetaSeason::kAdditive ? value - phase : value / phase;
}

double ThetaSeasonality::PutBack(double value, std::size_t position) const {
  if (kind == ThetaSeason::kNone) return value;
  const double phase = phases[position % phases.size()];
  return kind == ThetaSeason::kAdditive ? value + phase : value * phase;
}

ThetaSeasonality FindThetaSeason(std::span<const double> y, const ThetaOptions& options) {
  if (options.period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(options.period) + ", allowed: 1 and more.");
  }
  const bool automatic = options.season == ThetaSeason::kAuto;
  if (options.period == 1 || options.season == ThetaSeason::kNone) return {};
  if (automatic && !Significant(y, options.period)) return {};
  RequireTwoPeriods(y.size(), options.period);
  const auto period = static_cast<std::size_t>(options.period);
  if (options.season != ThetaSeason::kAdditive) {
    ThetaSeasonality season = {ThetaSeason::kMultiplicative, Phases(y, period, true)};
    if (CanDivide(season.phases) || (automatic && HasClosedPhases(y, season.phases))) return season;
    if (!automatic) {
      throw Error(ErrorCode::kUnusableData, "the season has factors that cannot be divided by",
                  "Each phase must be at least 0.0001 of the level.", "Use the additive season, or none.");
    }
  }
  return {ThetaSeason::kAdditive, Phases(y, period, false)};
}

}  // namespace ecomm::core
