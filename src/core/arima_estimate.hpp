// The coefficients of an ARMA process that make the differences of a series most likely.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "arima_design.hpp"
#include "arima_filter.hpp"
#include "arima_polynomial.hpp"
#include "ecomm_analytics/core/arima.hpp"

namespace ecomm::core {

// Whether the exact likelihood of so many differences is within what one evaluation may take.
bool ExactIsAffordable(const ArimaOrder& order, int period, std::size_t rows);

// Whether it takes so little that many can be made.
bool IsCheap(std::size_t largest_lag, std::size_t rows);

// The largest autoregressive lag, which conditional least squares takes as given.
std::size_t AutoregressiveLag(const ArimaOrder& order, int period);
std::size_t LargestLag(const ArimaOrder& order, int period);

inline std::size_t ArmaCount(const ArimaOrder& order) {
  return static_cast<std::size_t>(order.p + order.q + order.seasonal_p + order.seasonal_q);
}

ArmaTerms Terms(const ArimaOrder& order, int period, const ArimaCoefficients& coefficients);

// The free numbers that coefficients come from.
std::vector<double> FreeNumbers(const ArimaCoefficients& coefficients);

// Minus twice the log-likelihood by n, but for constants, is the logarithm of a sum of squares: that of the
// one-step errors over their deviations, times the geometric mean of the variances. As a function of free
// numbers (see StationaryCoefficients) it is a problem of nonlinear least squares, whose linear part, the
// regression, is solved within (Golub & Pereyra 1973, doi:10.1137/0710036).
class ArimaObjective {
 public:
  ArimaObjective(const ArimaDesign& design, const ArimaOrder& order, int period, bool conditional);

  const ArimaOrder& order() const { return order_; }
  std::size_t size() const { return ArmaCount(order_); }
  std::size_t rows() const { return design_.rows(); }
  std::size_t counted() const { return counted_; }  // errors that the likelihood counts

  // The sum of squares and the errors it is of; infinite outside the domain.
  double Evaluate(std::span<const double> free, Eigen::Ref<Vector> errors);

  // Conditional least squares of the same design, where there are more errors than coefficients.
  std::optional<ArimaObjective> Conditional() const;

  // Of a sum of squares, in the unit of the series.
  double Loglik(double squares) const;

  // Of the last Evaluate: coefficients of the orthogonal columns, and the inverse of their information.
  const Vector& regression() const { return regression_; }
  Columns RegressionCovariance() const;

  void Unpack(std::span<const double> free, ArimaCoefficients* coefficients) const;

 private:
  const ArimaDesign& design_;
  ArimaOrder order_;
  int period_;
  bool conditional_;
  std::size_t counted_;
  ArimaCoefficients coefficients_;
  ArmaTerms terms_;
  ArmaFilter filter_;
  Columns errors_;
  Vector step_;
  Columns information_;
  Eigen::LLT<Columns> factor_;
  Vector regression_;
};

// The least sum of squares from `free` on, by Levenberg and Marquardt's method (Marquardt 1963,
// doi:10.1137/0111030). Holds its memory from one search to the next.
class ArimaSearch {
 public:
  ArimaSearch(std::size_t rows, std::size_t most_parameters);

  static std::size_t Bytes(std::size_t rows, std::size_t parameters);

  double Squares(ArimaObjective* objective, std::span<const double> free);

  // Returns the sum of squares, infinite where `free` is outside the domain. Ends when a step adds less than
  // `tolerance` to the log-likelihood, or so little that it will not reach `wanted`.
  double Minimize(ArimaObjective* objective, double tolerance, double wanted, std::span<double> free);

  // Covariance of the free numbers at the minimum `free`, from the curvature of the likelihood; and how the
  // regression's coefficients move with them.
  Columns Covariance(ArimaObjective* objective, std::span<const double> free, Columns* regression_slope);

 private:
  void Linearize(ArimaObjective* objective, std::span<const double> free);
  void UpdateSlopes(std::span<const double> free);
  void SolveForSlopes(Eigen::Index size);

  Vector errors_;
  Vector trial_errors_;
  Columns jacobian_;
  Columns normal_;
  Columns damped_;
  Vector gradient_;
  Vector step_;
  Vector trial_;
  Eigen::LLT<Columns> factor_;
};

struct ArimaEstimate {
  std::vector<double> free;
  double squares = 0;
};

// How much goes into finding the likeliest process.
enum class SearchEffort {
  kRough,  // to about 1e-3, from the better of conditional least squares and the given starts
  kQuick,  // as roughly, from the given starts alone
  kGiven,  // from the given starts alone
  kFull,   // from all of them
};

// The likeliest process that was found. Below a log-likelihood of `wanted` less goes into it.
ArimaEstimate EstimateArima(ArimaObjective* objective, ArimaSearch* search,
                            std::span<const std::vector<double>> starts, SearchEffort effort,
                            double wanted = -std::numeric_limits<double>::infinity());

// The likeliest few of a coarse grid, best first.
std::vector<std::vector<double>> SpreadStarts(ArimaObjective* objective, std::size_t most);

// What was found for one order, as a start for another.
std::vector<double> Padded(std::span<const double> free, const ArimaOrder& from, const ArimaOrder& to);

}  // namespace ecomm::core
