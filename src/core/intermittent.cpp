#include "ecomm_analytics/core/intermittent.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"
#include "intermittent_state.hpp"
#include "scalar_search.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kPollEvery = 16384;

constexpr std::array<std::string_view, 4> kMethods = {"croston", "sba", "tsb", "adida"};
constexpr std::array<const char*, 4> kTitles = {"Croston", "Syntetos-Boylan", "Teunter-Syntetos-Babai",
                                                "ADIDA"};
constexpr std::array<std::string_view, 5> kPatterns = {"none", "smooth", "intermittent", "erratic", "lumpy"};

double SquaredErrors(std::span<const double> values, double alpha, IntermittentStart start) {
  SmoothedLevel smoothed = {.alpha = alpha};
  double squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % kPollEvery == 0) Poll();
    const double error = i == 0 ? 0 : values[i] - smoothed.level;
    squares += error * error;
    Smooth(values[i], start, &smoothed);
  }
  return squares;
}

// The parameter that was given, or the best for `values`; of several, 0.
double FindSmoothing(std::span<const double> values, const std::optional<double>& given,
                     IntermittentStart start) {
  if (given) return *given;
  // More would follow single demands, and few of them would bear the intervals.
  constexpr std::array<double, 8> kGrid = {0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3};
  const auto squares = [&](double alpha) { return SquaredErrors(values, alpha, start); };
  const double best = LowestPoint(squares, kGrid, 1e-8);
  return squares(0) <= squares(best) ? 0 : best;
}

std::vector<double> Sizes(std::span<const double> y) {
  std::vector<double> sizes;
  std::copy_if(y.begin(), y.end(), std::back_inserter(sizes), [](double value) { return value > 0; });
  return sizes;
}

std::vector<double> Intervals(std::span<const double> y) {
  std::vector<double> intervals;
  std::size_t previous = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (y[i] == 0) continue;
    intervals.push_back(static_cast<double>(i + 1 - previous));
    previous = i + 1;
  }
  return intervals;
}

std::vector<double> Occurrences(std::span<const double> y) {
  std::vector<double> occurs(y.size());
  std::transform(y.begin(), y.end(), occurs.begin(), [](double value) { return value > 0 ? 1 : 0; });
  return occurs;
}

// As wide as the mean interval.
std::size_t BucketWidth(std::span<const double> y) {
  const auto demands = y.size() - static_cast<std::size_t>(std::count(y.begin(), y.end(), 0.0));
  if (demands == 0) return 1;
  return static_cast<std::size_t>(std::lround(static_cast<double>(y.size()) / static_cast<double>(demands)));
}

// Buckets end with the series; what is left at its start is not used.
std::vector<double> BucketSums(std::span<const double> y, std::size_t width) {
  const auto windows = WindowSums(y, width);
  std::vector<double> sums(y.size() / width);
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = windows[y.size() % width + (i + 1) * width - 1];
  return sums;
}

void EstimateSmoothing(std::span<const double> y, const IntermittentOptions& options, IntermittentFit* fit) {
  if (fit->method == IntermittentMethod::kAdida) {
    const std::size_t width = BucketWidth(y);
    fit->width = static_cast<std::int64_t>(width);
    fit->size.alpha = FindSmoothing(BucketSums(y, width), options.alpha, options.start);
    return;
  }
  const bool share = fit->method == IntermittentMethod::kTsb;
  fit->size.alpha = FindSmoothing(Sizes(y), options.alpha, options.start);
  fit->interval.alpha = FindSmoothing(share ? Occurrences(y) : Intervals(y), options.beta, options.start);
}

// The least value that is not exceeded but with probability `above`. `descending`: by size.
double Quantile(std::span<const WeightedSize> descending, double above) {
  constexpr double kRounding = 1e-12;
  double greater = 0;
  for (const auto& [size, weight] : descending) {
    greater += weight;
    if (greater > above + kRounding) return size;
  }
  return greater > 1 - kRounding ? descending.back().size : 0;
}

void SetQuantiles(std::vector<WeightedSize> sizes, std::span<const double> levels, Forecast* forecast) {
  std::sort(sizes.begin(), sizes.end(), [](const WeightedSize& a, const WeightedSize& b) {
    return a.size != b.size ? a.size > b.size : a.weight > b.weight;
  });
  const std::size_t steps = forecast->mean.size();
  const double mean = steps == 0 ? 0 : forecast->mean.front();
  forecast->levels.assign(levels.begin(), levels.end());
  for (const double level : levels) {
    const double low = std::min(mean, Quantile(sizes, 0.5 + 0.5 * level));
    const double high = std::max(mean, Quantile(sizes, 0.5 - 0.5 * level));
    forecast->lower.emplace_back(steps, low);
    forecast->upper.emplace_back(steps, high);
  }
}

void RequireNotNegative(std::span<const double> y) {
  const auto found = std::find_if(y.begin(), y.end(), [](double value) { return value < 0; });
  if (found == y.end()) return;
  throw Error(ErrorCode::kUnusableData, "demand cannot be negative",
              "Position: " + std::to_string(found - y.begin() + 1) + " of " + std::to_string(y.size()) +
                  ", value: " + ToText(*found) + ".",
              "Leave returns out of the series, or use another method.");
}

void RequireSmoothing(const std::optional<double>& given) {
  if (!given || (*given >= 0 && *given <= 1)) return;
  throw Error(ErrorCode::kInvalidArgument, "the smoothing parameter is outside its range",
              "Given: " + ToText(*given) + ", allowed: 0 to 1.");
}

}  // namespace

IntermittentMethod ParseIntermittentMethod(std::string_view text) {
  const auto* const found = std::find(kMethods.begin(), kMethods.end(), text);
  if (found != kMethods.end()) return static_cast<IntermittentMethod>(found - kMethods.begin());
  throw Error(ErrorCode::kInvalidArgument,
              "unknown method for intermittent demand \"" + std::string(text) + "\"", {},
              "Use 'croston', 'sba', 'tsb' or 'adida'.");
}

std::string_view Name(IntermittentMethod method) noexcept {
  return kMethods[static_cast<std::size_t>(method)];
}

std::string_view Name(DemandPattern pattern) noexcept { return kPatterns[static_cast<std::size_t>(pattern)]; }

IntermittentFit FitIntermittent(std::span<const double> y, IntermittentMethod method,
                                const IntermittentOptions& options) {
  RequireForecastSeries(y);
  RequireNotNegative(y);
  RequireSmoothing(options.alpha);
  RequireSmoothing(options.beta);
  RequireMemory(10 * sizeof(double) * y.size(), "fitting a forecast");
  IntermittentFit fit;
  fit.method = method;
  fit.start = options.start;
  EstimateSmoothing(y, options, &fit);
  AdvanceIntermittent(y, &fit);
  return fit;
}

IntermittentFit UpdateIntermittent(IntermittentFit fit, std::span<const double> y) {
  if (y.empty()) return fit;
  RequireForecastSeries(y);
  RequireNotNegative(y);
  RequireMemory(5 * sizeof(double) * (fit.fitted.size() + y.size()), "fitting a forecast");
  AdvanceIntermittent(y, &fit);
  return fit;
}

Forecast ForecastFrom(IntermittentFit fit, const ForecastOptions& options) {
  RequireForecastOptions(options);
  Forecast forecast;
  forecast.method = kTitles[static_cast<std::size_t>(fit.method)];
  forecast.mean.assign(static_cast<std::size_t>(options.horizon), fit.rate);
  if (fit.errors > 0) forecast.sigma2 = fit.squares / static_cast<double>(fit.errors);
  SetQuantiles(SizesAhead(fit), options.levels, &forecast);
  forecast.fitted = std::move(fit.fitted);
  forecast.residuals = std::move(fit.residuals);
  return forecast;
}

Forecast ForecastIntermittent(std::span<const double> y, IntermittentMethod method,
                              const IntermittentOptions& intermittent, const ForecastOptions& options) {
  RequireForecastOptions(options);
  return ForecastFrom(FitIntermittent(y, method, intermittent), options);
}

DemandProfile ClassifyDemand(std::span<const double> y) {
  RequireForecastSeries(y);
  RequireNotNegative(y);
  DemandProfile profile;
  double mean = 0;
  for (const double value : y) {
    if (value == 0) continue;
    ++profile.demands;
    mean += (value - mean) / static_cast<double>(profile.demands);
  }
  if (profile.demands == 0) return profile;
  const auto demands = static_cast<double>(profile.demands);
  double squares = 0;
  for (const double value : y) {
    // Relative, as the square of a tiny mean would be 0.
    if (value > 0) squares += (value / mean - 1) * (value / mean - 1);
  }
  profile.interval = static_cast<double>(y.size()) / demands;
  if (profile.demands > 1) profile.squared_cv = squares / (demands - 1);
  const bool rare = profile.interval >= 1.32;
  const bool varied = profile.squared_cv >= 0.49;
  if (varied) {
    profile.pattern = rare ? DemandPattern::kLumpy : DemandPattern::kErratic;
  } else {
    profile.pattern = rare ? DemandPattern::kIntermittent : DemandPattern::kSmooth;
  }
  return profile;
}

}  // namespace ecomm::core
