// What is known of the days of sale series, from the calendar, ecomm.special_day and a relation of the
// user's.
#pragma once

#include "ecomm_analytics/core/series_calendar.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"

namespace ecomm::pg {

struct CalendarOptions {
  core::CalendarTerms terms;
  Oid regressors = InvalidOid;  // a relation with a date and numbers; InvalidOid: none
};

// From the first period of all series to the last of the horizon. The shop's weekly closing days count for
// metrics that add up. A relation's first column of a date or time says which period a row is of, its numeric
// columns are the regressors; several rows of a period count with their mean. Errors: 42703 for a relation
// without a date or numbers, 22000 for a period without a row and for values that are not finite.
core::SeriesCalendar ReadSalesCalendar(Spi& spi, const CalendarOptions& options, const SeriesOptions& series,
                                       const FitSet& fits, int horizon);

}  // namespace ecomm::pg
