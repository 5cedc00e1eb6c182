// ecomm._summarise: logs of sale lines to the cells of every level and grain; ecomm._summarise_changes: what
// a set of changed lines changes in them.

#include "ecomm_analytics/core/sales_summary.hpp"

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/log_arguments.hpp"
#include "ecomm_analytics/pg/spi.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

using core::SaleDimensions;
using core::SummaryCell;
using core::SummaryKey;

// Tells whoever keeps summaries that they must be made anew.
constexpr int kChangesDoNotFit = MAKE_SQLSTATE('E', 'C', '0', '0', '1');

// The bytes of a text that is not NULL.
std::optional<std::string_view> TextAt(const pg::Rows& rows, std::uint64_t row, int column) {
  const auto value = rows.Value(row, column);
  return value ? std::optional(pg::PayloadOf(*value)) : std::nullopt;
}

void RequireText(const pg::Rows& rows, int from, int columns, const char* what) {
  bool fits = rows.columns() == columns;
  for (int i = from; fits && i < columns; ++i) fits = rows.TypeOf(i) == TEXTOID;
  if (!fits) {
    throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH, std::string("the query of ") + what + " has other columns",
                       "It must have " + std::to_string(columns) + ", all but keys of type text.");
  }
}

// Rows are visited block by block: there may be as many as customers.
template <typename Visit>
void ForEachRow(pg::Spi& spi, const std::string& sql, Visit visit) {
  const pg::PinnedSettings pinned;
  pg::Cursor cursor(spi, sql);
  for (pg::Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
    for (std::uint64_t i = 0; i < rows.count(); ++i) visit(rows, i);
  }
}

// (customer_id, state, region), and with `moves` (…, old_state, old_region).
void ReadCustomers(pg::Spi& spi, const std::string& sql, core::KeyKind kind, bool moves,
                   SaleDimensions& dimensions) {
  ForEachRow(spi, sql, [&](const pg::Rows& rows, std::uint64_t i) {
    if (i == 0) {
      RequireText(rows, 1, moves ? 5 : 3, "customers");
      if (pg::KeyKindOf(rows.TypeOf(0)) != kind) {
        throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH,
                           "customers and sale lines have keys of different types");
      }
    }
    const auto key = rows.Value(i, 0);
    if (!key) return;
    const SaleDimensions::Place place{TextAt(rows, i, 1), TextAt(rows, i, 2)};
    dimensions.AddCustomer(pg::ReadAnyKey(*key, rows.TypeOf(0)), place,
                           moves ? SaleDimensions::Place{TextAt(rows, i, 3), TextAt(rows, i, 4)} : place);
  });
}

// (match_key, product_id, category)
void ReadProducts(pg::Spi& spi, const std::string& sql, SaleDimensions& dimensions) {
  ForEachRow(spi, sql, [&](const pg::Rows& rows, std::uint64_t i) {
    if (i == 0) RequireText(rows, 0, 3, "products");
    const auto key = TextAt(rows, i, 0);
    const auto product = TextAt(rows, i, 1);
    if (key && product) dimensions.AddProduct(*key, *product, TextAt(rows, i, 2));
  });
}

// Texts that many rows share, made once.
class SharedTexts {
 public:
  Datum Of(std::uint32_t number, std::string_view text) {
    if (number >= texts_.size()) texts_.resize(std::max<std::size_t>(number + 1, 2 * texts_.size()));
    if (texts_[number] == 0) texts_[number] = pg::Parameter::Text(text).value;
    return texts_[number];
  }

 private:
  std::vector<Datum> texts_;
};

class SummaryRows {
 public:
  SummaryRows(pg::RowSink& sink, const SaleDimensions& dimensions, int sales_scale, int units_scale)
      : sink_(sink),
        dimensions_(dimensions),
        sales_scale_(std::min(sales_scale, core::kAmountScale)),
        units_scale_(std::min(units_scale, core::kAmountScale)),
        all_(pg::Parameter::Text("All").value) {}

  void Put(const SummaryKey& key, const SummaryCell& cell) {
    sink_.Value(levels_.Of(static_cast<std::uint32_t>(key.level), core::Name(key.level)));
    sink_.Value(grains_.Of(static_cast<std::uint32_t>(key.grain), core::Name(key.grain)));
    sink_.Value(DateADTGetDatum(key.first_day ? static_cast<DateADT>(*key.first_day) : DATEVAL_NOBEGIN));
    sink_.Value(key.category ? categories_.Of(*key.category, dimensions_.category_name(*key.category))
                             : all_);
    sink_.Value(key.product ? products_.Of(*key.product, dimensions_.product_name(*key.product)) : all_);
    sink_.Value(key.region ? regions_.Of(*key.region, dimensions_.region_name(*key.region)) : all_);
    sink_.Value(key.state ? states_.Of(*key.state, dimensions_.state_name(*key.state)) : all_);
    sink_.Numeric(cell.sales, core::kAmountScale, sales_scale_);
    sink_.Numeric(cell.units, core::kAmountScale, units_scale_);
    sink_.Int64(cell.lines).Int64(cell.orders).Int64(cell.customers).EndRow();
  }

 private:
  pg::RowSink& sink_;
  const SaleDimensions& dimensions_;
  int sales_scale_;
  int units_scale_;
  Datum all_;
  SharedTexts levels_;
  SharedTexts grains_;
  SharedTexts categories_;
  SharedTexts products_;
  SharedTexts regions_;
  SharedTexts states_;
};

std::string RequiredText(const pg::Arguments& arguments, int i, const char* name) {
  const auto text = arguments.Text(i);
  if (!text) throw pg::SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, std::string(name) + " must not be NULL");
  return *text;
}

// The digits behind the point that sums of these logs have.
std::pair<int, int> ScalesOf(std::span<const std::string_view> logs) {
  std::pair<int, int> scales(0, 0);
  for (const std::string_view log : logs) {
    const core::LineReader reader(log);
    scales.first = std::max<int>(scales.first, reader.amount_scale());
    scales.second = std::max<int>(scales.second, reader.quantity_scale());
  }
  return scales;
}

struct Queries {
  std::string customers;
  std::string products;
};

Queries ReadQueries(const pg::Arguments& arguments, int first) {
  return {RequiredText(arguments, first, "customers"), RequiredText(arguments, first + 1, "products")};
}

// What summarise(dimensions, budget, visit) visits, as rows.
template <typename Summarise>
Datum Emit(FunctionCallInfo fcinfo, std::span<const std::string_view> logs, const Queries& queries,
           bool moves, Summarise summarise) {
  pg::RowSink sink(fcinfo);
  if (logs.empty()) return sink.Done();
  core::Budget budget;
  const core::KeyKind kind = core::ShapeOfLog(logs[0]).customer_kind;
  SaleDimensions dimensions(kind, budget);
  {
    pg::Spi spi;
    ReadCustomers(spi, queries.customers, kind, moves, dimensions);
    ReadProducts(spi, queries.products, dimensions);
  }
  const auto [sales_scale, units_scale] = ScalesOf(logs);
  SummaryRows rows(sink, dimensions, sales_scale, units_scale);
  summarise(dimensions, budget, [&](const SummaryKey& key, const SummaryCell& cell) { rows.Put(key, cell); });
  return sink.Done();
}

}  // namespace

// (logs bytea[], customers text, products text)
ECOMM_FUNCTION(ecomm_summarise) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    const std::vector<std::string_view> logs = pg::LogArguments(arguments, 0);
    return Emit(fcinfo, logs, ReadQueries(arguments, 1), false,
                [&](SaleDimensions& dimensions, core::Budget& budget, const core::SummaryVisit& visit) {
                  core::Summarise(logs, dimensions, budget, visit);
                });
  });
}

// (inserted bytea[], deleted bytea[], current bytea, customers text, products text)
ECOMM_FUNCTION(ecomm_summarise_changes) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    const std::vector<std::string_view> inserted = pg::LogArguments(arguments, 0);
    const std::vector<std::string_view> deleted = pg::LogArguments(arguments, 1);
    const std::string_view current = arguments.IsNull(2) ? "" : pg::PayloadOf(arguments.Value(2));
    std::vector<std::string_view> logs = inserted;
    logs.insert(logs.end(), deleted.begin(), deleted.end());
    if (!arguments.IsNull(2)) logs.push_back(current);
    return Emit(fcinfo, logs, ReadQueries(arguments, 3), true,
                [&](SaleDimensions& dimensions, core::Budget& budget, const core::SummaryVisit& visit) {
                  try {
                    core::SummariseChanges({inserted, deleted, current}, dimensions, budget, visit);
                  } catch (const core::ChangesDoNotFit& error) {
                    throw pg::SqlError(kChangesDoNotFit, error.what(), error.detail(), error.hint());
                  }
                });
  });
}

}  // namespace ecomm::fn
