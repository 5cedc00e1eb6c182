#include "ecomm_analytics/pg/columns.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

std::string LowerAscii(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

void RequireRowsOfItsOwn(Spi& spi, Oid relation) {
  const auto rows = spi.Query("SELECT relkind IN ('r', 'p', 'v', 'm', 'f') FROM pg_class WHERE oid = $1",
                              {Parameter::ObjectId(relation)});
  if (!rows.empty() && !*rows.Bool(0, 0)) {
    throw SqlError(ERRCODE_WRONG_OBJECT_TYPE, QualifiedName(relation) + " is not a table or view");
  }
}

}  // namespace

std::optional<std::size_t> TableColumns::Find(const std::string& name) const {
  std::optional<std::size_t> found;
  bool several = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
    if (LowerAscii(columns[i].name) != LowerAscii(name)) continue;
    several = found.has_value();
    found = i;
  }
  return several ? std::nullopt : found;
}

TableColumns ReadColumns(Spi& spi, Oid relation) {
  RequireRowsOfItsOwn(spi, relation);
  const auto rows = spi.Query(
      "SELECT attname::text, format_type(atttypid, atttypmod), atttypid FROM pg_attribute "
      "WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      {Parameter::ObjectId(relation)});
  TableColumns table;
  for (std::uint64_t row = 0; row < rows.count(); ++row) {
    const Oid type = *rows.ObjectId(row, 2);
    table.columns.push_back({*rows.Text(row, 0), TypeCategory(type), *rows.Text(row, 1)});
    table.types.push_back(type);
  }
  return table;
}

core::ColumnType TypeCategory(Oid type) {
  const Oid base = Call([=] { return getBaseType(type); });
  switch (base) {
    case TIMESTAMPOID:
      return core::ColumnType::kTimestamp;
    case TIMESTAMPTZOID:
      return core::ColumnType::kTimestampTz;
    case DATEOID:
      return core::ColumnType::kDate;
    case INT2OID:
    case INT4OID:
      return core::ColumnType::kInteger;
    case INT8OID:
      return core::ColumnType::kBigint;
    case NUMERICOID:
      return core::ColumnType::kNumeric;
    case FLOAT4OID:
    case FLOAT8OID:
      return core::ColumnType::kDouble;
    case MONEYOID:
      return core::ColumnType::kMoney;
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
    case NAMEOID:
      return core::ColumnType::kText;
    case UUIDOID:
      return core::ColumnType::kUuid;
    default:
      return Call([=] { return type_is_enum(base); }) ? core::ColumnType::kText : core::ColumnType::kOther;
  }
}

std::string TypeName(Oid type) {
  return Call([=] { return const_cast<const char*>(format_type_be(type)); });
}

}  // namespace ecomm::pg
