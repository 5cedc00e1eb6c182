// ecomm._forecast, ecomm._backtest, ecomm._fit: what parallel workers do of a call about many series.

#include "ecomm_analytics/core/forecast_task.hpp"

#include "ecomm_analytics/core/series_backtest.hpp"
#include "ecomm_analytics/core/trained_sales.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::fn {

// (bytea) -> bytea
ECOMM_FUNCTION(ecomm_forecast_task) {
  return pg::Entry([&] { return pg::ByteaFrom({core::RunForecastTask(pg::PayloadOf(PG_GETARG_DATUM(0)))}); });
}

// (bytea) -> bytea
ECOMM_FUNCTION(ecomm_backtest_task) {
  return pg::Entry([&] { return pg::ByteaFrom({core::RunBacktestTask(pg::PayloadOf(PG_GETARG_DATUM(0)))}); });
}

// (bytea) -> bytea
ECOMM_FUNCTION(ecomm_fit_task) {
  return pg::Entry([&] { return pg::ByteaFrom({core::RunTrainTask(pg::PayloadOf(PG_GETARG_DATUM(0)))}); });
}

}  // namespace ecomm::fn
