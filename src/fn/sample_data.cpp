// Sample tables: ecomm_sample_data and the row sources it inserts from.
#include "ecomm_analytics/core/sample_shop.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/spi.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::pg {
namespace {

constexpr std::int64_t kUnixEpochDays = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
constexpr std::int64_t kMinutesPerDay = 1440;

struct SampleTable {
  const char* name;
  const char* columns;
  const char* source;
};

constexpr SampleTable kSampleTables[] = {
    {"state", "order_state text, state_abbreviation text, region text, state text", "ecomm._sample_state()"},
    {"product",
     "stock_code text, weight numeric, landed_cost numeric, shipping_cost_1000_mile numeric, "
     "description text, category text",
     "ecomm._sample_product()"},
    {"customer",
     "customer_id bigint, order_city text, order_postal text, order_state text, "
     "latitude double precision, longitude double precision",
     "ecomm._sample_customer($1, $2, $3, $4)"},
    {"sale",
     "transaction_date timestamp, customer_id bigint, description text, stock_code text, invoice_no bigint, "
     "quantity integer, sale numeric(12,2), unit_price numeric(10,2)",
     "ecomm._sample_sale($1, $2, $3, $4)"},
};

template <typename Value>
Value Required(const std::optional<Value>& value, const char* name) {
  if (!value) throw SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, std::string(name) + " must not be null");
  return *value;
}

// customers, days, seed, first_day
core::SampleShopOptions Options(const Arguments& arguments, int first_day_position) {
  core::SampleShopOptions options;
  options.customers = Required(arguments.Int32(0), "customers");
  options.days = Required(arguments.Int32(1), "days");
  options.seed = Required(arguments.Int64(2), "seed");
  const DateADT first_day = Required(arguments.Int32(first_day_position), "first_day");
  if (DATE_NOT_FINITE(first_day)) {
    throw SqlError(ERRCODE_DATETIME_FIELD_OVERFLOW, "first_day must be finite");
  }
  options.first_day = first_day + kUnixEpochDays;
  core::CheckSampleShop(options);
  return options;
}

std::string TargetSchema(Spi& spi, const std::optional<std::string>& wanted) {
  if (wanted) return *wanted;
  const auto current = spi.Query("SELECT pg_catalog.current_schema()::text").Text(0, 0);
  if (!current) {
    throw SqlError(ERRCODE_UNDEFINED_SCHEMA, "no schema has been selected to create the tables in", {},
                   "Name one: ecomm_sample_data(schema => 'shop').");
  }
  return *current;
}

void RequireFreeNames(Spi& spi, const std::string& schema) {
  std::string names;
  for (const SampleTable& table : kSampleTables) {
    names += std::string(names.empty() ? "" : ", ") + QuoteLiteral(table.name);
  }
  const auto taken =
      spi.Query(
             "SELECT pg_catalog.string_agg(relname, ', ' ORDER BY relname) FROM pg_catalog.pg_class "
             "WHERE relnamespace = pg_catalog.to_regnamespace($1) AND relname IN (" +
                 names + ")",
             {Parameter::Text(QuoteIdentifier(schema))})
          .Text(0, 0);
  if (taken) {
    throw SqlError(ERRCODE_DUPLICATE_TABLE, "sample data would overwrite what is there",
                   "Schema \"" + schema + "\" already has: " + *taken + ".",
                   "Name another schema, which need not exist: ecomm_sample_data(schema => 'shop').");
  }
}

}  // namespace

ECOMM_FUNCTION(ecomm_sample_state) {
  return Entry([&]() -> Datum {
    RowSink sink(fcinfo);
    for (const auto& [spelling, state] : core::SampleSpellings()) {
      sink.Text(spelling).Text(state->abbreviation).Text(state->region).Text(state->name).EndRow();
    }
    return sink.Done();
  });
}

ECOMM_FUNCTION(ecomm_sample_product) {
  return Entry([&]() -> Datum {
    RowSink sink(fcinfo);
    for (const core::SampleProduct& product : core::SampleProducts()) {
      sink.Text(product.stock_code)
          .Numeric(product.Weight(), 1, 1)
          .Numeric(product.LandedCost(), 2, 2)
          .Numeric(product.ShippingCost(), 2, 2)
          .Text(product.description)
          .Text(product.category)
          .EndRow();
    }
    return sink.Done();
  });
}

ECOMM_FUNCTION(ecomm_sample_customer) {
  return Entry([&]() -> Datum {
    core::SampleCustomers customers(Options(Arguments(fcinfo), 3));
    RowSink sink(fcinfo);
    while (const auto customer = customers.Next()) {
      sink.Int64(customer->customer_id)
          .Text(customer->city)
          .Text(customer->postal)
          .Text(customer->state)
          .Float8(customer->latitude)
          .Float8(customer->longitude)
          .EndRow();
    }
    return sink.Done();
  });
}

ECOMM_FUNCTION(ecomm_sample_sale) {
  return Entry([&]() -> Datum {
    core::SampleSales sales(Options(Arguments(fcinfo), 3));
    RowSink sink(fcinfo);
    while (const auto line = sales.Next()) {
      sink.Timestamp((line->minute - kUnixEpochDays * kMinutesPerDay) * USECS_PER_MINUTE)
          .Int64(line->customer_id)
          .Text(line->product->description)
          .Text(line->product->stock_code)
          .Int64(line->invoice_no)
          .Int32(static_cast<std::int32_t>(line->quantity))
          .Numeric(line->Amount(), 2, 2)
          .Numeric(line->unit_price, 2, 2)
          .EndRow();
    }
    return sink.Done();
  });
}

ECOMM_FUNCTION(ecomm_sample_data) {
  return Entry([&]() -> Datum {
    const Arguments arguments(fcinfo);
    core::SampleShopOptions options = Options(arguments, 4);
    if (const auto lines = arguments.Int64(5)) options.customers = core::SampleCustomersFor(*lines, options);

    std::vector<std::pair<std::string, std::int64_t>> made;
    {
      Spi spi;
      const std::string schema = TargetSchema(spi, arguments.Name(3));
      const PinnedSettings pinned;
      RequireFreeNames(spi, schema);
      const std::string quoted = QuoteIdentifier(schema);
      if (spi.Query("SELECT pg_catalog.to_regnamespace($1)", {Parameter::Text(quoted)}).ObjectId(0, 0) ==
          std::nullopt) {
        spi.Execute("CREATE SCHEMA " + quoted);
      }
      for (const SampleTable& table : kSampleTables) {
        const std::string name = quoted + "." + table.name;
        spi.Execute("CREATE TABLE " + name + " (" + table.columns + ")");
        const Rows rows = spi.Execute(
            "INSERT INTO " + name + " SELECT * FROM " + table.source,
            {Parameter::Int32(static_cast<std::int32_t>(options.customers)),
             Parameter::Int32(static_cast<std::int32_t>(options.days)),
             Parameter::Int64(options.seed),
             {DATEOID, DateADTGetDatum(static_cast<DateADT>(options.first_day - kUnixEpochDays))}});
        made.emplace_back(name, static_cast<std::int64_t>(rows.count()));
        // The next query should find good plans, not wait for autovacuum to pass by.
        spi.Execute("ANALYZE " + name);
      }
    }
    RowSink sink(fcinfo);
    for (const auto& [name, rows] : made) sink.Text(name).Int64(rows).EndRow();
    return sink.Done();
  });
}

}  // namespace ecomm::pg
