// Values that do not belong to the rest of a series, and what to put in their place.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ecomm::core {

enum class OutlierMethod : std::uint8_t {
  kIqr,  // beyond the quartiles by more than `threshold` interquartile ranges (Tukey 1977); default 1.5
  kStl,  // remainder of a robust STL whose robust z is beyond `threshold`; default 3.5
};

// From 'iqr' or 'stl'; anything else throws Error(kInvalidArgument) that names these.
OutlierMethod ParseOutlierMethod(std::string_view text);

struct OutlierOptions {
  OutlierMethod method = OutlierMethod::kIqr;
  std::optional<double> threshold = {};  // unset: the method's default
  double period = 1;  // of the season, for kStl; where it does not fit twice, there is none
};

struct Outliers {
  std::vector<double> lower;  // the bounds of each value; one beyond them is an outlier
  std::vector<double> upper;
  // How far beyond the quartiles in interquartile ranges, or the robust z: 0.6745 (remainder - median) / MAD
  // (Iglewicz & Hoaglin 1993); signed, 0 for what lies between the quartiles; infinite where the spread is 0.
  std::vector<double> score;
  std::vector<bool> is_outlier;
};

// Quartiles interpolate linearly between the order statistics (type 7 of Hyndman & Fan 1996,
// doi:10.2307/2684934; numpy's and pandas' default). Throws Error(kUnusableData) for NaN, infinities and no
// value; Error(kInvalidArgument) for a threshold that is not positive and finite; what Stl() throws.
Outliers FindOutliers(std::span<const double> y, const OutlierOptions& options);

enum class Replacement : std::uint8_t {
  kKeep,
  kRolling,      // the mean of the 7 values up to and with it, of fewer at the start
  kInterpolate,  // on the straight line between the nearest values that are no outliers
};

// From 'keep', 'rolling' or 'interpolate'; anything else throws Error(kInvalidArgument) that names these.
Replacement ParseReplacement(std::string_view text);

// `y` with its outliers replaced. Where all are outliers, nothing is interpolated.
std::vector<double> ReplaceOutliers(std::span<const double> y, const std::vector<bool>& is_outlier,
                                    Replacement replacement);

// The q-quantile, 0 <= q <= 1, of values in ascending order; type 7 as above.
double QuantileOfSorted(std::span<const double> sorted, double q);

}  // namespace ecomm::core
