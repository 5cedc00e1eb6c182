// Student's t distribution, for intervals around an estimated mean.
#pragma once

namespace ecomm::core {

// The x with P(T <= x) = p for T with `degrees` > 0 degrees of freedom; 0 and 1 give -infinity and infinity.
// Relative accuracy is about 1e-10. From 10^4 degrees on by the expansion around the normal quantile
// (Abramowitz & Stegun 1964, 26.7.5), below by solving for it. NaN for NaN, for p outside 0 to 1 and for
// degrees that are not positive and finite.
double StudentQuantile(double p, double degrees);

}  // namespace ecomm::core
