#include "ecomm_analytics/core/forecast_task.hpp"

#include <algorithm>
#include <limits>

#include "byte_format.hpp"
#include "ecomm_analytics/core/json.hpp"

namespace ecomm::core {
namespace {

using byte_format::Cut;
using byte_format::CutVector;
using byte_format::Peek;
using byte_format::Put;
using byte_format::PutVector;

void PutText(std::string& out, std::string_view text) {
  Put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

void PutNumbers(std::string& out, const std::vector<double>& numbers) {
  Put(out, static_cast<std::uint64_t>(numbers.size()));
  PutVector(out, numbers);
}

std::uint64_t CutCount(std::string_view& bytes) {
  return Peek<std::uint64_t>(Cut(bytes, 1, sizeof(std::uint64_t)), 0);
}

std::string_view CutText(std::string_view& bytes) { return Cut(bytes, CutCount(bytes), 1); }

std::vector<double> CutNumbers(std::string_view& bytes) { return CutVector<double>(bytes, CutCount(bytes)); }

Json RequestToJson(const ForecastRequest& request) {
  Json document = {{"method", Name(request.method)},
                   {"horizon", request.options.horizon},
                   {"levels", request.options.levels},
                   {"candidates", request.season_candidates},
                   {"boxcox", request.scale.boxcox},
                   {"intervals", Name(request.intervals)},
                   {"seed", request.seed}};
  if (request.season) document["season"] = *request.season;
  if (request.scale.lambda) document["lambda"] = *request.scale.lambda;
  return document;
}

ForecastRequest RequestFromJson(const Json& document) {
  constexpr std::int64_t kMostSeason = 1'000'000'000;
  constexpr std::size_t kMostLabel = 1'000;
  constexpr std::size_t kMostNumbers = 1'000;
  const JsonReader reader(document);
  const auto numbers = [&](const char* key) {
    const JsonReader member = reader.Member(key);
    return member.FiniteNumbers(member.Length(0, kMostNumbers));
  };
  ForecastRequest request;
  request.method = ParseMethod(reader.Member("method").Label(kMostLabel));
  request.options.horizon = static_cast<int>(reader.Member("horizon").Integer(0, kMostSeason));
  request.options.levels = numbers("levels");
  request.season_candidates = numbers("candidates");
  request.scale.boxcox = reader.Member("boxcox").Boolean();
  request.intervals = ParseIntervals(reader.Member("intervals").Label(kMostLabel));
  request.seed =
      static_cast<std::uint64_t>(reader.Member("seed").Integer(0, std::numeric_limits<std::int64_t>::max()));
  if (reader.Has("season")) {
    request.season = static_cast<int>(reader.Member("season").Integer(1, kMostSeason));
  }
  if (reader.Has("lambda")) request.scale.lambda = reader.Member("lambda").Finite();
  return request;
}

void PutFlags(std::string& out, const std::vector<bool>& flags) {
  Put(out, static_cast<std::uint64_t>(flags.size()));
  for (const bool flag : flags) out += flag ? '\1' : '\0';
}

std::vector<bool> CutFlags(std::string_view& bytes) {
  const std::string_view flags = CutText(bytes);
  std::vector<bool> values;
  for (const char flag : flags) values.push_back(flag != 0);
  return values;
}

// Regressors have names only where they are made: here they are numbered.
void PutCalendar(std::string& out, const SeriesCalendar& calendar) {
  PutFlags(out, calendar.never);
  PutFlags(out, calendar.closed);
  Put(out, static_cast<std::uint64_t>(calendar.names.size()));
  const double* values = calendar.regressors.data();
  PutNumbers(out, {values, values + calendar.regressors.size()});
}

SeriesCalendar CutCalendar(std::string_view& bytes) {
  SeriesCalendar calendar;
  calendar.never = CutFlags(bytes);
  calendar.closed = CutFlags(bytes);
  const std::uint64_t columns = CutCount(bytes);
  const std::vector<double> values = CutNumbers(bytes);
  if (columns == 0) return calendar;
  if (columns > values.size() || values.size() % columns != 0) byte_format::BadState();
  calendar.names.resize(columns);
  calendar.regressors = Eigen::Map<const Matrix>(
      values.data(), static_cast<Eigen::Index>(values.size() / columns), static_cast<Eigen::Index>(columns));
  return calendar;
}

std::size_t LengthOf(const SeriesCalendar& calendar) {
  return std::max(
      {calendar.never.size(), calendar.closed.size(), static_cast<std::size_t>(calendar.regressors.rows())});
}

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
  if (calendar.empty()) return ForecastSeries(y, request);
  const std::size_t needed = y.size() + static_cast<std::size_t>(request.options.horizon);
  const std::size_t length = LengthOf(calendar);
  if (needed > length) {
    throw Error(ErrorCode::kInvalidArgument, "the calendar is shorter than the series and its horizon");
  }
  return ForecastSeries(y, request, calendar.Slice(length - needed, needed));
}

std::string EncodeForecastTask(const ForecastRequest& request, const SeriesCalendar& calendar,
                               std::span<const std::vector<double>* const> series, bool with_residuals) {
  std::string task;
  PutText(task, DumpJson(RequestToJson(request)));
  PutCalendar(task, calendar);
  Put(task, with_residuals);
  Put(task, static_cast<std::uint64_t>(series.size()));
  for (const auto* values : series) PutNumbers(task, *values);
  return task;
}

std::string RunForecastTask(std::string_view task) {
  const ForecastRequest request = RequestFromJson(ParseJson(CutText(task)));
  const SeriesCalendar calendar = CutCalendar(task);
  const bool with_residuals = Peek<char>(Cut(task, 1, 1), 0) != 0;
  const std::uint64_t count = CutCount(task);
  std::string result;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::vector<double> y = CutNumbers(task);
    PutForecast(result, y, ForecastToTheEnd(y, request, calendar), with_residuals);
  }
  return result;
}

std::vector<StatedForecast> DecodeForecasts(std::string_view result) {
  std::vector<StatedForecast> forecasts;
  while (!result.empty()) forecasts.push_back(CutForecast(result));
  return forecasts;
}

}  // namespace ecomm::core
