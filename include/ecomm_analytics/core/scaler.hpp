// Features on a common scale: standardised, and transformed first where they are skewed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {

// Throughout, `x` is n rows × d features, and `names` is empty or has d entries, which errors then use in
// place of "feature 3". A wrong number of features or names throws Error(kInvalidArgument).

struct Moments {
  Vector mean;
  Vector scale;  // population standard deviation (divided by n); exactly 0 where all values are the same
};

// Mean and standard deviation of each column, in three passes (range, mean, deviations from it with the
// correction of Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115). Columns are scaled by a
// power of two, which is exact, so that squares stay in range from 1e-308 to 1e308. Throws
// Error(kUnusableData) for no row, NaN and infinities.
Moments ColumnMoments(const MatrixView& x, std::span<const std::string> names = {});

// Mean 0 and standard deviation 1 per feature, as scikit-learn's class of the same name, except that a
// constant feature is an error rather than left as it is.
struct StandardScaler {
  Vector mean;
  Vector scale;  // > 0

  // Throws what ColumnMoments throws, and Error(kUnusableData) for a constant feature (any feature of a
  // single row is one).
  static StandardScaler Fit(const MatrixView& x, std::span<const std::string> names = {});

  // NaN stays NaN.
  Matrix Apply(const MatrixView& x) const;
  void ApplyInPlace(Eigen::Ref<Matrix> x) const;
  Matrix Inverse(const MatrixView& z) const;
};

// Fits every feature on its own: lambda where the transform has one, then mean and deviation of the
// transformed values. Throws Error(kUnusableData) for no row, a constant feature, and values the transform
// cannot take (how many, and why: see Classify); Error(kNumericRange) for a feature whose transformed values
// overflow or cannot be told apart; Error(kMemoryLimit): it needs 16 bytes per row.
std::vector<FeatureTransform> FitFeatures(const MatrixView& x, Transform transform,
                                          std::span<const std::string> names = {});

// FeatureTransform::Apply and ::Inverse on a matrix or a row; NaN where those give NaN.
Matrix ApplyFeatures(std::span<const FeatureTransform> features, const MatrixView& x);
void ApplyFeaturesInPlace(std::span<const FeatureTransform> features, Eigen::Ref<Matrix> x);
void ApplyFeatures(std::span<const FeatureTransform> features, std::span<const double> row,
                   std::span<double> out);
Matrix InverseFeatures(std::span<const FeatureTransform> features, const MatrixView& z);

}  // namespace ecomm::core
