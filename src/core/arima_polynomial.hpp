// The polynomials of a seasonal ARMA process: from any numbers to stationary coefficients, products without
// their zeros, and the process's covariances.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ecomm::core {

// A coefficient that is not 0, at its lag >= 1.
struct LagTerm {
  std::size_t lag = 0;
  double value = 0;
};

// Signs as in ArimaCoefficients.
struct ArmaTerms {
  std::vector<LagTerm> ar;
  std::vector<LagTerm> ma;
  std::size_t ar_order = 0;  // the largest lag by the orders, whether or not its coefficient is 0
  std::size_t ma_order = 0;

  std::size_t states() const { return ar_order > ma_order ? ar_order : ma_order; }
};

// The coefficients of a stationary autoregression from any numbers: their hyperbolic tangents are its partial
// autocorrelations (Monahan 1984, doi:10.1093/biomet/71.2.403). `coefficients` is as long.
void StationaryCoefficients(std::span<const double> free, std::span<double> coefficients);

// The other way, in place; where the autoregression is not stationary, of one that is.
void FreeOfCoefficients(std::span<double> coefficients);

// Whether all roots of 1 - c1 z - c2 z^2 ... are outside the circle of that radius.
bool RootsOutside(std::span<const double> coefficients, double radius);

enum class LagSide { kAr, kMa };  // 1 - c1 B - ..., or 1 + c1 B + ...

// The product of a polynomial in the lag and one in whole periods. `terms` keeps its memory.
void MultiplyLags(LagSide side, std::span<const double> near, std::span<const double> seasonal,
                  std::size_t period, std::vector<LagTerm>* terms);

// The d + D differences as lagged terms: y[t] = w[t] + sum of these.
std::vector<LagTerm> DifferenceTerms(int d, int seasonal_d, std::size_t period);

// What the filter of a stationary process starts from: the covariances of the value now with the states to
// come (`gain`, states() of them) and its variance, relative to the errors'. Keeps its memory.
class ArmaCovariances {
 public:
  // False where the autoregression is not stationary. Time is proportional to the square of its largest lag.
  bool Compute(const ArmaTerms& terms);

  double variance() const { return variance_; }
  const std::vector<double>& gain() const { return gain_; }

 private:
  bool AutoregressionCovariances(const ArmaTerms& terms, std::size_t lags);

  std::vector<double> partial_;
  std::vector<double> work_;
  std::vector<double> pure_;  // covariances of the autoregression alone
  std::vector<double> products_;
  std::vector<double> weights_;  // of past errors
  std::vector<double> both_;     // covariances of the process
  std::vector<double> gain_;
  double variance_ = 1;
};

}  // namespace ecomm::core
