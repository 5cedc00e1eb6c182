// What the tests of a series need of the normal and the chi-squared distribution. Relative accuracy is about
// 1e-13, tails included.
#pragma once

#include <cstdint>

namespace ecomm::core {

// P(Z <= x) for a standard normal Z, from the complementary error function (Abramowitz & Stegun 1964,
// 26.2.29). NaN gives NaN.
double NormalCdf(double x) noexcept;

// The x with NormalCdf(x) = p: algorithm AS 241 (Wichura 1988, doi:10.2307/2347330). 0 and 1 give -infinity
// and infinity; NaN and anything outside 0 to 1 give NaN.
double NormalQuantile(double p) noexcept;

// P(X > x) for a chi-squared X with `degrees` >= 1 degrees of freedom, from the finite sums for whole degrees
// (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5): time proportional to the degrees. 1 for x <= 0; NaN for
// x NaN or degrees < 1.
double ChiSquaredSurvival(double x, std::int64_t degrees);

}  // namespace ecomm::core
