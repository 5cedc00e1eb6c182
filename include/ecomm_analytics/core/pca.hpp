// Principal component analysis (Pearson 1901, doi:10.1080/14786440109462720; Hotelling 1933,
// doi:10.1037/h0071325).
#pragma once

#include <span>
#include <string>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

struct PcaOptions {
  int components = 0;  // how many to keep, at most min(rows, features); 0 keeps them all
  bool scale = false;  // divide each feature by its population standard deviation first
};

// k components of d features, from the largest variance to the smallest.
struct Pca {
  Vector mean;                      // d
  Vector scale;                     // d, ones without PcaOptions::scale
  Matrix loadings;                  // k × d, orthonormal rows; the largest entry of each is positive
  Vector explained_variance;        // k, divided by n - 1
  Vector explained_variance_ratio;  // k, of the variance of all features
  Vector singular_values;           // k, of the centred (and scaled) data

  // n × k coordinates of the rows of `x` (n × d). NaN in a row makes its scores NaN. Throws
  // Error(kInvalidArgument) for a wrong number of features, Error(kMemoryLimit).
  Matrix Scores(const MatrixView& x) const;
};

// `x` is n rows × d features; `names` (empty, or d of them) are for messages. Of loadings equally large, to
// 1e-9, the first feature's is positive. With no more rows than features the last component has no variance
// and no meaning; a component whose standard deviation is below 1e-150 of the largest feature's counts as
// having none. Throws Error(kInvalidArgument) for a number of components out of range; Error(kUnusableData)
// for fewer than two rows, NaN, infinities, a constant feature where features are scaled, all features
// constant; Error(kNumericRange) when a variance exceeds a double; Error(kMemoryLimit): it needs 8 bytes × d
// × (min(n, d) + 256), whatever the number of rows.
Pca FitPca(const MatrixView& x, const PcaOptions& options = {}, std::span<const std::string> names = {});

}  // namespace ecomm::core
