#include "ecomm_analytics/core/accuracy.hpp"

#include <cmath>
#include <string>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

NaiveScale MeasureNaiveScale(std::span<const double> y, int period) {
  if (period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(period) + ", allowed: 1 and more.");
  }
  const auto lag = static_cast<std::size_t>(period);
  if (y.size() <= lag) return {};
  NaiveScale scale;
  for (std::size_t i = lag; i < y.size(); ++i) {
    const double error = y[i] - y[i - lag];
    scale.absolute += std::fabs(error);
    scale.squared += error * error;
  }
  const auto count = static_cast<double>(y.size() - lag);
  scale.absolute /= count;
  scale.squared /= count;
  return scale;
}

void AccuracySum::Mean::Add(double value) {
  sum += value;
  ++count;
}

void AccuracySum::Mean::Merge(const Mean& other) {
  sum += other.sum;
  count += other.count;
}

std::optional<double> AccuracySum::Mean::Value() const {
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::optional<double> AccuracySum::Mean::Root() const {
  if (count == 0) return std::nullopt;
  return std::sqrt(sum / count);
}

AccuracySum::AccuracySum(std::span<const double> levels) {
  for (const double level : levels) intervals_.push_back({level, {}, {}});
}

void AccuracySum::Add(double observed, const Forecast& forecast, std::size_t step, const NaiveScale& scale) {
  const double mean = forecast.mean.at(step);
  const double error = mean - observed;
  const double size = std::fabs(error);
  const double both = std::fabs(mean) + std::fabs(observed);
  absolute_.Add(size);
  squared_.Add(error * error);
  signed_.Add(error);
  if (observed != 0) relative_.Add(100 * size / std::fabs(observed));
  symmetric_.Add(both > 0 ? 200 * (size / both) : 0);
  if (scale.absolute > 0) scaled_.Add(size / scale.absolute);
  if (scale.squared > 0) scaled_squared_.Add(error * error / scale.squared);
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    Interval& interval = intervals_[i];
    const double lower = forecast.lower.at(i).at(step);
    const double upper = forecast.upper.at(i).at(step);
    const bool below = observed < lower;
    const bool above = observed > upper;
    interval.inside.Add(below || above ? 0 : 1);
    if (scale.absolute <= 0) continue;
    const double missed = below ? lower - observed : above ? observed - upper : 0;
    interval.score.Add((upper - lower + 2 / (1 - interval.level) * missed) / scale.absolute);
  }
}

void AccuracySum::Merge(const AccuracySum& other) {
  absolute_.Merge(other.absolute_);
  squared_.Merge(other.squared_);
  signed_.Merge(other.signed_);
  relative_.Merge(other.relative_);
  symmetric_.Merge(other.symmetric_);
  scaled_.Merge(other.scaled_);
  scaled_squared_.Merge(other.scaled_squared_);
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    intervals_[i].inside.Merge(other.intervals_.at(i).inside);
    intervals_[i].score.Merge(other.intervals_.at(i).score);
  }
}

Accuracy AccuracySum::Result() const {
  Accuracy result;
  result.count = static_cast<std::size_t>(absolute_.count);
  result.mae = absolute_.Value();
  result.rmse = squared_.Root();
  result.bias = signed_.Value();
  result.mape = relative_.Value();
  result.smape = symmetric_.Value();
  result.mase = scaled_.Value();
  result.rmsse = scaled_squared_.Root();
  for (const Interval& interval : intervals_) {
    result.intervals.push_back({interval.level, interval.inside.Value(), interval.score.Value()});
  }
  return result;
}

Accuracy MeasureAccuracy(std::span<const double> training, std::span<const double> observed,
                         const Forecast& forecast, int period) {
  RequireForecastSeries(training);
  if (observed.size() > forecast.mean.size()) {
    throw Error(ErrorCode::kInvalidArgument, "more was observed than forecast",
                "Observed: " + std::to_string(observed.size()) +
                    ", forecast: " + std::to_string(forecast.mean.size()) + ".",
                "Forecast as many steps, or leave out the later observations.");
  }
  if (!observed.empty()) RequireForecastSeries(observed);
  const NaiveScale scale = MeasureNaiveScale(training, period);
  AccuracySum sum(forecast.levels);
  for (std::size_t step = 0; step < observed.size(); ++step) sum.Add(observed[step], forecast, step, scale);
  return sum.Result();
}

}  // namespace ecomm::core
