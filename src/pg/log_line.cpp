#include "ecomm_analytics/pg/log_line.hpp"

#include "ecomm_analytics/pg/amounts.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

// What is read is written where it stays: a copy of what was just written in pieces has to wait for them.

// More digits behind the point than are held are rounded away.
void ReadRounded(const NullableDatum& value, Oid type, std::optional<core::Amount>& amount) {
  amount.reset();
  if (value.isnull) return;
  ReadAmount(value.value, type, amount.emplace());
  if (amount->kind != core::Amount::Kind::kBeyond) return;
  const Datum rounded = Call(
      [=] { return DirectFunctionCall2(numeric_round, value.value, Int32GetDatum(core::kAmountScale)); });
  ReadAmount(rounded, NUMERICOID, *amount);
}

void ReadKeyTo(const NullableDatum& value, Oid type, std::optional<core::Key>& key) {
  key.reset();
  if (value.isnull) return;
  key.emplace();
  if (type == INT8OID) {
    key->number = DatumGetInt64(value.value);
  } else if (type == INT4OID) {
    key->number = DatumGetInt32(value.value);
  } else {
    *key = ReadAnyKey(value.value, type);
  }
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

const core::LineLog::Line& LogLineReader::Read(const NullableDatum* values) {
  line_.sold_at.reset();
  if (!values[0].isnull) {
    const Timestamp sold_at = DatumGetTimestamp(values[0].value);
    if (!TIMESTAMP_NOT_FINITE(sold_at)) line_.sold_at = sold_at;
  }
  ReadKeyTo(values[1], types_.customer, line_.customer);
  ReadKeyTo(values[2], types_.order, line_.order);
  line_.product.reset();
  if (!values[3].isnull) {
    if (types_.product == TEXTOID) {
      line_.product.emplace(PayloadOf(values[3].value));
    } else if (IsInteger(types_.product)) {
      digits_ = std::to_string(ReadKey(values[3].value, types_.product).number);
      line_.product = digits_;
    } else {
      line_.product = ReadAnyKey(values[3].value, types_.product).bytes;
    }
  }
  ReadRounded(values[4], types_.quantity, line_.quantity);
  ReadRounded(values[5], NUMERICOID, line_.amount);
  return line_;
}

}  // namespace ecomm::pg
