// ecomm_report(): the views for dashboards as one page.

#include "ecomm_analytics/core/report.hpp"

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/report_source.hpp"

namespace ecomm::fn {
namespace {

// nullopt for NULL and for the infinity that leaves that side open.
std::optional<core::Day> DayArgument(const pg::Arguments& arguments, int i, bool is_first) {
  if (arguments.IsNull(i)) return std::nullopt;
  const DateADT day = DatumGetDateADT(arguments.Value(i));
  if (is_first ? DATE_IS_NOBEGIN(day) : DATE_IS_NOEND(day)) return std::nullopt;
  return day;
}

std::string DateArgumentText(core::Day day) {
  if (DATE_IS_NOBEGIN(day)) return "-infinity";
  return DATE_IS_NOEND(day) ? "infinity" : core::IsoDate(day);
}

pg::ReportRange ReadRange(const pg::Arguments& arguments) {
  const pg::ReportRange range{DayArgument(arguments, 0, true), DayArgument(arguments, 1, false)};
  if (range.from && range.to && *range.from > *range.to) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "from_date is after to_date",
                      "From " + DateArgumentText(*range.from) + " to " + DateArgumentText(*range.to) + ".",
                      "Swap them, or leave one out: NULL is as far as there are sales.");
  }
  return range;
}

Datum Report(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const pg::ReportRange range = ReadRange(arguments);
  core::Report report;
  {
    pg::Spi spi;
    const pg::PinnedSettings pinned;
    report = pg::ReadReport(spi, range);
  }
  if (arguments.Bool(3).value_or(false) && !report.empty) pg::ReadLineQuality(report);
  // A heading without text is none.
  std::string title = arguments.Text(2).value_or("");
  if (title.find_first_not_of(" \t\r\n") == std::string::npos) title = "Sales report";
  report.title = pg::Utf8(std::move(title));
  const std::string page = core::WriteReport(report);
  return pg::Call([data = page.data(), size = static_cast<int>(page.size())] {
    return PointerGetDatum(cstring_to_text_with_len(data, size));
  });
}

}  // namespace

// (from_date date, to_date date, title text, quality boolean) -> text
ECOMM_FUNCTION(ecomm_report) {
  return pg::Entry([&] { return Report(fcinfo); });
}

}  // namespace ecomm::fn
