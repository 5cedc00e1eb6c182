// Differences of a series, and how many of them make it stationary.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/stationarity.hpp"

namespace ecomm::core {

// y[i] - y[i - lag], `order` times over: lag * order values shorter. Order 0 is the series itself. Throws
// Error(kInvalidArgument) for lag < 1 or order < 0; Error(kUnusableData) for NaN and infinities (naming the
// position) and for too few values to leave one; Error(kNumericRange) when a difference is beyond a double.
std::vector<double> Difference(std::span<const double> y, int lag = 1, int order = 1);

// Which test says that one more difference is needed.
enum class DifferenceTest { kKpss, kAdf };

// From 'kpss' or 'adf'; anything else throws Error(kInvalidArgument).
DifferenceTest ParseDifferenceTest(std::string_view text);
std::string_view Name(DifferenceTest test) noexcept;

struct NdiffsOptions {
  DifferenceTest test = DifferenceTest::kKpss;
  KpssTrend trend = KpssTrend::kLevel;  // around what the series should be stationary
  double alpha = 0.05;                  // 0.01 to 0.10, the range of the tables
  int max_differences = 2;
};

// The least number of first differences after which the test no longer asks for another, as ndiffs() of R's
// forecast 8.20 (Hyndman & Khandakar 2008, doi:10.18637/jss.v027.i03): the KPSS test with 3 sqrt(n) / 13
// lags, or the augmented Dickey-Fuller test with one lag and the critical values of Fuller 1976 (table 8.5.2,
// as Hamilton 1994, table B.6). 0 for a series constant to 1.5e-8 of its size, and for one too short for the
// test. Where the regression leaves no residual: another difference unless the level's coefficient is
// negative. Throws Error(kUnusableData) for no value at all, NaN and infinities; Error(kInvalidArgument) for
// alpha outside its range or max_differences < 0; Error(kMemoryLimit).
int Ndiffs(std::span<const double> y, const NdiffsOptions& options = {});

// How strong the season of a series is, 0 to 1; NaN where it cannot be told.
using SeasonalStrength = std::function<double(std::span<const double>)>;

struct NsdiffsOptions {
  int period = 12;  // in values, >= 2
  int max_differences = 1;
  double threshold = 0.64;  // a season stronger than this is differenced
};

// The least number of differences at the lag of the period that leaves no strong season, as nsdiffs() of R's
// forecast 8.20 (Wang, Smith & Hyndman 2006, doi:10.1007/s10618-005-0039-x). `strength` is asked about the
// series, scaled by a power of two, and its differences, and only about those longer than two periods; 0 for
// shorter series and for constant ones (as above). Throws as Ndiffs, and Error(kInvalidArgument) for a period
// < 2.
int Nsdiffs(std::span<const double> y, const NsdiffsOptions& options, const SeasonalStrength& strength);

// The same with the strength that Mstl() finds, as in R.
int Nsdiffs(std::span<const double> y, const NsdiffsOptions& options);

struct SuggestedDifferences {
  int seasonal = 0;  // at the lag of the period, first
  int first = 0;     // then at lag 1
};

// Both, by their defaults. Throws as Ndiffs and Nsdiffs.
SuggestedDifferences SuggestDifferences(std::span<const double> y, int period);

}  // namespace ecomm::core
