// What the forecasting functions read and write alike.
#pragma once

#include "ecomm_analytics/core/series_forecast.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/sales_calendar.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {

// Where each argument stands; below 0: there is none.
struct ForecastPositions {
  int horizon = -1;
  int method = -1;
  int level = -1;
  int levels = -1;
  int season = -1;
  int scale = -1;
  int intervals = -1;
  int seed = -1;
};

core::ForecastRequest ReadForecastRequest(const pg::Arguments& arguments, const ForecastPositions& positions);

pg::CalendarOptions ReadCalendarOptions(const pg::Arguments& arguments, core::Grain grain, int terms,
                                        int regressors);

// Of an array of `length` rows, one after the other; none where it is NULL.
core::SeriesCalendar ReadRegressors(const pg::Arguments& arguments, int position, std::size_t length);

// forecast, lower, upper, level, method_used and status of a step ahead, once per level.
template <typename Begin>
void PutStep(pg::RowSink& sink, const core::StatedForecast& stated, std::size_t i, Begin begin_row) {
  const core::Forecast& forecast = stated.forecast;
  for (std::size_t level = 0; level < forecast.levels.size(); ++level) {
    begin_row();
    sink.Float8(forecast.mean[i])
        .Float8(forecast.lower[level][i])
        .Float8(forecast.upper[level][i])
        .Float8(forecast.levels[level])
        .Text(forecast.method)
        .Text(stated.status)
        .EndRow();
  }
}

// The row of a series that has no forecast.
template <typename Begin>
void PutStatus(pg::RowSink& sink, const core::StatedForecast& stated, Begin begin_row) {
  begin_row();
  sink.Null().Null().Null().Null().Null().Text(stated.status).EndRow();
}

// All of a forecast of numbers, by step.
void PutSteps(pg::RowSink& sink, const core::StatedForecast& stated, int horizon);

}  // namespace ecomm::fn
