// What the Theta models are made of. Series are without season here, and `y` has at least one value.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {

// The season that was asked for, or found.
struct ThetaSeasonality {
  ThetaSeason kind = ThetaSeason::kNone;
  std::vector<double> phases;  // empty for kNone

  double Remove(double value, std::size_t position) const;
  double PutBack(double value, std::size_t position) const;
};

ThetaSeasonality FindThetaSeason(std::span<const double> y, const ThetaOptions& options);

// One-step fitted values, and for each step ahead mean and variance.
struct ThetaPath {
  ThetaFit fit;
  double sigma2 = 0;
  std::vector<double> fitted;
  std::vector<double> mean;
  std::vector<double> variance;
};

ThetaPath FitStandardTheta(std::span<const double> y, std::size_t horizon);

// `y` has more than six values.
ThetaPath FitThetaModel(std::span<const double> y, ThetaModel model, std::size_t horizon);

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
