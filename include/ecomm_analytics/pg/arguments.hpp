// The arguments of an SQL call as C++ values.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// A text datum's characters, detoasted.
std::string TextValue(Datum value);

// float8[] of these; NaN becomes NULL.
Datum Float8ArrayFrom(std::span<const double> values);

class Arguments {
 public:
  explicit Arguments(FunctionCallInfo call) : call_(call) {}

  int count() const { return call_->nargs; }
  bool IsNull(int i) const { return i >= call_->nargs || call_->args[i].isnull; }
  Datum Value(int i) const { return call_->args[i].value; }

  std::optional<std::int64_t> Int64(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<std::int64_t>(DatumGetInt64(Value(i)));
  }
  std::optional<std::int32_t> Int32(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<std::int32_t>(DatumGetInt32(Value(i)));
  }
  std::optional<double> Float8(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<double>(DatumGetFloat8(Value(i)));
  }
  std::optional<bool> Bool(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<bool>(DatumGetBool(Value(i)));
  }
  std::optional<Oid> ObjectId(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<Oid>(DatumGetObjectId(Value(i)));
  }
  std::optional<std::string> Text(int i) const {
    return IsNull(i) ? std::nullopt : std::optional<std::string>(TextValue(Value(i)));
  }
  // name, cstring-like, at most NAMEDATALEN - 1 bytes
  std::optional<std::string> Name(int i) const {
    return IsNull(i) ? std::nullopt
                     : std::optional<std::string>(
                           NameStr(*reinterpret_cast<const NameData*>(DatumGetPointer(Value(i)))));
  }
  // float8[]; a NULL element is a quiet NaN. A multi-dimensional array is read in storage order.
  std::optional<std::vector<double>> Float8Array(int i) const;
  // text[]; a NULL element is an error naming `what`.
  std::optional<std::vector<std::string>> TextArray(int i, const char* what) const;

 private:
  FunctionCallInfo call_;
};

}  // namespace ecomm::pg
