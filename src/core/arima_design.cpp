#include "arima_design.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// What is left of a column once those before it are taken out, relative to it, when it depends on them.
constexpr double kDependent = 1e-10;
constexpr double kLeastSize = 1e-4;  // scaled columns have an entry above 1/2: much smaller is rounding

void DifferenceColumn(std::vector<double>* values, const ArimaOrder& order, std::size_t period) {
  const auto subtract = [values](std::size_t lag) {
    for (std::size_t i = lag; i < values->size(); ++i) (*values)[i - lag] = (*values)[i] - (*values)[i - lag];
    values->resize(values->size() - lag);
    Poll();
  };
  for (int i = 0; i < order.seasonal_d; ++i) subtract(period);
  for (int i = 0; i < order.d; ++i) subtract(1);
}

}  // namespace

double PowerOfTwoAbove(double largest) {
  if (largest == 0) return 1;
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, std::max(exponent, -1000));
}

void RequireRegressors(const MatrixView& regressors, std::size_t rows) {
  if (regressors.cols() == 0) return;
  if (static_cast<std::size_t>(regressors.rows()) != rows) {
    throw Error(
        ErrorCode::kInvalidArgument, "regressors are not as many as the observations they belong to",
        "Rows: " + std::to_string(regressors.rows()) + ", observations: " + std::to_string(rows) + ".");
  }
  for (Eigen::Index i = 0; i < regressors.rows(); ++i) {
    for (Eigen::Index j = 0; j < regressors.cols(); ++j) {
      if (std::isfinite(regressors(i, j))) continue;
      throw Error(ErrorCode::kUnusableData, "regressors contain NaN or infinity",
                  "Column: " + std::to_string(j + 1) + ", position: " + std::to_string(i + 1) + ".");
    }
  }
}

ArimaDesign::ArimaDesign(std::span<const double> y, const MatrixView& regressors, const ArimaOrder& order,
                         int period, bool constant) {
  const bool with_constant = constant && TakesConstant(order);
  const std::size_t wanted = static_cast<std::size_t>(regressors.cols()) + (with_constant ? 1 : 0);
  const std::size_t n = y.size();
  const std::size_t rows = n - Lost(order, period);
  RequireMemory(sizeof(double) * (n + rows * (wanted + 1)), "the differences of a series and its regressors");

  std::vector<double> values(n);
  const auto difference_into = [&](Eigen::Index column) {
    DifferenceColumn(&values, order, static_cast<std::size_t>(period));
    std::copy(values.begin(), values.end(), columns_.col(column).data());
    values.resize(n);
  };
  columns_.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(wanted) + 1);
  double largest = 0;
  for (const double x : y) largest = std::max(largest, std::fabs(x));
  unit_ = PowerOfTwoAbove(largest);
  for (std::size_t i = 0; i < n; ++i) values[i] = y[i] / unit_;
  difference_into(0);

  used_.assign(wanted, false);
  scales_.assign(wanted, 1);
  triangle_ = Columns::Zero(static_cast<Eigen::Index>(wanted), static_cast<Eigen::Index>(wanted));
  std::size_t kept = 0;
  for (std::size_t j = 0; j < wanted; ++j) {
    const Eigen::Index source = static_cast<Eigen::Index>(j) - (with_constant ? 1 : 0);
    largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      values[i] =
          source < 0 ? ConstantColumn(order, i + 1) : regressors(static_cast<Eigen::Index>(i), source);
      largest = std::max(largest, std::fabs(values[i]));
    }
    scales_[j] = PowerOfTwoAbove(largest);
    for (double& x : values) x /= scales_[j];
    difference_into(static_cast<Eigen::Index>(kept) + 1);
    AddColumn(j, &kept);
  }
  columns_.conservativeResize(Eigen::NoChange, static_cast<Eigen::Index>(kept) + 1);
}

// Gram and Schmidt, twice: once leaves too much where columns are nearly dependent.
void ArimaDesign::AddColumn(std::size_t index, std::size_t* kept) {
  const auto k = static_cast<Eigen::Index>(*kept);
  auto column = columns_.col(k + 1);
  const auto before = columns_.middleCols(1, k);
  Vector parts = Vector::Zero(k);
  const double size = std::max(column.norm(), kLeastSize);
  for (int pass = 0; pass < 2; ++pass) {
    const Vector part = before.transpose() * column;
    column -= before * part;
    parts += part;
    Poll();
  }
  const double left = column.norm();
  if (!(left > kDependent * size)) return;
  column /= left;
  triangle_.col(k).head(k) = parts;
  triangle_(k, k) = left;
  used_[index] = true;
  ++*kept;
}

Columns ArimaDesign::Original(const Columns& orthogonal) const {
  const auto k = static_cast<Eigen::Index>(regressed());
  const Columns solved =
      triangle_.topLeftCorner(k, k).triangularView<Eigen::Upper>().solve(orthogonal.topRows(k));
  Columns original = Columns::Zero(static_cast<Eigen::Index>(used_.size()), orthogonal.cols());
  Eigen::Index next = 0;
  for (std::size_t j = 0; j < used_.size(); ++j) {
    if (!used_[j]) continue;
    original.row(static_cast<Eigen::Index>(j)) = solved.row(next++) * (unit_ / scales_[j]);
  }
  return original;
}

}  // namespace ecomm::core
