#include "ecomm_analytics/pg/rfm_source.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

// scale() is NULL for NULL, NaN and the infinities (which numeric has only from 14 on).
constexpr const char* kUsable =
    "customer_id IS NOT NULL AND sold_at IS NOT NULL AND pg_catalog.isfinite(sold_at)"
    " AND pg_catalog.scale(amount) IS NOT NULL";

}  // namespace

double RfmRow::MonetaryAsDouble() const {
  if (!monetary_numeric) return core::AmountToDouble(monetary);
  return Call(
      [value = *monetary_numeric] { return DatumGetFloat8(DirectFunctionCall1(numeric_float8, value)); });
}

RfmReading::RfmReading(Spi& spi, const RfmOptions& options) : spi_(spi), options_(options) {
  const Source source = ResolveSource(options.sale);
  relation_name_ = source.relation_name;
  if (options_.key_type == InvalidOid) options_.key_type = source.customer_type;
  const PinnedSettings pinned;
  customer_type_ = IsInteger(source.customer_type) && options_.key_type == INT8OID ? source.customer_type
                                                                                   : options_.key_type;
  const std::string key =
      KeyExpression("customer_id", source.customer_type, options_.key_type, options_.keyed_function);
  const auto select = [&](const std::string& order) {
    return "SELECT " + key + " AS customer_id, sold_at, " + order + " AS invoice_no, amount FROM (" +
           source.Select() + ") AS line" + (options.as_of ? " WHERE (sold_at <= $1) IS NOT FALSE" : "");
  };
  lines_ = select("invoice_no");

  const Rows shape = spi.Query("SELECT * FROM (" + lines_ + ") AS line LIMIT 0", Parameters());
  if (IsTellable(shape.TypeOf(0), shape.CollationOf(0)) &&
      (shape.TypeOf(2) != TEXTOID || IsTellable(TEXTOID, shape.CollationOf(2)))) {
    const Rows result =
        spi.Query("SELECT ecomm._rfm(customer_id, sold_at, invoice_no, amount) FROM (" +
                      select(TellableExpression("invoice_no", source.invoice_type)) + ") AS line",
                  Parameters());
    const auto finished = result.Value(0, 0);
    table_.emplace(PayloadOf(*finished));
    if (table_->failure() == core::RfmFailure::kNone) {
      counts_ = table_->counts();
      snapshot_ = table_->last_sale();
    } else {
      table_.reset();
    }
  }
  if (!table_) CountLines();
  if (options_.as_of) {
    snapshot_ = *options_.as_of;
  } else if (snapshot_) {
    snapshot_ = core::DefaultSnapshot(*snapshot_);
  }
}

std::vector<Parameter> RfmReading::Parameters() const {
  if (!options_.as_of) return {};
  return {Parameter::Timestamp(*options_.as_of)};
}

void RfmReading::CountLines() {
  const Rows rows = spi_.Query(
      "SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE (sold_at IS NOT NULL AND "
      "pg_catalog.isfinite(sold_at)) IS NOT TRUE),"
      " pg_catalog.count(*) FILTER (WHERE pg_catalog.isfinite(sold_at) AND "
      "pg_catalog.scale(amount) IS NULL),"
      " pg_catalog.count(*) FILTER (WHERE pg_catalog.isfinite(sold_at) AND "
      "pg_catalog.scale(amount) IS NOT NULL AND customer_id IS NULL),"
      " pg_catalog.count(*) FILTER (WHERE amount < 0 AND " +
          std::string(kUsable) +
          "),"
          " pg_catalog.max(sold_at) FILTER (WHERE pg_catalog.isfinite(sold_at)) FROM (" +
          lines_ + ") AS line",
      Parameters());
  counts_ = {.lines = *rows.Int64(0, 0),
             .returns = *rows.Int64(0, 4),
             .unknown_customer = *rows.Int64(0, 3),
             .no_date = *rows.Int64(0, 1),
             .no_amount = *rows.Int64(0, 2)};
  snapshot_ = rows.Int64(0, 5);
}

void RfmReading::ForEach(const std::function<void(const RfmRow&)>& visit) const {
  if (table_) {
    VisitTable(visit);
  } else {
    VisitGroups(visit);
  }
}

void RfmReading::VisitTable(const std::function<void(const RfmRow&)>& visit) const {
  ForEachOf(*table_, options_.key_type, snapshot_, visit);
}

// One row a customer: customer_id, frequency, first_purchase, last_purchase, monetary.
std::string RfmReading::Groups() const {
  return "SELECT customer_id, pg_catalog.count(*) FILTER (WHERE last_purchase IS NOT NULL) AS frequency,"
         " pg_catalog.min(first_purchase) AS first_purchase, pg_catalog.max(last_purchase) AS last_purchase,"
         " pg_catalog.sum(monetary) AS monetary FROM ("
         "SELECT customer_id, pg_catalog.min(sold_at) FILTER (WHERE amount >= 0) AS first_purchase,"
         " pg_catalog.max(sold_at) FILTER (WHERE amount >= 0) AS last_purchase,"
         " pg_catalog.sum(amount) AS monetary FROM (" +
         lines_ + ") AS line WHERE " + kUsable +
         " GROUP BY customer_id, invoice_no, CASE WHEN invoice_no IS NULL THEN sold_at::pg_catalog.date END"
         ") AS customer_order GROUP BY customer_id";
}

void RfmReading::VisitGroups(const std::function<void(const RfmRow&)>& visit) const {
  // The table's order is that of the keys' bytes; so must this be.
  const std::string sql =
      Groups() + " ORDER BY customer_id" + (customer_type_ == TEXTOID ? " COLLATE pg_catalog.\"C\"" : "");
  const PinnedSettings pinned;
  const std::vector<Parameter> parameters = Parameters();
  Cursor cursor(spi_, sql, parameters);
  for (Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
      RfmRow row{.customer = WidenKey(*rows.Value(i, 0), customer_type_, options_.key_type),
                 .frequency = *rows.Int64(i, 1),
                 .first_purchase = rows.Int64(i, 2),
                 .last_purchase = rows.Int64(i, 3),
                 .recency = {},
                 .monetary_numeric = rows.Value(i, 4),
                 .monetary = 0,
                 .display_scale = 0};
      if (row.last_purchase) row.recency = core::Recency(*row.last_purchase, *snapshot_);
      visit(row);
    }
  }
}

void ForEachOf(const core::RfmTable& table, Oid key_type, std::optional<core::Micros> snapshot,
               const std::function<void(const RfmRow&)>& visit) {
  std::vector<std::uint64_t> buffer;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const core::RfmTotals totals = table.totals(i);
    RfmRow row{.customer = KeyDatum(table.key(i), key_type, buffer),
               .frequency = totals.frequency,
               .first_purchase = {},
               .last_purchase = {},
               .recency = {},
               .monetary_numeric = {},
               .monetary = totals.monetary,
               .display_scale = totals.display_scale};
    if (totals.purchased()) {
      row.first_purchase = totals.first_purchase;
      row.last_purchase = totals.last_purchase;
      if (snapshot) row.recency = core::Recency(totals.last_purchase, *snapshot);
    }
    visit(row);
  }
}

void RequireRfm(const core::RfmTable& table, Oid key_type) {
  if (table.failure() == core::RfmFailure::kMemory) {
    throw core::Error(core::ErrorCode::kMemoryLimit, "not enough memory for the totals of all customers",
                      "Allowed: " + std::to_string(core::MemoryLimit() / 1024) + " kB.",
                      "Raise ecomm_analytics.memory_limit.");
  }
  if (table.failure() == core::RfmFailure::kPrecision) {
    throw core::Error(core::ErrorCode::kNumericRange, "an amount or a sum has more digits than are held",
                      "20 digits are held before the decimal point, 16 behind it.",
                      "Round or correct what was mistyped.");
  }
  if (table.size() > 0 && table.key_kind() != KeyKindOf(RequireKeyType(key_type))) {
    throw SqlError(ERRCODE_DATATYPE_MISMATCH, "customers have keys of another type than asked for");
  }
}

void NoticeLeftOut(const core::LineCounts& counts) {
  std::string reasons;
  const auto add = [&](std::int64_t count, const char* reason) {
    if (count == 0) return;
    if (!reasons.empty()) reasons += ", ";
    reasons += std::to_string(count) + " " + reason;
  };
  add(counts.unknown_customer, "without a customer");
  add(counts.no_date, "without a date");
  add(counts.no_amount, "without an amount");
  if (reasons.empty()) return;
  const std::string text = "left out of " + std::to_string(counts.lines) + " sale lines: " + reasons;
  Call([characters = text.c_str()] { ereport(NOTICE, (errmsg("%s", characters))); });
}

}  // namespace ecomm::pg
