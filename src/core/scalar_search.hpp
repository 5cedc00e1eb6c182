// The lowest point of a function of one variable.
#pragma once

#include <functional>
#include <span>

namespace ecomm::core {

// The x between the ends of `grid` (ascending, at least one point) where `f` is lowest: evaluated at its
// points, then around each that is lower than its neighbours by Brent's method (Brent 1973, Algorithms for
// Minimization without Derivatives, ch. 5), to about `precision` in x. `f` may be called a hundred times and
// more; where it is flat, the largest point wins.
double LowestPoint(const std::function<double(double)>& f, std::span<const double> grid, double precision);

}  // namespace ecomm::core
