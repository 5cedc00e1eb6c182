#include "forecast_arguments.hpp"

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::fn {

core::ForecastRequest ReadForecastRequest(const pg::Arguments& arguments,
                                          const ForecastPositions& positions) {
  core::ForecastRequest request;
  if (positions.horizon >= 0) request.options.horizon = arguments.Int32(positions.horizon).value_or(28);
  if (positions.level >= 0) request.options.levels = {arguments.Float8(positions.level).value_or(0.95)};
  if (positions.levels >= 0) {
    if (auto levels = arguments.Float8Array(positions.levels)) {
      std::sort(levels->begin(), levels->end());
      request.options.levels = std::move(*levels);
    }
  }
  core::RequireForecastOptions(request.options);
  if (request.options.levels.empty()) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "levels must name at least one level");
  }
  if (positions.method >= 0) {
    request.method = core::ParseMethod(arguments.Text(positions.method).value_or("auto"));
  }
  if (positions.season >= 0) request.season = arguments.Int32(positions.season);
  if (request.season.value_or(1) < 1) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "season must be at least 1",
                      "It is " + std::to_string(*request.season) + ".");
  }
  if (positions.scale >= 0) {
    request.scale = core::ParseForecastScale(arguments.Text(positions.scale).value_or("none"));
  }
  if (positions.intervals >= 0) {
    request.intervals = core::ParseIntervals(arguments.Text(positions.intervals).value_or("calibrated"));
  }
  if (positions.seed >= 0) {
    const std::int64_t seed = arguments.Int64(positions.seed).value_or(1);
    if (seed < 0) {
      throw core::Error(core::ErrorCode::kInvalidArgument, "seed must not be negative",
                        "It is " + std::to_string(seed) + ".");
    }
    request.seed = static_cast<std::uint64_t>(seed);
  }
  return request;
}

pg::CalendarOptions ReadCalendarOptions(const pg::Arguments& arguments, core::Grain grain, int terms,
                                        int regressors) {
  const core::CalendarTerms read = core::ParseCalendarTerms(arguments.Text(terms).value_or(""));
  if (read.closed && grain != core::Grain::kDay) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "days closed for once need a series of days",
                      "The grain is " + std::string(core::Name(grain)) + ".");
  }
  return {.terms = read, .regressors = arguments.ObjectId(regressors).value_or(InvalidOid)};
}

void PutSteps(pg::RowSink& sink, const core::StatedForecast& stated, int horizon) {
  if (stated.forecast.mean.empty() && horizon > 0) PutStatus(sink, stated, [&] { sink.Null(); });
  for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
    PutStep(sink, stated, i, [&] { sink.Int32(static_cast<std::int32_t>(i) + 1); });
  }
}

core::SeriesCalendar ReadRegressors(const pg::Arguments& arguments, int position, std::size_t length) {
  const auto values = arguments.Float8Array(position);
  if (!values) return {};
  if (length == 0 || values->empty() || values->size() % length != 0) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "regressors need a row per value and per step ahead",
                      "They have " + std::to_string(values->size()) + " numbers, and " +
                          std::to_string(length) + " rows are needed.");
  }
  if (!std::all_of(values->begin(), values->end(), [](double value) { return std::isfinite(value); })) {
    throw core::Error(core::ErrorCode::kUnusableData, "a regressor is not a finite number");
  }
  const std::size_t columns = values->size() / length;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < columns; ++k) names.push_back("x" + std::to_string(k + 1));
  core::SeriesCalendar calendar;
  core::AddRegressors(names,
                      Eigen::Map<const core::Matrix>(values->data(), static_cast<Eigen::Index>(length),
                                                     static_cast<Eigen::Index>(columns)),
                      &calendar);
  return calendar;
}

}  // namespace ecomm::fn
