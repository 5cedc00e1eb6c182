#include "ecomm_analytics/core/forecast_task.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "task_format.hpp"

namespace ecomm::core {
namespace {

using byte_format::Cut;
using byte_format::Peek;
using byte_format::Put;
using task_format::CutCalendar;
using task_format::CutCount;
using task_format::CutNumbers;
using task_format::CutRequest;
using task_format::CutSeries;
using task_format::CutText;
using task_format::PutCalendar;
using task_format::PutNumbers;
using task_format::PutRequest;
using task_format::PutSeries;
using task_format::PutText;

// Errors in the unit of the series, whatever a method calls its residuals.
std::vector<double> ErrorsOf(std::span<const double> y, const Forecast& forecast) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < y.size(); ++i) errors.push_back(y[i] - forecast.fitted[i]);
  return errors;
}

void PutForecast(std::string& out, std::span<const double> y, const StatedForecast& stated,
                 bool with_residuals) {
  const Forecast& forecast = stated.forecast;
  PutText(out, stated.status);
  PutText(out, forecast.method);
  Put(out, forecast.sigma2);
  PutNumbers(out, forecast.levels);
  PutNumbers(out, forecast.mean);
  for (const auto* bounds : {&forecast.lower, &forecast.upper}) {
    Put(out, static_cast<std::uint64_t>(bounds->size()));
    for (const std::vector<double>& bound : *bounds) PutNumbers(out, bound);
  }
  PutNumbers(out, with_residuals ? ErrorsOf(y, forecast) : std::vector<double>{});
}

StatedForecast CutForecast(std::string_view& bytes) {
  StatedForecast stated;
  stated.status = CutText(bytes);
  Forecast& forecast = stated.forecast;
  forecast.method = CutText(bytes);
  forecast.sigma2 = Peek<double>(Cut(bytes, 1, sizeof(double)), 0);
  forecast.levels = CutNumbers(bytes);
  forecast.mean = CutNumbers(bytes);
  for (auto* bounds : {&forecast.lower, &forecast.upper}) {
    const std::uint64_t count = CutCount(bytes);
    for (std::uint64_t i = 0; i < count; ++i) bounds->push_back(CutNumbers(bytes));
  }
  forecast.residuals = CutNumbers(bytes);
  return stated;
}

}  // namespace

StatedForecast ForecastToTheEnd(std::span<const double> y, const ForecastRequest& request,
                                const SeriesCalendar& calendar) {
  const std::size_t needed = y.size() + static_cast<std::size_t>(request.options.horizon);
  const std::size_t length = calendar.size();
  if (!calendar.empty() && needed > length) {
    throw Error(ErrorCode::kInvalidArgument, "the calendar is shorter than the series and its horizon");
  }
  return ForecastSeries(y, request, calendar.Last(needed));
}

void RequireForecastMemory(const ForecastRequest& request, std::size_t series, std::size_t residuals) {
  const std::size_t numbers =
      static_cast<std::size_t>(request.options.horizon) * (1 + 2 * request.options.levels.size());
  // As bytes and as numbers at once.
  RequireMemory(2 * (series * numbers + residuals) * sizeof(double), "forecasts");
}

std::string EncodeForecastTask(const ForecastRequest& request, const SeriesCalendar& calendar,
                               std::span<const std::vector<double>* const> series, bool with_residuals) {
  std::string task;
  PutRequest(task, request);
  PutCalendar(task, calendar);
  Put(task, with_residuals);
  PutSeries(task, series);
  return task;
}

std::string RunForecastTask(std::string_view task) {
  const ForecastRequest request = CutRequest(task);
  const SeriesCalendar calendar = CutCalendar(task);
  const bool with_residuals = Peek<char>(Cut(task, 1, 1), 0) != 0;
  std::string result;
  CutSeries(task, [&](const std::vector<double>& y) {
    RequireMemory(result.size(), "forecasts");
    PutForecast(result, y, ForecastToTheEnd(y, request, calendar), with_residuals);
  });
  return result;
}

std::vector<StatedForecast> DecodeForecasts(std::string_view result) {
  std::vector<StatedForecast> forecasts;
  while (!result.empty()) forecasts.push_back(CutForecast(result));
  return forecasts;
}

}  // namespace ecomm::core
