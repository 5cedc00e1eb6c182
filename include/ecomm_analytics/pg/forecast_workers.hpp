// Many forecasts at once, spread over parallel workers.
#pragma once

#include "ecomm_analytics/core/series_backtest.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"
#include "ecomm_analytics/core/trained_series.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// core::ForecastToTheEnd() for each, in their order; the same numbers however many workers the server grants.
// `with_residuals`: whether the forecasts hold them.
std::vector<core::StatedForecast> ForecastAll(Spi& spi, const core::ForecastRequest& request,
                                              const core::SeriesCalendar& calendar,
                                              std::span<const std::vector<double>* const> series,
                                              bool with_residuals);

// core::BacktestSeries() likewise; the series all end with the calendar.
std::vector<core::StatedBacktest> BacktestAll(Spi& spi, std::span<const core::MethodSpec> methods,
                                              const core::ForecastRequest& request,
                                              const core::SeriesCalendar& calendar,
                                              std::span<const std::vector<double>* const> series);

// core::TrainSeries() likewise; the series all end with the same period.
std::vector<core::TrainedSeries> TrainAll(Spi& spi, const core::ForecastRequest& request,
                                          const core::ClosedWeekdays& days,
                                          std::span<const std::vector<double>* const> series);

}  // namespace ecomm::pg
