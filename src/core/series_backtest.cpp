#include "ecomm_analytics/core/series_backtest.hpp"

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

// A method that fell back is not to be judged by what it fell back to.
Forecast OrFailure(StatedForecast stated) {
  constexpr std::string_view kFellBack = "fell back";
  if (stated.status.starts_with(kFellBack)) throw Error(ErrorCode::kUnusableData, stated.status);
  return std::move(stated.forecast);
}

}  // namespace

StatedBacktest BacktestSeries(std::span<const double> y, std::span<const MethodSpec> methods,
                              const ForecastRequest& request, const SeriesCalendar& calendar) {
  std::vector<NamedMethod> named;
  for (const MethodSpec& method : methods) {
    named.push_back({Name(method), [&](std::span<const double> known, const ForecastOptions& options) {
                       ForecastRequest one = request;
                       one.method = method;
                       one.options = options;
                       const std::size_t needed = known.size() + static_cast<std::size_t>(options.horizon);
                       return OrFailure(ForecastSeries(
                           known, one, calendar.empty() ? SeriesCalendar{} : calendar.Slice(0, needed)));
                     }});
  }
  if (y.size() <= static_cast<std::size_t>(request.options.horizon)) {
    return {{}, "too short: no more values than steps ahead"};
  }
  BacktestOptions options;
  options.forecast = request.options;
  const std::vector<int> seasons = SeasonsOf(y, request.season, request.season_candidates);
  options.period = seasons.empty() ? 1 : seasons.front();
  StatedBacktest stated{RunBacktest(y, named, options).methods, "ok"};
  for (MethodBacktest& method : stated.methods) method.errors.clear();
  return stated;
}

}  // namespace ecomm::core
