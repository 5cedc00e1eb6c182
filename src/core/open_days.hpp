// A series of the days a shop opens on.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/series_calendar.hpp"

namespace ecomm::core {

// The days that are not `never`, and back from them.
class OpenDays {
 public:
  // `calendar` has an entry per observation of `y` and per step of the horizon.
  OpenDays(std::span<const double> y, const SeriesCalendar& calendar);

  // Those observations, days closed for once made up for.
  const std::vector<double>& values() const { return values_; }
  // Steps ahead on which the shop opens, closed for once or not.
  int horizon() const { return horizon_; }
  // A season or a candidate of days, of those days.
  double Season(double days) const;
  // The regressors of open days.
  Matrix Regressors(const Matrix& of_all) const;
  // A forecast of those days, for all days: 0 where the shop is closed. Fitted values and residuals of closed
  // days are 0 and what was sold all the same.
  Forecast Back(std::span<const double> y, Forecast forecast) const;

 private:
  const SeriesCalendar& calendar_;
  std::size_t days_ = 0;           // steps ahead included
  std::vector<std::size_t> open_;  // which of them are open
  std::vector<double> values_;
  int horizon_ = 0;
};

}  // namespace ecomm::core
