// The arguments that every function over a sale series takes.
#pragma once

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/series_source.hpp"

namespace ecomm::pg {

// Where each argument stands; below 0: there is none.
struct SeriesPositions {
  int metric = -1;
  int grain = -1;
  int by = -1;
  int from = -1;
  int to = -1;
  int sale = -1;
};

SeriesOptions ReadSeriesOptions(const Arguments& arguments, const SeriesPositions& positions);

}  // namespace ecomm::pg
