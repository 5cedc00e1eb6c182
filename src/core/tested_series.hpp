// A series as its tests take it: checked, and scaled so that squares neither overflow nor vanish.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ecomm::core {

// y = values * 2^exponent. A power of two changes no digit: what does not depend on the scale is the same to
// the bit.
struct ScaledSeries {
  std::vector<double> values;  // magnitudes up to 1, and at least one above 1/2 unless all are 0
  int exponent = 0;

  bool Constant() const;
};

// Throws Error(kUnusableData), naming the position, for the first NaN or infinity; Error(kMemoryLimit).
ScaledSeries ScaleSeries(std::span<const double> y);

// Throws Error(kUnusableData): `what` names who asks, as in "the KPSS test".
void RequireLength(std::size_t length, std::size_t needed, const std::string& what);
void RequireVarying(const ScaledSeries& series, const std::string& what);

// Throws Error(kInvalidArgument) unless 0 <= lags <= most.
void RequireLags(long long lags, long long most, const std::string& what);

// Throws Error(kInvalidArgument) unless 0 < alpha < 1.
void RequireAlpha(double alpha);

// Subtracts the mean, and the mean of what rounding left.
void Centre(std::vector<double>* values);

}  // namespace ecomm::core
