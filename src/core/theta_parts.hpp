// What the Theta models are made of. Series are without season here, and `y` has at least one value.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {

// Theta is at most 1e10.
inline constexpr double kLargestThetaWeight = 1 - 1e-10;
inline double ThetaOfWeight(double weight) { return 1 / (1 - weight); }

// The season that was asked for, or found.
struct ThetaSeasonality {
  ThetaSeason kind = ThetaSeason::kNone;
  std::vector<double> phases;  // empty for kNone

  // A phase that is as good as 0, such as the weekday on which a shop is closed: nothing can be divided by
  // it.
  bool IsClosed(std::size_t position) const;
  double Remove(double value, std::size_t position) const;
  double PutBack(double value, std::size_t position) const;
};

ThetaSeasonality FindThetaSeason(std::span<const double> y, const ThetaOptions& options);

// The fit of the series, without residuals. `y` has more than six values for FitThetaModel.
ThetaFit FitStandardTheta(std::span<const double> y);
ThetaFit FitThetaModel(std::span<const double> y, ThetaModel model);

// Runs the fit on over observations: state, squares, number, and the fitted values, which are appended.
void AdvanceTheta(std::span<const double> y, ThetaFit* fit);

// Mean and variance of each step ahead.
struct ThetaPath {
  std::vector<double> mean;
  std::vector<double> variance;
};
ThetaPath ThetaAhead(const ThetaFit& fit, std::size_t horizon);

inline bool IsDynamic(ThetaModel model) {
  return model == ThetaModel::kDynamic || model == ThetaModel::kDynamicOptimised;
}

// The line of fewer observations has no slope: the dynamic models' errors count from here.
inline std::size_t FirstCounted(ThetaModel model) { return IsDynamic(model) ? 2 : 0; }

// Mean and slope of the observations so far, from which the line through them follows.
struct RunningLine {
  double mean = 0;
  double slope = 0;

  // `time` counts from 1.
  void Add(double value, double time) {
    slope = ((time - 2) * slope + 6 * (value - mean) / time) / (time + 1);
    mean += (value - mean) / time;
  }
  double Intercept(double time) const { return mean - 0.5 * (time + 1) * slope; }
};

// Least squares line over times 1, 2, …
struct Line {
  double intercept = 0;
  double slope = 0;
};
Line FitLine(std::span<const double> y);

// The weight of the initial level, one observation later. Below what could matter it is 0: powers that linger
// among the smallest numbers would slow the loops down tenfold.
inline double Faded(double weight, double alpha) { return weight > 1e-150 ? weight * (1 - alpha) : 0; }

// Where the squared error over alpha is looked at first: finer near 0, where it bends more.
std::vector<double> AlphaGrid(double least, double greatest);

}  // namespace ecomm::core
