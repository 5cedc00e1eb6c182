#include "ecomm_analytics/pg/log_line.hpp"

#include "ecomm_analytics/pg/amounts.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

// More digits behind the point than are held are rounded away.
core::Amount ReadRounded(Datum value, Oid type) {
  const core::Amount amount = ReadAmount(value, type);
  if (amount.kind != core::Amount::Kind::kBeyond) return amount;
  return ReadAmount(
      Call([=] { return DirectFunctionCall2(numeric_round, value, Int32GetDatum(core::kAmountScale)); }),
      NUMERICOID);
}

}  // namespace

LogLineReader::LogLineReader(const Types& types) : types_(types) {
  if (types.quantity != NUMERICOID && !IsInteger(types.quantity)) {
    throw SqlError(ERRCODE_DATATYPE_MISMATCH, "quantity must be smallint, integer, bigint or numeric");
  }
}

core::LogShape LogLineReader::shape(std::uint32_t part, std::uint32_t parts) const {
  return {.customer_kind = KeyKindOf(types_.customer),
          .order_kind = KeyKindOf(types_.order),
          .part = part,
          .parts = parts};
}

core::LineLog::Line LogLineReader::Read(const NullableDatum* values) {
  core::LineLog::Line line;
  if (!values[0].isnull) {
    const Timestamp sold_at = DatumGetTimestamp(values[0].value);
    if (!TIMESTAMP_NOT_FINITE(sold_at)) line.sold_at = sold_at;
  }
  if (!values[1].isnull) line.customer = ReadAnyKey(values[1].value, types_.customer);
  if (!values[2].isnull) line.order = ReadAnyKey(values[2].value, types_.order);
  if (!values[3].isnull) {
    if (IsInteger(types_.product)) {
      digits_ = std::to_string(ReadKey(values[3].value, types_.product).number);
      line.product = digits_;
    } else {
      line.product = ReadAnyKey(values[3].value, types_.product).bytes;
    }
  }
  if (!values[4].isnull) line.quantity = ReadRounded(values[4].value, types_.quantity);
  if (!values[5].isnull) line.amount = ReadRounded(values[5].value, NUMERICOID);
  return line;
}

}  // namespace ecomm::pg
