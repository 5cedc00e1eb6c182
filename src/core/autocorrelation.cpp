#include "ecomm_analytics/core/autocorrelation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "tested_series.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kProductsPerPoll = 1 << 16;

using MethodName = std::pair<std::string_view, PacfMethod>;
constexpr std::array kMethodNames = {
    MethodName{"ywadjusted", PacfMethod::kYuleWalkerAdjusted},
    MethodName{"ywmle", PacfMethod::kYuleWalkerMle},
    MethodName{"ldadjusted", PacfMethod::kLevinsonAdjusted},
    MethodName{"ldbiased", PacfMethod::kLevinsonBiased},
    MethodName{"yw", PacfMethod::kYuleWalkerAdjusted},
    MethodName{"ywa", PacfMethod::kYuleWalkerAdjusted},
    MethodName{"yw_adjusted", PacfMethod::kYuleWalkerAdjusted},
    MethodName{"ywm", PacfMethod::kYuleWalkerMle},
    MethodName{"yw_mle", PacfMethod::kYuleWalkerMle},
    MethodName{"ld", PacfMethod::kLevinsonAdjusted},
    MethodName{"lda", PacfMethod::kLevinsonAdjusted},
    MethodName{"ld_adjusted", PacfMethod::kLevinsonAdjusted},
    MethodName{"ldb", PacfMethod::kLevinsonBiased},
    MethodName{"ld_biased", PacfMethod::kLevinsonBiased},
};

int DefaultLags(std::size_t n, std::size_t most) {
  const auto usual = static_cast<std::size_t>(10 * std::log10(static_cast<double>(n)));
  return static_cast<int>(std::min(usual, most));
}

// Sum of x[i] x[i + lag].
double LaggedProduct(const std::vector<double>& x, std::size_t lag, std::size_t* since_poll) {
  double sum = 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i + lag < x.size(); i += length) {
    length = std::min(kProductsPerPoll, x.size() - lag - i);
    using Part = Eigen::Map<const Eigen::VectorXd, Eigen::Unaligned>;
    const auto size = static_cast<Eigen::Index>(length);
    sum += Part(x.data() + i, size).dot(Part(x.data() + i + lag, size));
    *since_poll += length;
    if (*since_poll >= kProductsPerPoll) {
      Poll();
      *since_poll = 0;
    }
  }
  return sum;
}

// At lags 0 to `lags`, of the series around its mean; in units of the scaled series.
std::vector<double> Autocovariances(ScaledSeries series, int lags, bool adjusted) {
  Centre(&series.values);
  const std::size_t n = series.values.size();
  RequireMemory(n * sizeof(double) + static_cast<std::size_t>(lags) * 2 * sizeof(double), "autocorrelations");
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(lags) + 1);
  std::size_t since_poll = 0;
  for (std::size_t lag = 0; lag <= static_cast<std::size_t>(lags); ++lag) {
    const double terms = static_cast<double>(adjusted ? n - lag : n);
    result.push_back(LaggedProduct(series.values, lag, &since_poll) / terms);
  }
  return result;
}

ScaledSeries VaryingSeries(std::span<const double> y, const char* what) {
  ScaledSeries series = ScaleSeries(y);
  RequireLength(y.size(), 2, what);
  RequireVarying(series, what);
  return series;
}

// Durbin's recursion on autocovariances from lag 0.
std::vector<double> PartialFrom(const std::vector<double>& covariance) {
  const std::size_t lags = covariance.size() - 1;
  std::vector<double> result(covariance.size(), kNaN);
  result[0] = 1;
  std::vector<double> phi(lags);  // coefficients of the autoregression of the order reached
  double error = covariance[0];   // its error variance
  const double nothing = 16 * std::numeric_limits<double>::epsilon() * covariance[0];
  std::size_t since_poll = 0;
  for (std::size_t k = 1; k <= lags && std::fabs(error) > nothing; ++k) {
    double explained = 0;
    for (std::size_t j = 1; j < k; ++j) explained += phi[j - 1] * covariance[k - j];
    const double partial = (covariance[k] - explained) / error;
    // Both ends at once: each new coefficient needs its mirror's old value.
    for (std::size_t low = 0, high = k - 1; low < high; ++low) {
      --high;
      const double a = phi[low];
      const double b = phi[high];
      phi[low] = a - partial * b;
      phi[high] = b - partial * a;
    }
    phi[k - 1] = partial;
    result[k] = partial;
    error *= 1 - partial * partial;
    since_poll += k;
    if (since_poll >= kProductsPerPoll) {
      Poll();
      since_poll = 0;
    }
  }
  return result;
}

}  // namespace

std::vector<double> Acf(std::span<const double> y, const AcfOptions& options) {
  ScaledSeries series = VaryingSeries(y, "an autocorrelation");
  const int lags = options.lags.value_or(DefaultLags(y.size(), y.size() - 1));
  RequireLags(lags, static_cast<long long>(y.size()) - 1, "autocorrelations");
  std::vector<double> result = Autocovariances(std::move(series), lags, options.adjusted);
  const double variance = result[0];
  for (double& x : result) x /= variance;
  return result;
}

PacfMethod ParsePacfMethod(std::string_view text) {
  for (const auto& [name, method] : kMethodNames) {
    if (name == text) return method;
  }
  throw Error(ErrorCode::kInvalidArgument,
              "unknown method of partial autocorrelation \"" + std::string(text) + "\"", {},
              "Use 'ywadjusted', 'ywmle', 'ldadjusted' or 'ldbiased'.");
}

std::string_view Name(PacfMethod method) noexcept {
  return std::find_if(kMethodNames.begin(), kMethodNames.end(),
                      [=](const MethodName& entry) { return entry.second == method; })
      ->first;
}

std::vector<double> Pacf(std::span<const double> y, const PacfOptions& options) {
  ScaledSeries series = VaryingSeries(y, "a partial autocorrelation");
  const std::size_t most = y.size() / 2 - 1;
  const int lags = options.lags.value_or(DefaultLags(y.size(), most));
  RequireLags(lags, static_cast<long long>(most), "partial autocorrelations");
  const bool adjusted =
      options.method == PacfMethod::kYuleWalkerAdjusted || options.method == PacfMethod::kLevinsonAdjusted;
  return PartialFrom(Autocovariances(std::move(series), lags, adjusted));
}

std::vector<double> BartlettBounds(std::span<const double> acf, std::size_t n, double alpha) {
  const double white_noise = WhiteNoiseBound(n, alpha);
  std::vector<double> result(acf.size(), 0.0);
  double sum = 0;
  for (std::size_t lag = 1; lag < acf.size(); ++lag) {
    result[lag] = white_noise * std::sqrt(1 + 2 * sum);
    sum += acf[lag] * acf[lag];
  }
  return result;
}

double WhiteNoiseBound(std::size_t n, double alpha) {
  RequireAlpha(alpha);
  if (n == 0) {
    throw Error(ErrorCode::kInvalidArgument, "a bound needs the number of values", "Number of values: 0.");
  }
  return -NormalQuantile(alpha / 2) / std::sqrt(static_cast<double>(n));
}

std::vector<PortmanteauTest> Portmanteau(std::span<const double> y, const PortmanteauOptions& options) {
  if (options.model_df < 0) {
    throw Error(ErrorCode::kInvalidArgument, "number of model parameters is negative",
                "Parameters: " + std::to_string(options.model_df) + ".");
  }
  if (options.period && *options.period < 2) {
    throw Error(ErrorCode::kInvalidArgument, "period must be at least 2",
                "Period: " + std::to_string(*options.period) + ".");
  }
  constexpr const char* kWhat = "a portmanteau test";
  const std::size_t n = y.size();
  if (!options.lags) RequireLength(n, 5, kWhat);
  const std::size_t usual = options.period ? 2 * static_cast<std::size_t>(*options.period) : 10;
  const int lags = options.lags.value_or(static_cast<int>(std::min(n / 5, usual)));
  VaryingSeries(y, kWhat);
  RequireLags(lags, static_cast<long long>(n) - 1, kWhat);

  const std::vector<double> acf = Acf(y, {.lags = lags});
  const auto size = static_cast<double>(n);
  std::vector<PortmanteauTest> result;
  result.reserve(acf.size() - 1);
  double ljung_box = 0;
  double box_pierce = 0;
  for (int lag = 1; lag <= lags; ++lag) {
    const double square = acf[static_cast<std::size_t>(lag)] * acf[static_cast<std::size_t>(lag)];
    ljung_box += square / (size - lag);
    box_pierce += square;
    PortmanteauTest& row = result.emplace_back();
    row.lag = lag;
    row.ljung_box = size * (size + 2) * ljung_box;
    row.box_pierce = size * box_pierce;
    row.ljung_box_p = ChiSquaredSurvival(row.ljung_box, lag - options.model_df);
    row.box_pierce_p = ChiSquaredSurvival(row.box_pierce, lag - options.model_df);
  }
  return result;
}

}  // namespace ecomm::core
