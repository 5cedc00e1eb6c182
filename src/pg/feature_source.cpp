#include "ecomm_analytics/pg/feature_source.hpp"

#include <limits>
#include <set>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/rfm_source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool IsNumber(Oid type) {
  return IsInteger(type) || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

bool IsRfmFeature(const std::string& name) {
  return name == "recency" || name == "frequency" || name == "monetary";
}

std::map<std::string, Oid> ColumnsOf(Spi& spi, const std::string& relation) {
  const Rows shape = spi.Query("SELECT * FROM " + relation + " LIMIT 0");
  std::map<std::string, Oid> columns;
  for (int i = 0; i < shape.columns(); ++i) columns.emplace(shape.NameOf(i), shape.TypeOf(i));
  return columns;
}

}  // namespace

// The search path stays the caller's: the queries here name everything in full, and a source may be a view
// over a function, rfm() say, that looks for the caller's tables.
FeatureReading::FeatureReading(Spi& spi, const FeatureOptions& options) : spi_(spi), options_(options) {
  const auto& features = options_.features;
  if (features.empty()) throw core::Error(core::ErrorCode::kInvalidArgument, "features must not be empty");
  if (std::set<std::string>(features.begin(), features.end()).size() != features.size()) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "features must be different from each other");
  }
  const bool all_rfm = std::all_of(features.begin(), features.end(), IsRfmFeature);
  if (options_.source == InvalidOid) {
    if (all_rfm) {
      CheckRfmOptions();
      return;
    }
    throw core::Error(core::ErrorCode::kInvalidArgument,
                      "features other than recency, frequency and monetary need a source", {},
                      "Name the relation that has them in source.");
  }

  source_name_ = QualifiedName(options_.source);
  const auto columns = ColumnsOf(spi_, source_name_);
  std::string list;
  for (const auto& feature : features) {
    const auto column = columns.find(feature);
    if (column == columns.end()) {
      if (all_rfm) {
        CheckRfmOptions();
        return;
      }
      throw SqlError(
          ERRCODE_UNDEFINED_COLUMN, source_name_ + " has no column \"" + feature + "\"", {},
          "A source has every feature as a column, or is a sale table and the features are among recency, "
          "frequency and monetary.");
    }
    if (!IsNumber(column->second)) {
      throw SqlError(ERRCODE_DATATYPE_MISMATCH, "feature \"" + feature + "\" is not a number",
                     "Its type is " + TypeName(column->second) + ".");
    }
    list += ", " + QuoteIdentifier(feature) + "::pg_catalog.float8";
  }

  if (options_.as_of) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "as_of needs a sale table",
                      source_name_ + " has the features as columns, as they are now.");
  }

  std::string key = "NULL";
  if (options_.with_keys) {
    std::string name = options_.key_column.value_or(columns.contains("customer_id") ? "customer_id" : "id");
    const auto column = columns.find(name);
    if (column == columns.end()) {
      throw SqlError(ERRCODE_UNDEFINED_COLUMN,
                     source_name_ + " has no column \"" + name + "\" to name its rows by", {},
                     "Name one in key_column.");
    }
    key = KeyExpression(QuoteIdentifier(name), column->second, options_.key_type, options_.keyed_function);
    read_key_type_ = column->second;
  }
  select_ = "SELECT " + key + list + " FROM " + source_name_;
}

void FeatureReading::CheckRfmOptions() const {
  if (!options_.key_column) return;
  throw core::Error(core::ErrorCode::kInvalidArgument,
                    "key_column needs a source that has the features as columns",
                    "The rows of a sale table's RFM are its customers.");
}

void FeatureReading::ForEach(const Visit& visit) {
  if (select_.empty()) {
    ForEachRfm(visit);
  } else {
    ForEachRow(visit);
  }
}

void FeatureReading::ForEachRfm(const Visit& visit) {
  const RfmReading reading(spi_, {.sale = options_.source,
                                  .as_of = options_.as_of,
                                  .key_type = options_.with_keys ? options_.key_type : InvalidOid,
                                  .keyed_function = options_.keyed_function});
  source_name_ = reading.relation_name();
  NoticeLeftOut(reading.counts());
  std::vector<double> values(options_.features.size());
  reading.ForEach([&](const RfmRow& row) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& feature = options_.features[i];
      if (feature == "recency") {
        values[i] = row.recency ? static_cast<double>(*row.recency) : kMissing;
      } else if (feature == "frequency") {
        values[i] = static_cast<double>(row.frequency);
      } else {
        values[i] = row.MonetaryAsDouble();
      }
    }
    visit(values, row.customer);
  });
}

void FeatureReading::ForEachRow(const Visit& visit) {
  std::vector<double> values(options_.features.size());
  Cursor cursor(spi_, select_);
  for (Rows rows = cursor.Fetch(); !rows.empty(); rows = cursor.Fetch()) {
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        values[j] = rows.Float8(i, static_cast<int>(j) + 1).value_or(kMissing);
      }
      std::optional<Datum> key = rows.Value(i, 0);
      if (key) key = WidenKey(*key, read_key_type_, options_.key_type);
      visit(values, key);
    }
  }
}

FeatureTable LoadFeatures(FeatureReading& reading, const std::vector<std::string>& features,
                          core::Transform transform,
                          const std::function<void(bool used, std::optional<Datum> key)>& each) {
  FeatureTable table;
  table.columns = features.size();
  reading.ForEach([&](std::span<const double> row, std::optional<Datum> key) {
    ++table.rows;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const core::Unusable reason = core::Classify(transform, row[i]);
      if (reason == core::Unusable::kNone) continue;
      const std::string why(reason == core::Unusable::kNaN ? "missing" : core::Name(reason));
      ++table.left_out[features[i] + " " + why];
      if (each) each(false, key);
      return;
    }
    if (table.values.size() + row.size() > table.values.capacity()) {
      const std::size_t capacity = std::max<std::size_t>(table.values.capacity() * 2, 1024);
      core::RequireMemory(capacity * sizeof(double), "features");
      table.values.reserve(capacity);
    }
    table.values.insert(table.values.end(), row.begin(), row.end());
    if (each) each(true, key);
  });
  return table;
}

void NoticeLeftOut(const FeatureTable& table) {
  std::string reasons;
  for (const auto& [reason, count] : table.left_out) {
    if (!reasons.empty()) reasons += ", ";
    reasons += std::to_string(count) + " with " + reason;
  }
  if (reasons.empty()) return;
  const std::string text = "left out of " + std::to_string(table.rows) + " rows: " + reasons;
  Call([characters = text.c_str()] { ereport(NOTICE, (errmsg("%s", characters))); });
}

}  // namespace ecomm::pg
