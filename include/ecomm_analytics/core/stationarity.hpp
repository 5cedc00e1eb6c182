// Is a series stationary? The augmented Dickey-Fuller test, whose null hypothesis is a unit root, and the
// KPSS test, whose null hypothesis is stationarity. Both are those of statsmodels 0.13.
//
// Both throw Error(kUnusableData) for NaN and infinities (naming the position), for series too short (naming
// the length needed), for constant series and for series that the test's own regression predicts without
// error (to rounding): there is nothing left to test with. Error(kInvalidArgument) for lags out of range;
// Error(kMemoryLimit). No result depends on the scale of the data, from 1e-300 to 1e300.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ecomm::core {

// --- augmented Dickey-Fuller -------------------------------------------------------------------------------

// What stands beside the level in the regression: nothing, a constant, and also time, and also its square.
enum class AdfTrend { kNone, kConstant, kLinear, kQuadratic };

// From 'n', 'c', 'ct' or 'ctt', or 'none', 'constant', 'trend' or 'quadratic'; anything else throws
// Error(kInvalidArgument).
AdfTrend ParseAdfTrend(std::string_view text);
std::string_view Name(AdfTrend trend) noexcept;  // 'n', 'c', 'ct', 'ctt'

// How many lagged differences: as many as given, or as many of them as minimise an information criterion, or
// as are left when the last is dropped until it is significant (|t| >= 1.645).
enum class LagSelection { kFixed, kAic, kBic, kTStat };

// From 'fixed', 'aic', 'bic' or 't-stat'; anything else throws Error(kInvalidArgument).
LagSelection ParseLagSelection(std::string_view text);
std::string_view Name(LagSelection selection) noexcept;

struct AdfOptions {
  AdfTrend trend = AdfTrend::kConstant;
  LagSelection selection = LagSelection::kAic;
  // The largest number of lags, or with kFixed the number. Default 12 (n / 100)^(1/4), rounded up (Schwert
  // 1989, doi:10.2307/1391432). Never above n / 2 - 1 - terms of the trend (one less where that would leave
  // no degree of freedom: without a trend, n even).
  std::optional<int> max_lag = std::nullopt;
};

// Of a statistic whose small values reject.
struct UnitRootLevels {
  double one_percent = 0;
  double five_percent = 0;
  double ten_percent = 0;
};

struct AdfResult {
  double statistic = 0;     // t of the level; very negative: no unit root
  double p_value = 0;       // of a unit root
  int lags = 0;             // those used
  int max_lag = 0;          // those searched
  int observations = 0;     // rows of the regression with the lags used
  UnitRootLevels critical;  // for that many
  double criterion = 0;     // the least AIC or BIC, or the last |t|; NaN with kFixed
};

// Said & Dickey 1984, doi:10.1093/biomet/71.3.599. Lags are chosen on the rows that the largest number
// leaves, then the regression is made again on all it can have. By QR, one for the search whatever the number
// of lags: time n * lags^2, memory 16 bytes per value and 8 per lag^2. Needs 3 values without a trend, else 2
// + 2 per term of it. A lag that depends linearly on the columns before it is left out. In addition throws
// Error(kUnusableData) when the level does so.
AdfResult Adf(std::span<const double> y, const AdfOptions& options = {});

// P-value of the statistic, from the response surfaces of MacKinnon 1994 (doi:10.2307/1391481): 0 and 1
// outside the range they cover.
double MacKinnonPValue(double statistic, AdfTrend trend) noexcept;

// Critical values for so many observations: MacKinnon 2010, Queen's Economics Department Working Paper 1227;
// without a trend, which that paper leaves out, MacKinnon 1996 (doi:10.1002/(SICI)1099-1255(199611)11:6<601::
// AID-JAE417>3.0.CO;2-T).
UnitRootLevels MacKinnonCritical(AdfTrend trend, std::size_t observations) noexcept;

// --- KPSS --------------------------------------------------------------------------------------------------

// Stationary around a level, or around a straight line in time.
enum class KpssTrend { kLevel, kTrend };

// From 'c' or 'ct', or 'level' or 'trend'; anything else throws Error(kInvalidArgument).
KpssTrend ParseKpssTrend(std::string_view text);
std::string_view Name(KpssTrend trend) noexcept;  // 'c', 'ct'

// Lags of the long-run variance: from the data (Hobijn, Franses & Ooms 1998, Econometric Institute Report
// 9802/A), 12 (n / 100)^(1/4) rounded up, or as given. Never above n - 1.
enum class KpssLags { kAuto, kLegacy, kFixed };

// From 'auto', 'legacy' or 'fixed'; anything else throws Error(kInvalidArgument).
KpssLags ParseKpssLags(std::string_view text);
std::string_view Name(KpssLags lags) noexcept;

struct KpssOptions {
  KpssTrend trend = KpssTrend::kLevel;
  KpssLags selection = KpssLags::kAuto;
  int lags = 0;  // with kFixed: 0 to n - 1
};

// The table ends at 0.01 and 0.10: at its ends the p-value is only a bound.
enum class PValueKind { kInterpolated, kLessThan, kGreaterThan };

struct KpssLevels {
  double ten_percent = 0;
  double five_percent = 0;
  double two_and_a_half_percent = 0;
  double one_percent = 0;
};

struct KpssResult {
  double statistic = 0;  // large: not stationary
  double p_value = 0;    // of stationarity, 0.01 to 0.10
  PValueKind p_value_kind = PValueKind::kInterpolated;
  int lags = 0;
  KpssLevels critical;
};

// Kwiatkowski, Phillips, Schmidt & Shin 1992, doi:10.1016/0304-4076(92)90104-Y; the table is theirs. Time
// proportional to the values, whatever the lags; memory 16 bytes per value. Needs 2 values, 3 around a line.
KpssResult Kpss(std::span<const double> y, const KpssOptions& options = {});

}  // namespace ecomm::core
