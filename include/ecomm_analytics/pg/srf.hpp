// Rows out of a set-returning function, through a tuplestore that spills to disk by itself.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Usage: RowSink sink(fcinfo); sink.Int64(id).Text(name).Float8(distance).EndRow(); … return sink.Done();
// Cells are given left to right; EndRow checks for cancellation.
class RowSink {
 public:
  explicit RowSink(FunctionCallInfo call);

  RowSink& Null();
  RowSink& Int32(std::int32_t value);
  RowSink& Int64(std::int64_t value);
  RowSink& Float8(double value);
  // NULL for NaN: there is no such number
  RowSink& Defined(double value) { return std::isnan(value) ? Null() : Float8(value); }
  RowSink& Bool(bool value);
  RowSink& Timestamp(::Timestamp value);
  RowSink& Text(std::string_view value);
  RowSink& Jsonb(std::string_view document);
  // value / 10^scale, with `display_scale` digits behind the point (scale 0 to 16)
  RowSink& Numeric(__int128 value, int scale, int display_scale);
  // numerator / divisor (not 0), as numeric divides; both / 10^scale
  RowSink& Quotient(__int128 numerator, __int128 divisor, int scale, int display_scale);
  // any other type; what it points at must live until EndRow
  RowSink& Value(Datum value);
  RowSink& Int64(const std::optional<std::int64_t>& value) { return value ? Int64(*value) : Null(); }
  RowSink& Float8(const std::optional<double>& value) { return value ? Float8(*value) : Null(); }
  RowSink& Float8Array(std::span<const double> values);
  RowSink& Int64Array(std::span<const std::int64_t> values);
  // text[] of bounded size
  RowSink& TextArray(std::span<const std::optional<std::string>> values);

  void EndRow();
  // What the function returns.
  Datum Done();

  // The declared type of a column, for polymorphic results.
  Oid TypeOf(int column) const { return TupleDescAttr(descriptor_, column)->atttypid; }

 private:
  enum class Kind : std::uint8_t {
    kNull,
    kDatum,
    kText,
    kJsonb,
    kNumeric,
    kQuotient,
    kFloat8Array,
    kInt64Array
  };
  struct Cell {
    Kind kind = Kind::kNull;
    std::uint8_t scale = 0;
    std::uint8_t display_scale = 0;
    Datum datum = 0;
    __int128 number = 0;
    __int128 divisor = 1;
    std::size_t offset = 0;  // with length: a piece of text_, numbers_ or integers_
    std::size_t length = 0;
  };
  RowSink& Append(const Cell& cell);
  Datum Materialize(const Cell& cell) const;

  FunctionCallInfo call_;
  TupleDesc descriptor_ = nullptr;
  Tuplestorestate* store_ = nullptr;
  MemoryContext scratch_ = nullptr;
  std::vector<Cell> cells_;
  std::string text_;
  std::vector<double> numbers_;
  std::vector<std::int64_t> integers_;
  std::vector<Datum> values_;
  std::unique_ptr<bool[]> nulls_;
};

// value / 10^scale as numeric, palloc'd. Only inside Call.
Datum MakeNumeric(__int128 value, int scale, int display_scale);

}  // namespace ecomm::pg
