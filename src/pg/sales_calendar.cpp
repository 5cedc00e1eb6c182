#include "ecomm_analytics/pg/sales_calendar.hpp"

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

constexpr core::Day kYear = 365;

std::vector<core::SpecialDay> ReadSpecialDays(Spi& spi) {
  const PinnedSettings pinned;
  std::vector<core::SpecialDay> days;
  Cursor cursor(
      spi, "SELECT day, kind, name FROM ecomm.special_day WHERE pg_catalog.isfinite(day) ORDER BY day, name");
  for (Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
    core::RequireMemory((days.size() + rows.count()) * sizeof(core::SpecialDay), "special days");
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
      days.push_back({core::Day{DatumGetDateADT(*rows.Value(i, 0))}, core::ParseDayKind(*rows.Text(i, 1)),
                      *rows.Text(i, 2)});
    }
  }
  return days;
}

bool IsMoment(Oid type) { return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID; }
bool IsNumber(Oid type) {
  return IsInteger(type) || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

std::string DateText(core::Day day) {
  const Datum text = Call([=] {
    return PointerGetDatum(
        DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(static_cast<DateADT>(day)))));
  });
  return DatumGetCString(text);
}

// Sums and counts of rows per period, for their means.
class UserRegressors {
 public:
  UserRegressors(Spi& spi, Oid relation, core::Grain grain, std::int64_t first, std::size_t count)
      : relation_(QualifiedName(relation)), grain_(grain), first_(first), counts_(count, 0) {
    // The search path stays the caller's: the relation may be a view over functions that look for tables.
    const Rows shape = spi.Query("SELECT * FROM " + relation_ + " LIMIT 0");
    std::string date;
    std::string list;
    for (int i = 0; i < shape.columns(); ++i) {
      const std::string column = QuoteIdentifier(shape.NameOf(i));
      if (date.empty() && IsMoment(shape.TypeOf(i))) {
        date = column;
      } else if (IsNumber(shape.TypeOf(i))) {
        names_.push_back(shape.NameOf(i));
        list += ", " + column + "::pg_catalog.float8";
      }
    }
    if (date.empty() || names_.empty()) {
      throw SqlError(ERRCODE_UNDEFINED_COLUMN, "regressors need a column of dates and one of numbers",
                     "The relation is " + relation_ + ".");
    }
    core::RequireMemory(count * names_.size() * sizeof(double), "regressors");
    sums_ = core::Matrix::Zero(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(names_.size()));
    Cursor cursor(spi, "SELECT " + date + "::pg_catalog.date" + list + " FROM " + relation_ + " WHERE " +
                           date + " IS NOT NULL");
    for (Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
      for (std::uint64_t i = 0; i < rows.count(); ++i) Add(rows, i);
    }
  }

  // Periods that `never` leaves out need no row.
  core::Matrix Means(const std::vector<bool>& never) const {
    core::Matrix means = sums_;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (!never.empty() && never[i]) {
        means.row(static_cast<Eigen::Index>(i)).setZero();
        continue;
      }
      const std::string period = DateText(core::FirstDayOf(grain_, first_ + static_cast<std::int64_t>(i)));
      if (counts_[i] == 0) {
        throw core::Error(core::ErrorCode::kUnusableData, "regressors have no row for a period",
                          "The period begins on " + period + "; the relation is " + relation_ + ".",
                          "Rows are needed from the first period of the series to the last of the horizon.");
      }
      auto row = means.row(static_cast<Eigen::Index>(i));
      row /= static_cast<double>(counts_[i]);
      if (!row.allFinite()) {
        throw core::Error(core::ErrorCode::kUnusableData, "a regressor is not a finite number",
                          "The period begins on " + period + "; the relation is " + relation_ + ".");
      }
    }
    return means;
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  void Add(const Rows& rows, std::uint64_t i) {
    const DateADT date = DatumGetDateADT(*rows.Value(i, 0));
    if (DATE_NOT_FINITE(date)) return;
    const std::int64_t period = core::PeriodOf(grain_, core::Day{date}) - first_;
    if (period < 0 || period >= static_cast<std::int64_t>(counts_.size())) return;
    ++counts_[static_cast<std::size_t>(period)];
    for (std::size_t k = 0; k < names_.size(); ++k) {
      sums_(static_cast<Eigen::Index>(period), static_cast<Eigen::Index>(k)) +=
          rows.Float8(i, static_cast<int>(k) + 1).value_or(std::numeric_limits<double>::quiet_NaN());
    }
  }

  std::string relation_;
  core::Grain grain_;
  std::int64_t first_;
  std::vector<std::int64_t> counts_;
  std::vector<std::string> names_;
  core::Matrix sums_;
};

}  // namespace

core::SeriesCalendar ReadSalesCalendar(Spi& spi, const CalendarOptions& options, const SeriesOptions& series,
                                       const FitSet& fits, int horizon) {
  if (fits.series.empty()) return {};
  const std::size_t count = fits.periods + static_cast<std::size_t>(horizon);
  core::CalendarTerms terms = options.terms;
  if (core::IsRatio(series.metric))
    terms.closed = false;  // nothing sold has no price, rather than a price of 0
  const core::Day first = core::FirstDayOf(series.grain, fits.first_period);
  const core::Day end =
      core::FirstDayOf(series.grain, fits.first_period + static_cast<std::int64_t>(fits.periods));
  if (end - first < kYear && (terms.month || terms.fourier > 0)) {
    terms.month = false;
    terms.fourier = 0;
    Call([] {
      ereport(NOTICE,
              (errmsg("effects of months and of the year are left out: the sales cover less than a year")));
    });
  }
  std::vector<core::SpecialDay> days;
  if (terms.holidays || terms.promotions || terms.closed) days = ReadSpecialDays(spi);
  const std::array<bool, 7> none{};
  core::SeriesCalendar calendar = core::MakeCalendar(series.grain, fits.first_period, count, terms, days,
                                                     core::IsRatio(series.metric) ? none : fits.closed);
  if (options.regressors != InvalidOid) {
    const UserRegressors user(spi, options.regressors, series.grain, fits.first_period, count);
    core::AddRegressors(user.names(), user.Means(calendar.never), &calendar);
  }
  return calendar;
}

}  // namespace ecomm::pg
