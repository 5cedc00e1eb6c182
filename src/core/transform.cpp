#include "ecomm_analytics/core/transform.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// An exponent this small makes the power its limit, the logarithm, to within rounding. Going on would divide
// denormal numbers that have lost their digits.
constexpr double kNegligible = 1e-19;

// exp() overflows just above.
constexpr double kLargestExponent = 709.0;

// (exp(lambda * log_x) - 1) / lambda: the power transform of a value given by its logarithm.
double PowerOfLog(double log_x, double lambda) noexcept {
  const double exponent = lambda * log_x;
  if (lambda == 0 || std::fabs(exponent) < kNegligible) return log_x;
  // Divided before it overflows: the quotient may still be a number.
  if (exponent > kLargestExponent) {
    return std::copysign(std::exp(exponent - std::log(std::fabs(lambda))), lambda) - 1 / lambda;
  }
  return std::expm1(exponent) / lambda;
}

// The inverse of PowerOfLog in its first argument; NaN outside its range.
double LogOfPower(double y, double lambda) noexcept {
  const double excess = lambda * y;
  if (lambda == 0 || std::fabs(excess) < kNegligible) return y;
  if (excess > std::numeric_limits<double>::max() && std::isfinite(y)) {
    return (std::log(std::fabs(lambda)) + std::log(std::fabs(y))) / lambda;
  }
  return std::log1p(excess) / lambda;
}

}  // namespace

Transform ParseTransform(std::string_view text) {
  for (const Transform transform :
       {Transform::kNone, Transform::kLog, Transform::kBoxCox, Transform::kYeoJohnson}) {
    if (text == Name(transform)) return transform;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown transform \"" + std::string(text) + "\"", {},
              "Use 'none', 'log', 'boxcox' or 'yeo-johnson'.");
}

std::string_view Name(Transform transform) noexcept {
  switch (transform) {
    case Transform::kNone:
      return "none";
    case Transform::kLog:
      return "log";
    case Transform::kBoxCox:
      return "boxcox";
    case Transform::kYeoJohnson:
      return "yeo-johnson";
  }
  return {};
}

Unusable Classify(Transform transform, double x) noexcept {
  if (std::isnan(x)) return Unusable::kNaN;
  if (std::isinf(x)) return Unusable::kInfinite;
  const bool takes_positive_only = transform == Transform::kLog || transform == Transform::kBoxCox;
  return takes_positive_only && x <= 0 ? Unusable::kNonPositive : Unusable::kNone;
}

std::string_view Name(Unusable reason) noexcept {
  switch (reason) {
    case Unusable::kNone:
      return "usable";
    case Unusable::kNaN:
      return "NaN";
    case Unusable::kInfinite:
      return "infinite";
    case Unusable::kNonPositive:
      return "not positive";
  }
  return {};
}

double BoxCox(double x, double lambda) noexcept {
  if (!std::isfinite(lambda) || !(x >= 0)) return kNaN;
  return PowerOfLog(std::log(x), lambda);
}

double BoxCoxInverse(double y, double lambda) noexcept {
  if (!std::isfinite(lambda)) return kNaN;
  return std::exp(LogOfPower(y, lambda));
}

double YeoJohnson(double x, double lambda) noexcept {
  if (!std::isfinite(lambda)) return kNaN;
  return x < 0 ? -PowerOfLog(std::log1p(-x), 2 - lambda) : PowerOfLog(std::log1p(x), lambda);
}

double YeoJohnsonInverse(double y, double lambda) noexcept {
  if (!std::isfinite(lambda)) return kNaN;
  return y < 0 ? -std::expm1(LogOfPower(-y, 2 - lambda)) : std::expm1(LogOfPower(y, lambda));
}

double FeatureTransform::Apply(double x) const noexcept {
  if (Classify(kind, x) != Unusable::kNone) return kNaN;
  double y = x;
  if (kind == Transform::kLog) y = std::log(x);
  if (kind == Transform::kBoxCox) y = BoxCox(x, lambda);
  if (kind == Transform::kYeoJohnson) y = YeoJohnson(x, lambda);
  return (y - mean) / scale;
}

double FeatureTransform::Inverse(double z) const noexcept {
  const double y = z * scale + mean;
  switch (kind) {
    case Transform::kNone:
      return y;
    case Transform::kLog:
      return std::exp(y);
    case Transform::kBoxCox:
      return BoxCoxInverse(y, lambda);
    case Transform::kYeoJohnson:
      return YeoJohnsonInverse(y, lambda);
  }
  return kNaN;
}

}  // namespace ecomm::core
