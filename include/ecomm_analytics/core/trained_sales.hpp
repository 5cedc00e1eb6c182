// The models of all series of a sales forecast as one document, with how the series were read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/coherent_series.hpp"
#include "ecomm_analytics/core/outliers.hpp"
#include "ecomm_analytics/core/sale_metric.hpp"
#include "ecomm_analytics/core/trained_series.hpp"

namespace ecomm::core {

struct TrainedSales {
  struct Member {
    SeriesName name;  // one per name of `by`, UTF-8
    TrainedSeries model;
  };

  std::string name;  // of the model, UTF-8; may be empty
  Metric metric = Metric::kSales;
  Grain grain = Grain::kDay;
  std::vector<std::string> by;  // UTF-8
  Replacement replacement = Replacement::kKeep;
  std::optional<Day> from;  // first day that counts
  std::string sale;         // the relation as SQL names it, UTF-8; empty: the bound or default one
  std::string method;       // as ParseMethod() reads it
  std::string scale;        // as ParseForecastScale() reads it
  std::optional<int> season;
  std::int64_t periods = 0;  // from the first sale to the last period that was over
  std::int64_t next_period = 0;
  std::vector<Member> series;
};

// As TrainedSeries: kind kForecastKind, and validated as a whole when read.
Json ToJson(const TrainedSales& trained);
TrainedSales TrainedSalesFromJson(const Json& document);

// What was asked for; and how many series there are, in all and by the beginning of their status.
Json ParametersToJson(const TrainedSales& trained);
Json MetricsToJson(const TrainedSales& trained);

// --- as work for other processes
// -----------------------------------------------------------------------------

// TrainSeries() for several series that all end with the same period.
std::string EncodeTrainTask(const ForecastRequest& request, const ClosedWeekdays& days,
                            std::span<const std::vector<double>* const> series);
// Throws Error(kBadData) for bytes that are none, and what TrainSeries() throws.
std::string RunTrainTask(std::string_view task);
// In the order of the task's series. Throws Error(kBadData).
std::vector<TrainedSeries> DecodeTrained(std::string_view result);

}  // namespace ecomm::core
