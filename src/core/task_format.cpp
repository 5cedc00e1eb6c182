#include "task_format.hpp"

#include <limits>

#include "ecomm_analytics/core/json.hpp"

namespace ecomm::core::task_format {

using byte_format::Cut;
using byte_format::CutVector;
using byte_format::Peek;
using byte_format::Put;
using byte_format::PutVector;

namespace {

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

}  // namespace

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

void PutSeries(std::string& out, std::span<const std::vector<double>* const> series) {
  Put(out, static_cast<std::uint64_t>(series.size()));
  for (const auto* values : series) PutNumbers(out, *values);
}

void PutRequest(std::string& out, const ForecastRequest& request) {
  PutText(out, DumpJson(RequestToJson(request)));
}

ForecastRequest CutRequest(std::string_view& bytes) { return RequestFromJson(ParseJson(CutText(bytes))); }

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
  const auto require = [](bool fits) {
    if (!fits) byte_format::BadState();
  };
  if (columns > 0) {
    require(columns <= values.size() && values.size() % columns == 0);
    calendar.names.resize(columns);
    calendar.regressors =
        Eigen::Map<const Matrix>(values.data(), static_cast<Eigen::Index>(values.size() / columns),
                                 static_cast<Eigen::Index>(columns));
  }
  const auto whole = [&](std::size_t size) { return size == 0 || size == calendar.size(); };
  require(whole(calendar.never.size()) && whole(calendar.closed.size()) &&
          whole(static_cast<std::size_t>(calendar.regressors.rows())));
  return calendar;
}

}  // namespace ecomm::core::task_format
