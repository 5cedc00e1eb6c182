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
  request.season = arguments.Int32(positions.season);
  if (request.season.value_or(1) < 1) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "season must be at least 1",
                      "It is " + std::to_string(*request.season) + ".");
  }
  if (positions.scale >= 0) {
    request.scale = core::ParseForecastScale(arguments.Text(positions.scale).value_or("none"));
  }
  return request;
}

}  // namespace ecomm::fn
