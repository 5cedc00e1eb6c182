#include "ecomm_analytics/pg/series_source.hpp"

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/dimension_join.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

constexpr std::int32_t kCountOrders = 1 << 8;
constexpr std::int32_t kCountCustomers = 1 << 9;

// Longer series come from a date that was mistyped.
constexpr std::int64_t kMostPeriods = 1'000'000;

// There are later days than a timestamp can say: they are after every sale.
Datum FirstMoment(core::Day day) {
  return TimestampGetDatum(day < END_TIMESTAMP / core::kMicrosPerDay ? day * core::kMicrosPerDay : DT_NOEND);
}

core::Amount Decode(Datum numeric) {
  const std::string_view payload = PayloadOf(numeric);
  return core::DecodeNumeric(payload.data(), payload.size());
}

// A sum of `what`; digits that a series does not hold are rounded away.
core::Amount DecodeSum(const std::optional<Datum>& sum, const char* what) {
  if (!sum) return {};
  core::Amount decoded = Decode(*sum);
  if (decoded.kind == core::Amount::Kind::kBeyond) {
    decoded = Decode(
        Call([&] { return DirectFunctionCall2(numeric_round, *sum, Int32GetDatum(core::kAmountScale)); }));
  }
  if (decoded.kind != core::Amount::Kind::kFinite) {
    throw core::Error(core::ErrorCode::kNumericRange,
                      "a sum of " + std::string(what) + " has more digits than a series holds",
                      "It holds 20 digits before the decimal point.", "Leave out what was mistyped.");
  }
  return decoded;
}

}  // namespace

std::int32_t SeriesOptionsArgument(const core::SeriesShape& shape) {
  return static_cast<std::int32_t>(shape.grain) | (shape.count_orders ? kCountOrders : 0) |
         (shape.count_customers ? kCountCustomers : 0);
}

core::SeriesShape SeriesShapeFrom(std::int32_t options, Oid customer_type, Oid order_type) {
  const std::int32_t grain = options & ~(kCountOrders | kCountCustomers);
  if (grain < 0 || grain > static_cast<std::int32_t>(core::Grain::kQuarter)) {
    throw SqlError(ERRCODE_INVALID_PARAMETER_VALUE, "invalid options of a series");
  }
  return {.grain = static_cast<core::Grain>(grain),
          .count_orders = (options & kCountOrders) != 0,
          .count_customers = (options & kCountCustomers) != 0,
          .customer_kind = KeyKindOf(customer_type),
          .order_kind = KeyKindOf(order_type)};
}

SeriesReading::SeriesReading(Spi& spi, const SeriesOptions& options) : spi_(spi), options_(options) {
  if (options_.from && options_.to && *options_.from > *options_.to) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "from_date must not be after to_date");
  }
  const Source source = ResolveSource(options_.sale);
  const PinnedSettings pinned;
  // Keys that the aggregate cannot tell apart by number or bytes come as text.
  const std::string customer = TellableExpression("customer_id", source.customer_type);
  const std::string order = TellableExpression("invoice_no", source.invoice_type);
  std::string where;
  if (options_.from) where += " AND (sold_at >= $1) IS NOT FALSE";
  if (options_.to) where += " AND (sold_at < $2) IS NOT FALSE";
  if (options_.from || options_.to) where = " WHERE true" + where;
  lines_ = "SELECT sold_at, amount, quantity, " + customer + " AS customer_id, " + order +
           " AS invoice_no, series FROM (" + LinesWithSeries(spi, source, options_.by) + ") AS line" + where;

  const Rows shape = spi_.Query(
      "SELECT customer_id, invoice_no, quantity FROM (" + lines_ + ") AS line LIMIT 0", Parameters());
  shape_ = SeriesShapeFrom(static_cast<std::int32_t>(options_.grain), shape.TypeOf(0), shape.TypeOf(1));
  shape_.count_orders = core::NeedsOrders(options_.metric);
  shape_.count_customers = core::NeedsCustomers(options_.metric);
  const bool tellable =
      IsTellable(shape.TypeOf(0), shape.CollationOf(0)) && IsTellable(shape.TypeOf(1), shape.CollationOf(1));
  bool read = false;
  if (tellable || (!shape_.count_orders && !shape_.count_customers)) {
    const bool keys = shape_.count_orders || shape_.count_customers;
    // What is not counted is not read.
    const auto argument = [&](bool needed, const char* column, int shape_column) {
      return needed ? std::string(column) : "NULL::" + std::string(Call([type = shape.TypeOf(shape_column)] {
                                              return const_cast<const char*>(format_type_be_qualified(type));
                                            }));
    };
    const Rows result = spi_.Query(
        "SELECT ecomm._series(" + std::to_string(SeriesOptionsArgument(shape_)) + ", series, sold_at, " +
            (options_.metric == core::Metric::kUnits ? "NULL::pg_catalog.numeric" : "amount") + ", " +
            argument(core::SumsQuantities(options_.metric), "quantity", 2) + ", " +
            argument(shape_.count_orders, "invoice_no", 1) + ", " + argument(keys, "customer_id", 0) +
            ") FROM (" + lines_ + ") AS line",
        Parameters());
    const auto finished = result.Value(0, 0);
    if (!finished) return;
    if (core::SeriesTable(PayloadOf(*finished)).failure() == core::RfmFailure::kNone) {
      ReadTable(PayloadOf(*finished));
      read = true;
    }
  }
  if (!read) ReadGroups();
  if (!empty()) CheckCalendar();
}

std::vector<Parameter> SeriesReading::Parameters() const {
  const auto parameter = [](const std::optional<core::Day>& day, int later) {
    return day ? Parameter{TIMESTAMPOID, FirstMoment(*day + later)} : Parameter::Null(TIMESTAMPOID);
  };
  return {parameter(options_.from, 0), parameter(options_.to, 1)};
}

std::size_t SeriesReading::held() const {
  return cells_.size() * sizeof cells_[0] + names_.size() * sizeof names_[0] + name_bytes_;
}

void SeriesReading::AddName(std::optional<std::string> name) {
  if (name) name_bytes_ += name->size();
  names_.push_back(std::move(name));
}

void SeriesReading::ReadTable(std::string_view finished) {
  const core::SeriesTable table(finished);
  counts_ = table.counts();
  if (!table.last_sale()) return;
  first_day_ = core::DayOf(*table.first_sale());
  last_day_ = core::DayOf(*table.last_sale());
  // Of the lines without a group too.
  const std::size_t names = static_cast<std::size_t>(table.groups()) + 1;
  // Cells and the names' bytes are as large as in the table, which is still there.
  core::RequireMemory(2 * finished.size() + names * sizeof names_[0], "series");
  cells_.reserve(table.size());
  names_.reserve(names);
  std::int32_t group = -1;
  for (std::size_t i = 0; i < table.size(); ++i) {
    core::SeriesCell cell = table.cell(i);
    if (cell.group != group) {
      group = cell.group;
      AddName(group == 0 ? std::nullopt : std::optional(std::string(table.group_name(group))));
    }
    cell.group = static_cast<std::int32_t>(names_.size()) - 1;
    cells_.push_back(cell);
  }
}

void SeriesReading::ReadGroups() {
  const std::string grain(core::Name(options_.grain));
  const std::string dated = "sold_at IS NOT NULL AND pg_catalog.isfinite(sold_at)";
  // scale() is NULL for NULL, NaN and the infinities.
  const auto usable = [](const std::string& value) { return "pg_catalog.scale(" + value + ") IS NOT NULL"; };
  const std::string bought = usable("amount") + " AND amount >= 0";
  const std::string quantity = "quantity::pg_catalog.numeric";
  const bool priced = options_.metric == core::Metric::kPrice;
  const std::string sold = bought + " AND " + usable(quantity) + " AND quantity > 0";
  // A sum that the metric does not need might have too many digits.
  const auto sum = [&](bool needed, const std::string& value) {
    return needed ? " pg_catalog.sum(" + value + ") FILTER (WHERE " + (priced ? sold : usable(value)) + "),"
                  : std::string(" NULL::pg_catalog.numeric,");
  };
  std::string sql = "SELECT series, pg_catalog.date_trunc('" + grain +
                    "', sold_at)::pg_catalog.date AS period, pg_catalog.count(*)," +
                    sum(core::SumsAmounts(options_.metric), "amount") +
                    sum(core::SumsQuantities(options_.metric), quantity) +
                    " pg_catalog.max(pg_catalog.scale(amount)),";
  sql += shape_.count_orders ? " pg_catalog.count(DISTINCT invoice_no) FILTER (WHERE " + bought +
                                   ") +"
                                   " pg_catalog.count(DISTINCT ROW(customer_id, sold_at::pg_catalog.date)) "
                                   "FILTER (WHERE invoice_no IS NULL AND " +
                                   bought + "),"
                             : " 0::pg_catalog.int8,";
  sql += shape_.count_customers ? " pg_catalog.count(DISTINCT customer_id) FILTER (WHERE " + bought + ")"
                                : " 0::pg_catalog.int8";
  sql += " FROM (" + lines_ + ") AS line WHERE " + dated +
         " GROUP BY 1, 2 ORDER BY series COLLATE pg_catalog.\"C\" NULLS FIRST, 2";
  const std::vector<Parameter> parameters = Parameters();
  {
    Cursor cursor(spi_, sql, parameters);
    for (Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
      core::RequireMemory(held() + rows.count() * sizeof(core::SeriesCell), "series");
      for (std::uint64_t i = 0; i < rows.count(); ++i) {
        const auto name = rows.Text(i, 0);
        if (names_.empty() || names_.back() != name) AddName(name);
        core::SeriesCell cell;
        cell.group = static_cast<std::int32_t>(names_.size()) - 1;
        cell.period =
            static_cast<std::int32_t>(core::PeriodOf(options_.grain, DatumGetDateADT(*rows.Value(i, 1))));
        cell.lines = *rows.Int64(i, 2);
        const core::Amount sales = DecodeSum(rows.Value(i, 3), "amounts");
        const core::Amount units = DecodeSum(rows.Value(i, 4), "quantities");
        (priced ? cell.priced_sales : cell.sales) = sales.value;
        (priced ? cell.priced_units : cell.units) = units.value;
        // A price is written as precisely as the amounts of all lines, not only of those that sold.
        cell.sales_scale = priced
                               ? static_cast<std::uint8_t>(std::min(rows.Int32(i, 5).value_or(0), UINT8_MAX))
                               : sales.display_scale;
        cell.units_scale = units.display_scale;
        cell.orders = *rows.Int64(i, 6);
        cell.customers = *rows.Int64(i, 7);
        cells_.push_back(cell);
      }
    }
  }
  std::string counts = "SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE (" + dated +
                       ") IS NOT TRUE),"
                       " pg_catalog.count(*) FILTER (WHERE " +
                       dated +
                       " AND pg_catalog.scale(amount) IS NULL),"
                       " pg_catalog.count(*) FILTER (WHERE " +
                       dated +
                       " AND pg_catalog.scale(quantity::pg_catalog.numeric) IS NULL),"
                       " pg_catalog.min(sold_at) FILTER (WHERE " +
                       dated + "), pg_catalog.max(sold_at) FILTER (WHERE " + dated + ")";
  for (int day = 1; day <= 7; ++day) {
    counts += ", pg_catalog.count(*) FILTER (WHERE " + dated +
              " AND pg_catalog.date_part('isodow', sold_at) = " + std::to_string(day) + ")";
  }
  const Rows rows = spi_.Query(counts + " FROM (" + lines_ + ") AS line", parameters);
  counts_ = {.lines = *rows.Int64(0, 0),
             .no_date = *rows.Int64(0, 1),
             .no_amount = *rows.Int64(0, 2),
             .no_quantity = *rows.Int64(0, 3)};
  for (int day = 0; day < 7; ++day)
    counts_.by_weekday[static_cast<std::size_t>(day)] = *rows.Int64(0, 6 + day);
  if (const auto first = rows.Int64(0, 4)) first_day_ = core::DayOf(*first);
  if (const auto last = rows.Int64(0, 5)) last_day_ = core::DayOf(*last);
}

void SeriesReading::CheckCalendar() {
  constexpr core::Day kFourWeeks = 28;
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    closed_[i] = counts_.by_weekday[i] == 0 && *last_day_ - *first_day_ >= kFourWeeks;
  }
  const core::Day end = core::FirstDayOf(options_.grain, last_period() + 1);
  const core::Day today = Call([] { return core::Day{GetSQLCurrentDate()}; });
  // Days past that were asked for are over, with a sale or without.
  const core::Day covered = std::max(*last_day_, std::min(options_.to.value_or(*last_day_), today - 1));
  for (core::Day day = covered + 1; day < end; ++day) {
    if (!closed_[static_cast<std::size_t>(core::WeekdayOf(day)) - 1]) last_complete_ = false;
  }
  if (*last_day_ >= today) last_complete_ = false;
  if (static_cast<std::int64_t>(periods()) > kMostPeriods) {
    throw core::Error(core::ErrorCode::kUnusableData, "the series would have too many periods",
                      "It would have " + std::to_string(periods()) + ", at most " +
                          std::to_string(kMostPeriods) + " are possible.",
                      "Leave out mistyped dates with from_date and to_date.");
  }
  core::RequireMemory(held() + periods() * sizeof(core::SeriesCell), "series");
}

bool SeriesReading::IsWhole(std::size_t i) const {
  const std::int64_t period = first_period() + static_cast<std::int64_t>(i);
  if (core::FirstDayOf(options_.grain, period) < *first_day_) return false;
  return last_complete_ || period < last_period();
}

void SeriesReading::ForEach(const std::function<void(const SaleSeries&)>& visit) const {
  if (empty()) return;
  const std::int64_t first = first_period();
  std::size_t next = 0;
  for (std::size_t group = 0; group < names_.size(); ++group) {
    SaleSeries series{SplitSeriesName(names_[group], options_.by.size()),
                      std::vector<core::SeriesCell>(periods())};
    for (; next < cells_.size() && static_cast<std::size_t>(cells_[next].group) == group; ++next) {
      series.cells[static_cast<std::size_t>(cells_[next].period - first)] = cells_[next];
    }
    visit(series);
  }
}

void NoticeUncounted(const SeriesReading& reading) {
  const core::SeriesCounts& counts = reading.counts();
  std::string reasons;
  const auto add = [&](std::int64_t count, const char* reason) {
    if (count > 0) reasons += (reasons.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
  };
  add(counts.no_date, "without a date");
  const core::Metric metric = reading.options().metric;
  if (metric != core::Metric::kUnits) add(counts.no_amount, "without an amount");
  if (core::SumsQuantities(metric)) add(counts.no_quantity, "without a quantity");
  if (reasons.empty()) return;
  const std::string text = "not counted of " + std::to_string(counts.lines) + " sale lines: " + reasons;
  Call([characters = text.c_str()] { ereport(NOTICE, (errmsg("%s", characters))); });
}

}  // namespace ecomm::pg
