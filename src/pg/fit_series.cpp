#include "ecomm_analytics/pg/fit_series.hpp"

#include "ecomm_analytics/core/differencing.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

void Prepare(const FitOptions& options, FitSeries* series) {
  std::vector<double>& values = series->values;
  if (values.empty()) return;
  if (options.replacement != core::Replacement::kKeep) {
    values = core::ReplaceOutliers(values, core::FindOutliers(values, {}).is_outlier, options.replacement);
  }
  if (options.transform != core::Transform::kNone) values = core::TransformSeries(values, options.transform);
  if (options.differences != 0) {
    values = core::Difference(values, 1, options.differences);
    series->first_period += options.differences;
  }
}

// The series' name for an error's detail.
std::string Describe(const std::vector<std::string>& by, const FitSeries& series) {
  std::string text;
  for (std::size_t i = 0; i < by.size(); ++i) {
    text += (i == 0 ? "The series is " : ", ") + by[i] + " = " + series.name[i].value_or("NULL");
  }
  return text + ".";
}

void Visit(const SeriesReading& reading, const FitOptions& options,
           const std::function<void(const FitSeries&)>& visit) {
  NoticeUncounted(reading);
  reading.ForEach([&](const SaleSeries& sales) {
    const core::Metric metric = options.series.metric;
    std::vector<double> values =
        core::ValuesOf(metric, core::FillGaps(metric, core::Fill::kAuto, sales.cells));
    if (!reading.is_last_complete()) values.pop_back();
    const auto first =
        std::find_if(values.begin(), values.end(), [](double value) { return !std::isnan(value); });
    FitSeries series{sales.name, reading.first_period() + (first - values.begin()), {first, values.end()}};
    try {
      Prepare(options, &series);
      visit(series);
    } catch (const core::Error& error) {
      const std::vector<std::string>& by = options.series.by;
      if (by.empty() || dynamic_cast<const SqlError*>(&error) != nullptr) throw;
      const std::string detail = error.detail().empty() ? "" : error.detail() + " ";
      throw core::Error(error.code(), error.what(), detail + Describe(by, series), error.hint());
    }
  });
}

}  // namespace

void ForEachFit(Spi& spi, const FitOptions& options, const std::function<void(const FitSeries&)>& visit) {
  Visit(SeriesReading(spi, options.series), options, visit);
}

FitSet ReadFits(Spi& spi, const FitOptions& options) {
  const SeriesReading reading(spi, options.series);
  FitSet set;
  std::size_t bytes = 0;
  Visit(reading, options, [&](const FitSeries& series) {
    bytes += series.values.size() * sizeof(double) + sizeof series;
    core::RequireMemory(bytes, "series");
    set.series.push_back(series);
  });
  if (reading.empty()) return set;
  set.first_period = reading.first_period();
  set.periods = reading.periods() - (reading.is_last_complete() ? 0 : 1);
  set.closed = reading.closed();
  return set;
}

}  // namespace ecomm::pg
