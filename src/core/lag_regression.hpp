// The regression behind the augmented Dickey-Fuller test: the differences of a series on terms of a trend,
// the level before, and lagged differences; every smaller number of lags at the same time.
#pragma once

#include <cstddef>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/stationarity.hpp"

namespace ecomm::core {

std::size_t TrendTerms(AdfTrend trend) noexcept;

class LagRegression {
 public:
  // `y` as ScaleSeries() gives it, with more rows (n - 1 - lags) than columns (1 + lags + terms of the
  // trend). Rows are taken up block by block into the triangle of a QR decomposition (Householder), so that
  // memory does not grow with them beyond the series itself.
  LagRegression(const std::vector<double>& y, AdfTrend trend, std::size_t lags);

  std::size_t rows() const { return rows_; }

  // False where the level is a linear combination of the trend's terms, to rounding.
  bool LevelVaries() const { return level_varies_; }

  // True where the residuals of all lags are no more than rounding.
  bool Exact() const;

  // The following for the regression on the first so many lags, on the same rows; they need LevelVaries().

  std::size_t Rank(std::size_t lags) const;
  double SquaredResiduals(std::size_t lags) const { return squared_residuals_[Rank(lags)]; }

  // t of the last lag, or without any of the level; 0 for a lag that was left out.
  double LastT(std::size_t lags) const;

  // Of the regression on all lags.
  double LevelCoefficient() const;
  double LevelT() const;

 private:
  void AbsorbRows(const std::vector<double>& y, AdfTrend trend);
  void AbsorbBlock(Eigen::Index rows);
  void DropDependent();

  std::size_t terms_;
  std::size_t lags_;
  std::size_t rows_;
  std::size_t work_ = 0;  // operations since the last Poll()
  bool level_varies_ = true;
  Eigen::MatrixXd block_;                  // rows not yet in the triangle
  Eigen::MatrixXd triangle_;               // the regressors' triangle; the last column is the target's
  std::vector<std::size_t> kept_;          // columns of the full regression that are in the triangle
  std::vector<double> squared_residuals_;  // by the number of columns used
};

}  // namespace ecomm::core
