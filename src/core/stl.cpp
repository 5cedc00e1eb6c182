#include "ecomm_analytics/core/stl.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "loess.hpp"

namespace ecomm::core {
namespace {

constexpr std::int64_t kLargestWindow = 1'000'000'000'000;
constexpr int kMostIterations = 1000;

void RequireWithin(const char* option, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("the ") + option + " is outside its range",
              "Value: " + std::to_string(value) + ", allowed: " + std::to_string(least) + " to " +
                  std::to_string(most) + ".");
}

void RequireValid(const StlOptions& options) {
  if (!(options.period >= 1 && options.period <= 1e9)) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Value: " + FormatNumber(options.period) + ", allowed: 1 to 1000000000.");
  }
  RequireWithin("seasonal window", options.seasonal_window, 0, kLargestWindow);
  RequireWithin("trend window", options.trend_window, 0, kLargestWindow);
  RequireWithin("low-pass window", options.low_pass_window, 0, kLargestWindow);
  RequireWithin("seasonal degree", options.seasonal_degree, 0, 1);
  RequireWithin("trend degree", options.trend_degree, 0, 1);
  RequireWithin("low-pass degree", options.low_pass_degree, -1, 1);
  RequireWithin("seasonal jump", options.seasonal_jump, 0, kLargestWindow);
  RequireWithin("trend jump", options.trend_jump, 0, kLargestWindow);
  RequireWithin("low-pass jump", options.low_pass_jump, 0, kLargestWindow);
  RequireWithin("number of inner iterations", options.inner, 0, kMostIterations);
  RequireWithin("number of outer iterations", options.outer, -1, kMostIterations);
}

std::int64_t MadeOdd(std::int64_t window) { return std::max<std::int64_t>(3, window + (window % 2 == 0)); }

LoessOptions Smoother(std::int64_t window, int degree, std::int64_t jump) {
  if (jump == 0) jump = (window + 9) / 10;
  return {MadeOdd(window), degree, jump};
}

// The options with every default filled in.
struct Plan {
  std::size_t period = 1;
  bool periodic = false;
  LoessOptions seasonal;
  LoessOptions trend;
  LoessOptions low_pass;
  int inner = 0;
  int outer = 0;
};

Plan Prepare(std::size_t length, const StlOptions& options) {
  const auto n = static_cast<std::int64_t>(length);
  Plan plan;
  plan.period = static_cast<std::size_t>(options.period);
  plan.periodic = options.seasonal_window == 0;
  plan.inner = options.inner != 0 ? options.inner : (options.robust ? 1 : 2);
  plan.outer = options.outer >= 0 ? options.outer : (options.robust ? 15 : 0);

  // So wide that all periods count alike.
  const std::int64_t seasonal_window =
      plan.periodic ? 10 * n + 1 : std::max<std::int64_t>(3, options.seasonal_window);
  plan.seasonal =
      Smoother(seasonal_window, plan.periodic ? 0 : options.seasonal_degree, options.seasonal_jump);

  std::int64_t trend_window = options.trend_window;
  if (trend_window == 0 && plan.period == 1) {
    trend_window = MadeOdd(std::max<std::int64_t>(7, n / 5));
  } else if (trend_window == 0) {
    const double widened = 1.5 * options.period / (1 - 1.5 / static_cast<double>(seasonal_window));
    trend_window = MadeOdd(static_cast<std::int64_t>(std::ceil(widened)));
  }
  plan.trend = Smoother(trend_window, options.trend_degree, options.trend_jump);

  const std::int64_t low_pass_window =
      options.low_pass_window != 0 ? options.low_pass_window
                                   : MadeOdd(static_cast<std::int64_t>(std::nearbyint(options.period)));
  plan.low_pass =
      Smoother(low_pass_window, options.low_pass_degree >= 0 ? options.low_pass_degree : options.trend_degree,
               options.low_pass_jump);
  return plan;
}

// averages[i] is the mean of values[i], …, values[i + width - 1].
void MovingAverage(std::span<const double> values, std::size_t width, std::span<double> averages) {
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i) sum += values[i];
  averages[0] = sum / static_cast<double>(width);
  for (std::size_t i = width; i < values.size(); ++i) {
    sum += values[i] - values[i - width];
    averages[i - width + 1] = sum / static_cast<double>(width);
  }
}

class StlFit {
 public:
  StlFit(std::span<const double> y, const Plan& plan)
      : y_(y),
        plan_(plan),
        n_(y.size()),
        loess_(n_),
        trend_(n_, 0.0),
        season_(n_, 0.0),
        first_(n_ + 2 * plan.period),
        second_(n_ + 2 * plan.period),
        third_(n_ + 2 * plan.period) {}

  void Run() {
    for (int outer = 0;; ++outer) {
      for (int inner = 0; inner < plan_.inner; ++inner) Improve();
      if (outer == plan_.outer) break;
      Reweigh();
      Poll();
    }
    if (plan_.periodic && plan_.period > 1) AveragePhases();
  }

  const std::vector<double>& Trend() const { return trend_; }
  const std::vector<double>& Season() const { return season_; }
  const std::vector<double>& Robustness() const { return robustness_; }

 private:
  // One round: the season from the detrended series, the trend from the deseasonalised one.
  void Improve() {
    if (plan_.period > 1) {
      SmoothPhases();
      FilterLowPass();
      for (std::size_t i = 0; i < n_; ++i) season_[i] = first_[plan_.period + i] - second_[i];
    }
    const std::span<double> deseasonalised = std::span(second_).first(n_);
    for (std::size_t i = 0; i < n_; ++i) deseasonalised[i] = y_[i] - season_[i];
    loess_.Smooth(deseasonalised, robustness_, plan_.trend, trend_);
  }

  // first_: every phase of the detrended series smoothed, and carried on by one period at each end.
  void SmoothPhases() {
    const std::size_t period = plan_.period;
    for (std::size_t phase = 0; phase < period; ++phase) {
      const std::size_t count = (n_ - phase - 1) / period + 1;
      const std::span<double> values = std::span(second_).first(count);
      const std::span<double> weights = std::span(third_).first(robustness_.empty() ? 0 : count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = phase + i * period;
        values[i] = y_[at] - trend_[at];
        if (!weights.empty()) weights[i] = robustness_[at];
      }
      // The rest of second_ is free: a phase has at most half of the observations, rounded up.
      const std::span<double> curve = std::span(second_).subspan(count, count);
      loess_.Smooth(values, weights, plan_.seasonal, curve);

      const auto window = static_cast<std::size_t>(
          std::min<std::int64_t>(plan_.seasonal.window, static_cast<std::int64_t>(count)));
      const auto after = static_cast<double>(count);
      first_[phase] = loess_.At(-1, values, weights, plan_.seasonal, 0, window - 1).value_or(curve.front());
      for (std::size_t i = 0; i < count; ++i) first_[phase + (i + 1) * period] = curve[i];
      first_[phase + (count + 1) * period] =
          loess_.At(after, values, weights, plan_.seasonal, count - window, count - 1).value_or(curve.back());
    }
  }

  // second_: what is left of first_ at low frequencies, which belongs to the trend.
  void FilterLowPass() {
    const std::size_t period = plan_.period;
    const std::size_t once = n_ + period + 1;
    MovingAverage(first_, period, std::span(second_).first(once));
    MovingAverage(std::span(second_).first(once), period, std::span(third_).first(n_ + 2));
    MovingAverage(std::span(third_).first(n_ + 2), 3, std::span(second_).first(n_));
    const std::span<double> averaged = std::span(third_).first(n_);
    std::copy_n(second_.begin(), n_, averaged.begin());
    loess_.Smooth(averaged, {}, plan_.low_pass, std::span(second_).first(n_));
  }

  // Bisquare weights of the remainder, relative to six times its median magnitude.
  void Reweigh() {
    robustness_.resize(n_);
    const std::span<double> sorted = std::span(second_).first(n_);
    for (std::size_t i = 0; i < n_; ++i) {
      robustness_[i] = std::fabs(y_[i] - trend_[i] - season_[i]);
      sorted[i] = robustness_[i];
    }
    const auto upper = sorted.begin() + static_cast<std::ptrdiff_t>(n_ / 2);
    std::nth_element(sorted.begin(), upper, sorted.end());
    const double lower = n_ % 2 == 1 ? *upper : *std::max_element(sorted.begin(), upper);
    const double cut = 3 * (lower + *upper);
    for (double& weight : robustness_) {
      const double ratio = weight / cut;
      const double base = 1 - ratio * ratio;
      if (weight <= 0.001 * cut) {
        weight = 1;
      } else {
        weight = weight <= 0.999 * cut ? base * base : 0;
      }
    }
  }

  void AveragePhases() {
    for (std::size_t phase = 0; phase < plan_.period; ++phase) {
      double sum = 0;
      double count = 0;
      for (std::size_t i = phase; i < n_; i += plan_.period, ++count) sum += season_[i];
      for (std::size_t i = phase; i < n_; i += plan_.period) season_[i] = sum / count;
    }
  }

  std::span<const double> y_;
  Plan plan_;
  std::size_t n_;
  Loess loess_;
  std::vector<double> trend_;
  std::vector<double> season_;
  std::vector<double> robustness_;  // empty before the first Reweigh()
  std::vector<double> first_;       // working space of n + 2 periods, as the next two
  std::vector<double> second_;
  std::vector<double> third_;
};

}  // namespace

Decomposition Stl(std::span<const double> y, const StlOptions& options) {
  RequireValid(options);
  const double period = std::floor(options.period);
  RequireTwoPeriods(y.size(), period);
  RequireFiniteSeries(y);
  RequireMemory(16 * sizeof(double) * y.size(), "taking a series apart");

  std::vector<double> periods;
  if (period > 1) periods.push_back(options.period);
  Decomposition parts = WithoutSeason(y, periods);
  const Plan plan = Prepare(y.size(), options);
  if (IsConstant(y)) {
    if (plan.outer > 0) parts.weights.assign(y.size(), 1.0);
    return parts;
  }

  StlFit fit(y, plan);
  fit.Run();
  parts.trend = fit.Trend();
  parts.seasonal = fit.Season();
  parts.weights = fit.Robustness();
  for (std::size_t i = 0; i < y.size(); ++i) {
    parts.remainder[i] = y[i] - parts.seasonal[i] - parts.trend[i];
  }
  if (!periods.empty()) parts.seasonals.front() = parts.seasonal;
  return parts;
}

}  // namespace ecomm::core
