// How a series relates to its own past: autocorrelations, partial autocorrelations, the bounds within which
// those of white noise stay, and the portmanteau tests built on them. Definitions and defaults are those of
// statsmodels 0.13.
//
// All functions that take a series throw Error(kUnusableData) for NaN and infinities (naming the position),
// for fewer than two values, and for a constant series; Error(kInvalidArgument) for lags out of range;
// Error(kMemoryLimit). They need 8 bytes per value and 16 per lag, and take time proportional to values times
// lags. No result depends on the scale of the data, from 1e-300 to 1e300.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ecomm::core {

struct AcfOptions {
  std::optional<int> lags = std::nullopt;  // up to n - 1; default 10 log10(n), at most that
  bool adjusted = false;                   // divide the products at lag k by n - k instead of by n
};

// The autocorrelations at lags 0 (always 1), 1, ... (Box & Jenkins 1976, 2.1.5).
std::vector<double> Acf(std::span<const double> y, const AcfOptions& options = {});

// Which autocovariances the equations are given (divided by n - k, or by n) and how they are solved. There is
// one solution, and Durbin's recursion finds it for all four; they carry both names because users know both.
enum class PacfMethod { kYuleWalkerAdjusted, kYuleWalkerMle, kLevinsonAdjusted, kLevinsonBiased };

// From 'yw', 'ywa', 'ywadjusted' or 'yw_adjusted'; 'ywm', 'ywmle' or 'yw_mle'; 'ld', 'lda', 'ldadjusted' or
// 'ld_adjusted'; 'ldb', 'ldbiased' or 'ld_biased'. Anything else throws Error(kInvalidArgument).
PacfMethod ParsePacfMethod(std::string_view text);
std::string_view Name(PacfMethod method) noexcept;  // 'ywadjusted', 'ywmle', 'ldadjusted', 'ldbiased'

struct PacfOptions {
  std::optional<int> lags = std::nullopt;  // below n / 2; default 10 log10(n), at most n / 2 - 1
  PacfMethod method = PacfMethod::kYuleWalkerAdjusted;
};

// The partial autocorrelations at lags 0 (always 1), 1, ...: the last coefficient of the autoregression of
// each order (Durbin 1960, doi:10.2307/1401322; Brockwell & Davis 1991, 5.2). NaN from the lag after the one
// at which the past predicts the series without error: there the equations have no single solution.
std::vector<double> Pacf(std::span<const double> y, const PacfOptions& options = {});

// Half the width of the interval around each of `acf` (from lag 0, as Acf() gives it) that holds the true
// one with probability 1 - alpha, if it is 0 from that lag on: Bartlett's formula (Brockwell & Davis 1991,
// 7.2; Bartlett 1946, doi:10.2307/2983611). 0 for lag 0. Throws Error(kInvalidArgument) for alpha outside 0
// to 1 or n = 0.
std::vector<double> BartlettBounds(std::span<const double> acf, std::size_t n, double alpha = 0.05);

// The same for white noise, at every lag from 1: 1.96 / sqrt(n) for alpha = 0.05. Also the bound of partial
// autocorrelations (Quenouille 1949).
double WhiteNoiseBound(std::size_t n, double alpha = 0.05);

struct PortmanteauOptions {
  std::optional<int> lags = std::nullopt;    // up to n - 1; default min(n / 5, 10), or min(n / 5, 2 * period)
  std::optional<int> period = std::nullopt;  // >= 2
  int model_df = 0;                          // parameters of the model that `y` are the residuals of
};

// Whether the autocorrelations up to and with `lag` are 0 together.
struct PortmanteauTest {
  int lag = 0;
  double ljung_box = 0;  // chi-squared with lag - model_df degrees of freedom
  double ljung_box_p = 0;
  double box_pierce = 0;
  double box_pierce_p = 0;  // p-values are NaN where lag <= model_df
};

// One row per lag from 1 (Ljung & Box 1978, doi:10.1093/biomet/65.2.297; Box & Pierce 1970,
// doi:10.1080/01621459.1970.10481180). By default at least 5 values are needed.
std::vector<PortmanteauTest> Portmanteau(std::span<const double> y, const PortmanteauOptions& options = {});

}  // namespace ecomm::core
