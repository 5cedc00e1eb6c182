#include "ecomm_analytics/core/trained_series.hpp"

#include <algorithm>
#include <utility>

#include "ecomm_analytics/core/auto_forecast.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "model_archive.hpp"
#include "power_scale.hpp"
#include "series_parts.hpp"

namespace ecomm::core {
namespace {

constexpr int kWeek = 7;

// `before` days before the first step ahead and `count` in all; empty where the shop opens every day.
SeriesCalendar CalendarOf(const ClosedWeekdays& days, std::size_t before, std::size_t count) {
  SeriesCalendar calendar;
  if (!days.any()) return calendar;
  const int first = days.next - 1 + kWeek - static_cast<int>(before % kWeek);
  for (std::size_t i = 0; i < count; ++i) {
    const int weekday = (first + static_cast<int>(i % kWeek)) % kWeek;
    calendar.never.push_back(days.closed[static_cast<std::size_t>(weekday)]);
  }
  return calendar;
}

bool NoneNegative(std::span<const double> y) { return *std::min_element(y.begin(), y.end()) >= 0; }

ForecastModel Naive(std::span<const double> y) { return {FitBenchmark(y, Benchmark::kNaive)}; }

// Of open days.
Forecast PredictOpen(const TrainedSeries& trained, ForecastOptions options) {
  if (trained.lambda) options.levels.push_back(kOneSigma);
  Forecast forecast = Correct(PredictFrom(*trained.model, options), trained.correction);
  forecast.fitted.clear();
  forecast.residuals.clear();
  if (!trained.lambda) return forecast;
  forecast = PowerScale({}, trained.lambda).Back({}, std::move(forecast));
  forecast.method += ScaleNote(*trained.lambda);
  return forecast;
}

void FallBack(std::span<const double> y, const std::string& why, TrainedSeries* trained) {
  trained->model = Naive(y);
  trained->lambda.reset();
  trained->correction = {};
  trained->status = kFellBack + why;
}

// The model, and how the choice was made where it is automatic.
void Fit(std::span<const double> y, std::span<const int> periods, const ForecastRequest& request,
         TrainedSeries* trained) {
  trained->status = "ok";
  const bool calibrated = request.intervals == Intervals::kCalibrated;
  if (request.method.kind != Forecaster::kAuto) {
    trained->model = FitMethod(request.method, y, periods);
    if (calibrated) trained->correction = CorrectionOf(*trained->model, y, request.options.horizon);
    return;
  }
  AutoForecast made = ForecastAuto(y, periods, request.options);
  trained->model = std::move(made.chosen.model);
  if (calibrated) trained->correction = std::move(made.correction);
  trained->status += ": " + made.chosen.reason;
}

void TrainOnScale(std::span<const double> y, const ForecastRequest& request, TrainedSeries* trained) {
  const std::vector<int> periods = SeasonsOf(y, request.season, request.season_candidates);
  if (!request.scale.boxcox) {
    Fit(y, periods, request, trained);
  } else if (*std::min_element(y.begin(), y.end()) <= 0) {
    Fit(y, periods, request, trained);
    AddNote(kNotTransformed, &trained->status);
  } else {
    const PowerScale scale(y, request.scale.lambda);
    trained->lambda = scale.lambda();
    Fit(scale.Forward(y), periods, request, trained);
  }
}

void TrainOpen(std::span<const double> y, const ForecastRequest& request, TrainedSeries* trained) {
  if (const auto why = WhyRepeated(y)) {
    if (!y.empty()) trained->model = Naive(y);
    trained->status = *why;
    return;
  }
  try {
    TrainOnScale(y, request, trained);
    if (!IsFinite(PredictOpen(*trained, request.options))) FallBack(y, kBeyondBounds, trained);
  } catch (const Error& error) {
    if (!IsOfTheSeries(error)) throw;
    FallBack(y, error.what(), trained);
  }
}

// A series that was repeated as it was, and now is something else.
void RestateRepeated(std::span<const double> y, TrainedSeries* trained) {
  const auto* naive = std::get_if<BenchmarkFit>(&trained->model->value);
  if (naive == nullptr || trained->status.starts_with("ok") || trained->status.starts_with(kFellBack)) return;
  const double last = naive->last.back();
  if (std::all_of(y.begin(), y.end(), [&](double value) { return value == last; })) return;
  trained->status = std::string(kFellBack) + "trained on values that are all the same";
}

void RequirePositive(std::span<const double> y) {
  const auto wrong = std::find_if(y.begin(), y.end(), [](double value) { return value <= 0; });
  if (wrong == y.end()) return;
  throw Error(ErrorCode::kUnusableData, "values of zero or less cannot go on a Box-Cox scale",
              "Position: " + std::to_string(wrong - y.begin() + 1) + " of " + std::to_string(y.size()) + ".",
              "Train anew.");
}

}  // namespace

bool ClosedWeekdays::any() const { return std::find(closed.begin(), closed.end(), true) != closed.end(); }

TrainedSeries TrainSeries(std::span<const double> y, const ForecastRequest& request,
                          const ClosedWeekdays& days) {
  RequireForecastOptions(request.options);
  if (!y.empty()) RequireForecastSeries(y);
  if (request.intervals != Intervals::kCalibrated && request.intervals != Intervals::kModel) {
    throw Error(ErrorCode::kInvalidArgument, "a trained model has calibrated intervals or its own", {},
                "Use intervals 'calibrated' or 'model'.");
  }
  TrainedSeries trained;
  trained.days = days;
  trained.non_negative = !y.empty() && NoneNegative(y);
  if (!days.any()) {
    TrainOpen(y, request, &trained);
    return trained;
  }
  const SeriesCalendar calendar =
      CalendarOf(days, y.size(), y.size() + static_cast<std::size_t>(request.options.horizon));
  const OpenDays open(y, calendar);
  TrainOpen(open.values(), ForOpenDays(request, open), &trained);
  return trained;
}

StatedForecast PredictTrained(const TrainedSeries& trained, const ForecastOptions& options) {
  RequireForecastOptions(options);
  if (!trained.model) return {{}, trained.status};
  StatedForecast stated{{}, trained.status};
  if (trained.days.any()) {
    const SeriesCalendar calendar = CalendarOf(trained.days, 0, static_cast<std::size_t>(options.horizon));
    const OpenDays open({}, calendar);
    ForecastOptions of_open = options;
    of_open.horizon = open.horizon();
    stated.forecast = open.Back({}, PredictOpen(trained, of_open));
  } else {
    stated.forecast = PredictOpen(trained, options);
  }
  if (!IsFinite(stated.forecast)) throw Error(ErrorCode::kNumericRange, kBeyondBounds);
  if (trained.non_negative) Floor(&stated.forecast);
  return stated;
}

TrainedSeries UpdateTrained(TrainedSeries trained, std::span<const double> y) {
  if (y.empty()) return trained;
  RequireForecastSeries(y);
  std::vector<double> values(y.begin(), y.end());
  if (trained.days.any()) {
    const SeriesCalendar calendar = CalendarOf(trained.days, 0, y.size());
    values = OpenDays(y, calendar).values();
    trained.days.next = (trained.days.next - 1 + static_cast<int>(y.size() % kWeek)) % kWeek + 1;
  }
  trained.non_negative = (trained.non_negative || !trained.model) && NoneNegative(y);
  if (values.empty()) return trained;
  if (!trained.model) {
    FallBack(values, "trained on no values", &trained);
    return trained;
  }
  if (trained.lambda) {
    RequirePositive(values);
    values = PowerScale({}, trained.lambda).Forward(values);
  }
  RestateRepeated(values, &trained);
  trained.model = Update(std::move(*trained.model), values);
  return trained;
}

// --- documents
// -----------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t kLongestStatus = 4000;
constexpr int kMostDegrees = 1000;
constexpr Limits kLambda = {0, 2};
constexpr Limits kDeviation = {0, 1e150};

template <class Archive, class Correction>
void Members(Archive& archive, Correction& correction) {
  archive.Numbers("deviation", correction.deviation, 0, 10'000, kDeviation);
  archive.Counts("degrees", correction.degrees, 10'000, 1, kMostDegrees);
}

ClosedWeekdays ReadDays(const JsonReader& document) {
  document.RequireOnly({"closed", "next"});
  ClosedWeekdays days;
  const JsonReader closed = document.Member("closed");
  (void)closed.Length(kWeek, kWeek);
  for (std::size_t i = 0; i < days.closed.size(); ++i) days.closed[i] = closed.Element(i).Boolean();
  if (std::find(days.closed.begin(), days.closed.end(), false) == days.closed.end()) {
    closed.Fail("a day of the week that is open");
  }
  days.next = static_cast<int>(document.Member("next").Integer(1, kWeek));
  return days;
}

}  // namespace

Json ToJson(const TrainedSeries& trained) {
  ModelWriter correction;
  Members(correction, trained.correction);
  Json document = {{"format_version", kTrainedFormatVersion},
                   {"kind", kTrainedKind},
                   {"correction", correction.Take()},
                   {"non_negative", trained.non_negative},
                   {"status", trained.status}};
  if (trained.model) document["model"] = ToJson(*trained.model);
  if (trained.lambda) document["lambda"] = EncodeNumber(*trained.lambda);
  if (trained.days.any()) {
    document["days"] = {{"closed", trained.days.closed}, {"next", trained.days.next}};
  }
  return document;
}

TrainedSeries TrainedSeriesFromJson(const Json& document) { return ReadTrainedSeries(JsonReader(document)); }

TrainedSeries ReadTrainedSeries(const JsonReader& document) {
  RequireFormat(document, kTrainedFormatVersion, kTrainedKind);
  document.RequireOnly(
      {"format_version", "kind", "correction", "non_negative", "status", "model", "lambda", "days"});
  TrainedSeries trained;
  ModelReader correction(document.Member("correction"));
  Members(correction, trained.correction);
  correction.Finish();
  if (trained.correction.degrees.size() != trained.correction.deviation.size()) {
    correction.reader().Fail("degrees of freedom for each deviation");
  }
  trained.non_negative = document.Member("non_negative").Boolean();
  trained.status = document.Member("status").Label(kLongestStatus);
  if (document.Has("model")) {
    trained.model = ReadForecastModel(document.Member("model"));
    if (RegressorCount(*trained.model) != 0) document.Member("model").Fail("a model without regressors");
  }
  if (document.Has("lambda")) {
    const JsonReader lambda = document.Member("lambda");
    trained.lambda = lambda.Finite();
    if (*trained.lambda < kLambda.least || *trained.lambda > kLambda.most)
      lambda.Fail("a number from 0 to 2");
  }
  if (document.Has("days")) trained.days = ReadDays(document.Member("days"));
  return trained;
}

}  // namespace ecomm::core
