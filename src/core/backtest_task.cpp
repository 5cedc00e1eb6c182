#include "ecomm_analytics/core/series_backtest.hpp"
#include "task_format.hpp"

namespace ecomm::core {
namespace {

using byte_format::Cut;
using byte_format::Peek;
using byte_format::Put;
using task_format::CutCalendar;
using task_format::CutCount;
using task_format::CutRequest;
using task_format::CutSeries;
using task_format::CutText;
using task_format::PutCalendar;
using task_format::PutRequest;
using task_format::PutSeries;
using task_format::PutText;

void PutMeasure(std::string& out, const std::optional<double>& measure) {
  Put(out, measure.has_value());
  Put(out, measure.value_or(0));
}

std::optional<double> CutMeasure(std::string_view& bytes) {
  const bool there = Peek<char>(Cut(bytes, 1, 1), 0) != 0;
  const auto value = Peek<double>(Cut(bytes, 1, sizeof(double)), 0);
  return there ? std::optional(value) : std::nullopt;
}

// Calls `each` with every measure of an Accuracy, in one order.
template <typename Accuracies, typename Each>
void ForEachMeasure(Accuracies& accuracy, Each each) {
  for (auto* measure : {&accuracy.mae, &accuracy.rmse, &accuracy.bias, &accuracy.mape, &accuracy.smape,
                        &accuracy.mase, &accuracy.rmsse}) {
    each(*measure);
  }
  for (auto& interval : accuracy.intervals) {
    each(interval.coverage);
    each(interval.msis);
  }
}

void PutAccuracy(std::string& out, const Accuracy& accuracy) {
  Put(out, static_cast<std::uint64_t>(accuracy.count));
  Put(out, static_cast<std::uint64_t>(accuracy.intervals.size()));
  for (const IntervalAccuracy& interval : accuracy.intervals) Put(out, interval.level);
  ForEachMeasure(accuracy, [&](const std::optional<double>& measure) { PutMeasure(out, measure); });
}

Accuracy CutAccuracy(std::string_view& bytes) {
  Accuracy accuracy;
  accuracy.count = CutCount(bytes);
  const std::uint64_t intervals = CutCount(bytes);
  for (std::uint64_t i = 0; i < intervals; ++i) {
    accuracy.intervals.push_back({Peek<double>(Cut(bytes, 1, sizeof(double)), 0), {}, {}});
  }
  ForEachMeasure(accuracy, [&](std::optional<double>& measure) { measure = CutMeasure(bytes); });
  return accuracy;
}

void PutBacktest(std::string& out, const StatedBacktest& stated) {
  PutText(out, stated.status);
  Put(out, static_cast<std::uint64_t>(stated.methods.size()));
  for (const MethodBacktest& method : stated.methods) {
    PutText(out, method.name);
    PutText(out, method.first_failure);
    Put(out, static_cast<std::uint64_t>(method.failures));
    PutAccuracy(out, method.overall);
    Put(out, static_cast<std::uint64_t>(method.by_step.size()));
    for (const Accuracy& accuracy : method.by_step) PutAccuracy(out, accuracy);
  }
}

StatedBacktest CutBacktest(std::string_view& bytes) {
  StatedBacktest stated;
  stated.status = CutText(bytes);
  const std::uint64_t methods = CutCount(bytes);
  for (std::uint64_t k = 0; k < methods; ++k) {
    MethodBacktest method;
    method.name = CutText(bytes);
    method.first_failure = CutText(bytes);
    method.failures = CutCount(bytes);
    method.overall = CutAccuracy(bytes);
    const std::uint64_t steps = CutCount(bytes);
    for (std::uint64_t i = 0; i < steps; ++i) method.by_step.push_back(CutAccuracy(bytes));
    stated.methods.push_back(std::move(method));
  }
  return stated;
}

}  // namespace

std::string EncodeBacktestTask(std::span<const MethodSpec> methods, const ForecastRequest& request,
                               const SeriesCalendar& calendar,
                               std::span<const std::vector<double>* const> series) {
  std::string task;
  Put(task, static_cast<std::uint64_t>(methods.size()));
  for (const MethodSpec& method : methods) PutText(task, Name(method));
  PutRequest(task, request);
  PutCalendar(task, calendar);
  PutSeries(task, series);
  return task;
}

std::string RunBacktestTask(std::string_view task) {
  std::vector<MethodSpec> methods;
  const std::uint64_t count = CutCount(task);
  for (std::uint64_t i = 0; i < count; ++i) methods.push_back(ParseMethod(CutText(task)));
  const ForecastRequest request = CutRequest(task);
  const SeriesCalendar calendar = CutCalendar(task);
  std::string result;
  CutSeries(task, [&](const std::vector<double>& y) {
    if (!calendar.empty() && calendar.size() < y.size()) byte_format::BadState();
    PutBacktest(result, BacktestSeries(y, methods, request, calendar.Last(y.size())));
  });
  return result;
}

std::vector<StatedBacktest> DecodeBacktests(std::string_view result) {
  std::vector<StatedBacktest> backtests;
  while (!result.empty()) backtests.push_back(CutBacktest(result));
  return backtests;
}

}  // namespace ecomm::core
