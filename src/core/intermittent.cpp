#include "ecomm_analytics/core/intermittent.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"
#include "scalar_search.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kPollEvery = 16384;

constexpr std::array<std::string_view, 4> kMethods = {"croston", "sba", "tsb", "adida"};
constexpr std::array<const char*, 4> kTitles = {"Croston", "Syntetos-Boylan", "Teunter-Syntetos-Babai",
                                                "ADIDA"};
constexpr std::array<std::string_view, 5> kPatterns = {"none", "smooth", "intermittent", "erratic", "lumpy"};

struct Smoothing {
  double alpha;
  IntermittentStart start;
};

// The weights of a value against what was smoothed before it, from the first value on.
class Gains {
 public:
  explicit Gains(const Smoothing& smoothing) : smoothing_(smoothing) {}

  double Next() {
    total_ = 1 + (1 - smoothing_.alpha) * total_;
    if (total_ == 1 || smoothing_.start == IntermittentStart::kRunningMean) return 1 / total_;
    return smoothing_.alpha;
  }

 private:
  Smoothing smoothing_;
  double total_ = 0;  // of the falling weights of all values so far, the last one's being 1
};

class Smoothed {
 public:
  explicit Smoothed(const Smoothing& smoothing) : gains_(smoothing) {}

  void Add(double value) { level_ += gains_.Next() * (value - level_); }

  double level() const { return level_; }  // 0 before the first value

 private:
  Gains gains_;
  double level_ = 0;
};

double SquaredErrors(std::span<const double> values, const Smoothing& smoothing) {
  Smoothed smoothed(smoothing);
  double squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % kPollEvery == 0) Poll();
    const double error = i == 0 ? 0 : values[i] - smoothed.level();
    squares += error * error;
    smoothed.Add(values[i]);
  }
  return squares;
}

// The parameter that was given, or the best for `values`; of several, 0.
Smoothing FindSmoothing(std::span<const double> values, const std::optional<double>& given,
                        IntermittentStart start) {
  if (given) return {*given, start};
  // More would follow single demands, and few of them would bear the intervals.
  constexpr std::array<double, 8> kGrid = {0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3};
  const auto squares = [&](double alpha) { return SquaredErrors(values, {alpha, start}); };
  const double best = LowestPoint(squares, kGrid, 1e-8);
  return {squares(0) <= squares(best) ? 0 : best, start};
}

// The share of each of `count` values in what is smoothed of them; they sum to 1.
std::vector<double> Weights(std::size_t count, const Smoothing& smoothing) {
  Gains gains(smoothing);
  std::vector<double> weights(count);
  for (double& weight : weights) weight = gains.Next();
  // Powers that linger among the smallest numbers would be slow, and no quantile sees them.
  constexpr double kLeast = 1e-150;
  double left = 1;
  for (std::size_t i = count; i-- > 0;) {
    const double gain = weights[i];
    weights[i] = left * gain;
    left = left > kLeast ? left * (1 - gain) : 0;
  }
  return weights;
}

struct WeightedSize {
  double size;
  double weight;  // the probability that an observation ahead is this
};

// What a method makes of a series with at least one demand.
struct Demand {
  double rate = 0;  // mean demand per observation
  std::vector<double> fitted = {};
  std::vector<WeightedSize> sizes = {};  // with zeros as the rest, their mean is the rate
};

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

// Each size with its share in the smoothed one, and all of them with `probability`.
std::vector<WeightedSize> WeighSizes(std::span<const double> sizes, const Smoothing& smoothing,
                                     double probability) {
  const auto weights = Weights(sizes.size(), smoothing);
  std::vector<WeightedSize> weighted;
  weighted.reserve(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) weighted.push_back({sizes[i], probability * weights[i]});
  return weighted;
}

Demand FitCroston(std::span<const double> y, bool approximation, const IntermittentOptions& options) {
  const auto sizes = Sizes(y);
  const auto intervals = Intervals(y);
  const Smoothing by_size = FindSmoothing(sizes, options.alpha, options.start);
  const Smoothing by_interval = FindSmoothing(intervals, options.beta, options.start);
  const double factor = approximation ? 1 - by_interval.alpha / 2 : 1;
  Smoothed size(by_size);
  Smoothed interval(by_interval);
  std::size_t demands = 0;
  Demand demand;
  demand.fitted.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    demand.fitted[i] = demand.rate;
    if (y[i] == 0) continue;
    interval.Add(intervals[demands++]);
    size.Add(y[i]);
    demand.rate = factor / interval.level() * size.level();
  }
  demand.sizes = WeighSizes(sizes, by_size, factor / interval.level());
  return demand;
}

Demand FitTsb(std::span<const double> y, const IntermittentOptions& options) {
  const auto sizes = Sizes(y);
  std::vector<double> occurs(y.size());
  std::transform(y.begin(), y.end(), occurs.begin(), [](double value) { return value > 0 ? 1 : 0; });
  const Smoothing by_size = FindSmoothing(sizes, options.alpha, options.start);
  Smoothed size(by_size);
  Smoothed share(FindSmoothing(occurs, options.beta, options.start));
  Demand demand;
  demand.fitted.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    demand.fitted[i] = demand.rate;
    share.Add(occurs[i]);
    if (y[i] > 0) size.Add(y[i]);
    demand.rate = share.level() * size.level();
  }
  demand.sizes = WeighSizes(sizes, by_size, share.level());
  return demand;
}

// The sum of each `width` neighbours, by their last. Sums are put together from two blocks, as differences of
// running totals would not be exact.
std::vector<double> WindowSums(std::span<const double> y, std::size_t width) {
  const std::size_t count = y.size();
  std::vector<double> up_to(count);
  std::vector<double> from(count);
  for (std::size_t i = 0; i < count; ++i) up_to[i] = i % width == 0 ? y[i] : up_to[i - 1] + y[i];
  for (std::size_t i = count; i-- > 0;) {
    from[i] = i + 1 == count || (i + 1) % width == 0 ? y[i] : y[i] + from[i + 1];
  }
  std::vector<double> sums(count, 0.0);
  for (std::size_t i = width - 1; i < count; ++i) {
    const std::size_t first = i + 1 - width;
    sums[i] = first % width == 0 ? up_to[i] : from[first] + up_to[i];
  }
  return sums;
}

// Buckets end with the series; what is left at its start is not used.
Demand FitAdida(std::span<const double> y, std::size_t demands, const IntermittentOptions& options) {
  const std::size_t count = y.size();
  const double interval = static_cast<double>(count) / static_cast<double>(demands);
  const auto width = static_cast<std::size_t>(std::lround(interval));
  const std::size_t buckets = count / width;
  const std::size_t first = count - buckets * width;
  auto levels = WindowSums(y, width);
  std::vector<double> sums(buckets);
  for (std::size_t i = 0; i < buckets; ++i) sums[i] = levels[first + (i + 1) * width - 1];
  const Smoothing smoothing = FindSmoothing(sums, options.alpha, options.start);

  // At each observation, what the buckets that end there are smoothed to.
  Gains gains(smoothing);
  double gain = 1;
  for (std::size_t i = width - 1; i < count; ++i) {
    if ((i + 1) % width == 0) gain = gains.Next();
    if (i + 1 >= 2 * width) levels[i] = levels[i - width] + gain * (levels[i] - levels[i - width]);
  }
  Demand demand;
  demand.fitted.assign(count, kNaN);
  for (std::size_t i = width; i < count; ++i) demand.fitted[i] = levels[i - 1] / static_cast<double>(width);
  demand.rate = levels.back() / static_cast<double>(width);
  const auto weights = Weights(buckets, smoothing);
  for (std::size_t i = first; i < count; ++i) {
    const double weight = weights[(i - first) / width] / static_cast<double>(width);
    if (y[i] > 0) demand.sizes.push_back({y[i], weight});
  }
  return demand;
}

Demand FitDemand(std::span<const double> y, IntermittentMethod method, const IntermittentOptions& options) {
  const auto demands = y.size() - static_cast<std::size_t>(std::count(y.begin(), y.end(), 0.0));
  if (demands == 0) return {.fitted = std::vector<double>(y.size(), 0.0)};
  switch (method) {
    case IntermittentMethod::kCroston:
      return FitCroston(y, false, options);
    case IntermittentMethod::kSba:
      return FitCroston(y, true, options);
    case IntermittentMethod::kTsb:
      return FitTsb(y, options);
    case IntermittentMethod::kAdida:
      return FitAdida(y, demands, options);
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown method for intermittent demand");
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

Forecast ForecastIntermittent(std::span<const double> y, IntermittentMethod method,
                              const IntermittentOptions& intermittent, const ForecastOptions& options) {
  RequireForecastOptions(options);
  RequireForecastSeries(y);
  RequireNotNegative(y);
  RequireSmoothing(intermittent.alpha);
  RequireSmoothing(intermittent.beta);
  RequireMemory(10 * sizeof(double) * y.size(), "fitting a forecast");
  Demand demand = FitDemand(y, method, intermittent);

  Forecast forecast;
  forecast.method = kTitles[static_cast<std::size_t>(method)];
  forecast.mean.assign(static_cast<std::size_t>(options.horizon), demand.rate);
  forecast.fitted = std::move(demand.fitted);
  forecast.fitted.front() = kNaN;
  forecast.residuals.resize(y.size());
  double squares = 0;
  std::size_t errors = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double residual = y[i] - forecast.fitted[i];
    forecast.residuals[i] = residual;
    if (std::isnan(residual)) continue;
    squares += residual * residual;
    ++errors;
  }
  if (errors > 0) forecast.sigma2 = squares / static_cast<double>(errors);
  SetQuantiles(std::move(demand.sizes), options.levels, &forecast);
  return forecast;
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
