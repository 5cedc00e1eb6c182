// Transforms that bring a skewed feature nearer to a normal distribution, and the maximum-likelihood
// exponent they need.
//
// Box & Cox 1964, "An analysis of transformations", J. R. Stat. Soc. B 26,
// doi:10.1111/j.2517-6161.1964.tb00553.x Yeo & Johnson 2000, "A new family of power transformations to
// improve normality or symmetry", Biometrika 87, doi:10.1093/biomet/87.4.954
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ecomm::core {

enum class Transform { kNone, kLog, kBoxCox, kYeoJohnson };

// From 'none', 'log', 'boxcox' or 'yeo-johnson'; anything else throws Error(kInvalidArgument) that names
// these.
Transform ParseTransform(std::string_view text);
std::string_view Name(Transform transform) noexcept;

// Why a transform cannot take a value.
enum class Unusable { kNone, kNaN, kInfinite, kNonPositive };

// NaN and infinities are unusable for every transform; zero and less for 'log' and 'boxcox'.
Unusable Classify(Transform transform, double x) noexcept;
// A reason as one reads it in a table: 'NaN', 'infinite', 'not positive'; 'usable' for kNone.
std::string_view Name(Unusable reason) noexcept;

// --- one value ---------------------------------------------------------------------------------------------
// NaN in, NaN out; a lambda that is NaN or infinite gives NaN. These are the functions' limits wherever they
// exist, so 0 and infinities are taken, as in scipy.special.boxcox.

// (x^lambda - 1) / lambda, log(x) for lambda = 0. x < 0 gives NaN; 0 gives -1/lambda for lambda > 0, else
// -infinity.
double BoxCox(double x, double lambda) noexcept;

// The x >= 0 with BoxCox(x, lambda) = y. NaN where there is none (lambda * y < -1).
double BoxCoxInverse(double y, double lambda) noexcept;

// BoxCox(x + 1, lambda) for x >= 0, -BoxCox(1 - x, 2 - lambda) for x < 0.
double YeoJohnson(double x, double lambda) noexcept;

// The x with YeoJohnson(x, lambda) = y. NaN where there is none (lambda < 0 or > 2 bounds the range).
double YeoJohnsonInverse(double y, double lambda) noexcept;

// --- a sample ----------------------------------------------------------------------------------------------
// All of these throw Error(kUnusableData) for no value, a single one, values all the same, and values the
// transform cannot take, NaN included. They need 8 bytes per value (Error(kMemoryLimit) beyond the limit).
// The same sequence gives the same bits; up to 4,096 different values are counted first, and then the order
// does not matter either.

// The logarithm of the likelihood that `x` is normal after the transform with this lambda, mean and variance
// profiled out, the constant -n/2 (1 + log 2 pi) left out, as in scipy.stats.boxcox_llf. Finite for any scale
// of the data; Error(kInvalidArgument) when lambda is NaN or infinite.
double BoxCoxLogLikelihood(std::span<const double> x, double lambda);
double YeoJohnsonLogLikelihood(std::span<const double> x, double lambda);

// The lambda that maximises it, to about 1e-12. Error(kNumericRange) when it is beyond a double.
double BoxCoxLambda(std::span<const double> x);
double YeoJohnsonLambda(std::span<const double> x);

// Each value transformed, with the lambda of largest likelihood where the transform has one. Throws
// Error(kUnusableData) as above.
std::vector<double> TransformSeries(std::span<const double> y, Transform transform);

// --- a feature of a model ----------------------------------------------------------------------------------

// What happens to one feature before anything measures distances: transformed, then standardised. Plain data:
// stored models hold it. FitFeatures in scaler.hpp makes one.
struct FeatureTransform {
  Transform kind = Transform::kNone;
  double lambda = 1;  // 1 for kNone and 0 for kLog, which do not use it
  double mean = 0;    // of the transformed values
  double scale = 1;   // their standard deviation, > 0

  // (transformed x - mean) / scale. NaN for what Classify refuses: a zero has a Box-Cox value when lambda >
  // 0, but no model was trained on one.
  double Apply(double x) const noexcept;

  // Original units. NaN where no x gives z.
  double Inverse(double z) const noexcept;

  bool operator==(const FeatureTransform&) const = default;
};

}  // namespace ecomm::core
