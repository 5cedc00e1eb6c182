// What ARIMA models of one series have in common: the differences of the series and of what is regressed on.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

using Columns = Eigen::MatrixXd;  // by columns, one after the other

class ArimaDesign {
 public:
  // `y` and the regressors are checked. A constant is only regressed on with at most one difference.
  ArimaDesign(std::span<const double> y, const MatrixView& regressors, const ArimaOrder& order, int period,
              bool constant);

  // The differences of the series, scaled; then those of the constant and the regressors as far as they do
  // not depend on columns before them, orthogonal and of length 1. A row per difference.
  const Columns& columns() const { return columns_; }
  std::size_t rows() const { return static_cast<std::size_t>(columns_.rows()); }
  std::size_t regressed() const { return static_cast<std::size_t>(columns_.cols()) - 1; }
  double unit() const { return unit_; }  // y = unit * scaled; a power of two

  // Per constant and regressor: whether it is regressed on.
  const std::vector<bool>& used() const { return used_; }

  // From coefficients of the orthogonal columns (or any linear map to them, one row each) to those of the
  // constant and regressors, in the unit of the series; 0 for what is not used.
  Columns Original(const Columns& orthogonal) const;

 private:
  void AddColumn(std::size_t index, std::size_t* kept);

  Columns columns_;
  double unit_ = 1;
  std::vector<bool> used_;
  std::vector<double> scales_;  // of what is regressed on
  Columns triangle_;            // used columns = orthogonal columns * triangle
};

// Constant or drift at a time counted from 1.
inline double ConstantColumn(const ArimaOrder& order, std::size_t time) {
  return order.d + order.seasonal_d == 0 ? 1.0 : static_cast<double>(time);
}

// Whether a constant has a place in the model: with at most one difference.
inline bool TakesConstant(const ArimaOrder& order) { return order.d + order.seasonal_d <= 1; }

// Observations that the differences use up.
inline std::size_t Lost(const ArimaOrder& order, int period) {
  return static_cast<std::size_t>(order.d) +
         static_cast<std::size_t>(order.seasonal_d) * static_cast<std::size_t>(period);
}

// What brings a largest magnitude to between 1/2 and 1 by division; 1 for 0.
double PowerOfTwoAbove(double largest);

// Throws Error(kInvalidArgument) for a row count that does not fit, Error(kUnusableData) for values that are
// not finite, naming the position.
void RequireRegressors(const MatrixView& regressors, std::size_t rows);

}  // namespace ecomm::core
