#include "ecomm_analytics/pg/series_arguments.hpp"

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/dimension_join.hpp"

namespace ecomm::pg {
namespace {

std::optional<core::Day> ReadDay(const Arguments& arguments, int position, const char* name) {
  if (position < 0 || arguments.IsNull(position)) return std::nullopt;
  const DateADT date = DatumGetDateADT(arguments.Value(position));
  if (DATE_NOT_FINITE(date)) {
    throw core::Error(core::ErrorCode::kInvalidArgument, std::string(name) + " must be finite", {},
                      "Leave it out to have no limit.");
  }
  return core::Day{date};
}

}  // namespace

SeriesOptions ReadSeriesOptions(const Arguments& arguments, const SeriesPositions& positions) {
  const auto text = [&](int position) { return position < 0 ? std::nullopt : arguments.Text(position); };
  SeriesOptions options;
  options.metric = core::ParseMetric(text(positions.metric).value_or("sales"));
  options.grain = core::ParseGrain(text(positions.grain).value_or("day"));
  options.by = ParseNames(text(positions.by).value_or(""));
  options.from = ReadDay(arguments, positions.from, "from_date");
  options.to = ReadDay(arguments, positions.to, "to_date");
  if (positions.sale >= 0) options.sale = arguments.ObjectId(positions.sale).value_or(InvalidOid);
  return options;
}

}  // namespace ecomm::pg
