#include "ecomm_analytics/core/forecast_intervals.hpp"

#include <array>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/ets_forecast.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"calibrated", "model", "conformal", "simulated"};

int EstimatedOf(const BenchmarkFit& /*fit*/) { return 1; }
int EstimatedOf(const ThetaFit& fit) { return fit.estimated; }
int EstimatedOf(const EtsModel& model) { return model.estimated; }
int EstimatedOf(const ArimaModel& model) { return model.estimated; }
int EstimatedOf(const IntermittentFit& /*fit*/) { return 2; }
int EstimatedOf(const SeasonalModel& model) { return EstimatedParameters(model.nested.front()); }
int EstimatedOf(const CombinedModel& model) {
  std::size_t sum = 0;
  for (const ForecastModel& member : model.members)
    sum += static_cast<std::size_t>(EstimatedParameters(member));
  return static_cast<int>(sum / model.members.size());
}

Forecast Simulated(const ForecastModel& model, const ForecastOptions& options, std::uint64_t seed) {
  const auto* ets = std::get_if<EtsModel>(&model.value);
  if (ets == nullptr) {
    throw Error(ErrorCode::kInvalidArgument, "intervals can be simulated for exponential smoothing alone", {},
                "Use method 'ets', or other intervals.");
  }
  return ForecastEts(*ets, options, {.intervals = true, .bootstrap = true, .seed = seed});
}

}  // namespace

int EstimatedParameters(const ForecastModel& model) {
  return std::visit([](const auto& fitted) { return EstimatedOf(fitted); }, model.value);
}

Intervals ParseIntervals(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Intervals>(i);
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown intervals \"" + std::string(text) + "\"", {},
              "Use 'calibrated', 'model', 'conformal' or 'simulated'.");
}

std::string_view Name(Intervals intervals) noexcept { return kNames[static_cast<std::size_t>(intervals)]; }

Forecast PredictWith(const ForecastModel& model, std::span<const double> y, const ForecastOptions& options,
                     Intervals intervals, std::uint64_t seed) {
  if (intervals == Intervals::kSimulated) return Simulated(model, options, seed);
  Forecast base = PredictFrom(model, options);
  if (intervals == Intervals::kModel || options.horizon == 0 || options.levels.empty()) return base;
  const auto past = [&](std::span<const double> known, const ForecastOptions& asked) {
    return PredictFrom(Rerun(model, known), asked);
  };
  if (intervals == Intervals::kConformal) return ConformalIntervals(std::move(base), y, past);
  return CalibrateIntervals(std::move(base), y, past, {.estimated = EstimatedParameters(model)});
}

IntervalCorrection CorrectionOf(const ForecastModel& model, std::span<const double> y, int horizon) {
  const auto past = [&](std::span<const double> known, const ForecastOptions& asked) {
    return PredictFrom(Rerun(model, known), asked);
  };
  return CorrectionOf(static_cast<std::size_t>(horizon), y, past, {.estimated = EstimatedParameters(model)});
}

}  // namespace ecomm::core
