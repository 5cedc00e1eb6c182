// The F distribution, for tests that compare two variances.
#pragma once

namespace ecomm::core {

// P(X > f) for X with `numerator` and `denominator` > 0 degrees of freedom, by the continued fraction of the
// incomplete beta function (Abramowitz & Stegun 1964, 26.5.8, 26.6.2). Relative accuracy is about 1e-10.
// 1 for f <= 0, 0 for infinity; NaN for NaN and for degrees that are not positive and finite.
double FSurvival(double f, double numerator, double denominator);

}  // namespace ecomm::core
