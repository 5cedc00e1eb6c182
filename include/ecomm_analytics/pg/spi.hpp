// Queries run from C++ with the caller's rights.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// A query parameter ($1, $2, …). What it points at must live until the query has run.
struct Parameter {
  Oid type;
  Datum value;
  bool null = false;

  static Parameter Null(Oid type) { return {type, Datum{0}, true}; }
  static Parameter Int64(std::int64_t value) { return {INT8OID, Int64GetDatum(value)}; }
  static Parameter Int32(std::int32_t value) { return {INT4OID, Int32GetDatum(value)}; }
  static Parameter Float8(double value) { return {FLOAT8OID, Float8GetDatum(value)}; }
  static Parameter Bool(bool value) { return {BOOLOID, BoolGetDatum(value)}; }
  static Parameter ObjectId(Oid value) { return {OIDOID, ObjectIdGetDatum(value)}; }
  static Parameter Timestamp(::Timestamp value) { return {TIMESTAMPOID, TimestampGetDatum(value)}; }
  static Parameter Text(std::string_view value);
  static Parameter Jsonb(const std::string& value);
};

// Rows of a finished query or of one fetch. Columns count from 0. Lives no longer than its Spi, and for a
// cursor no longer than until the next Fetch.
class Rows {
 public:
  Rows() = default;
  Rows(SPITupleTable* table, std::uint64_t count) : table_(table), count_(count) {}

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  int columns() const { return table_ ? table_->tupdesc->natts : 0; }
  Oid TypeOf(int column) const { return TupleDescAttr(table_->tupdesc, column)->atttypid; }
  Oid CollationOf(int column) const { return TupleDescAttr(table_->tupdesc, column)->attcollation; }
  std::string NameOf(int column) const { return NameStr(TupleDescAttr(table_->tupdesc, column)->attname); }

  // nullopt is SQL NULL
  std::optional<Datum> Value(std::uint64_t row, int column) const;
  std::optional<std::int64_t> Int64(std::uint64_t row, int column) const;
  std::optional<std::int32_t> Int32(std::uint64_t row, int column) const;
  std::optional<double> Float8(std::uint64_t row, int column) const;
  std::optional<bool> Bool(std::uint64_t row, int column) const;
  std::optional<Oid> ObjectId(std::uint64_t row, int column) const;
  // a column of type text
  std::optional<std::string> Text(std::uint64_t row, int column) const;
  // a column of any type, as its output function writes it
  std::optional<std::string> Output(std::uint64_t row, int column) const;

 private:
  friend class Cursor;
  SPITupleTable* table_ = nullptr;
  std::uint64_t count_ = 0;
};

class Spi {
 public:
  Spi();
  ~Spi();
  Spi(const Spi&) = delete;
  Spi& operator=(const Spi&) = delete;

  // Reads with the snapshot of the calling statement; the planner may use parallel workers.
  Rows Query(const std::string& sql, std::span<const Parameter> parameters = {});
  Rows Query(const std::string& sql, std::initializer_list<Parameter> parameters) {
    return Query(sql, std::span(parameters.begin(), parameters.size()));
  }
  // Query whose parameters stay parameters, so that large ones travel to workers as they are, not as text in
  // the plan.
  Rows QueryShared(const std::string& sql, std::span<const Parameter> parameters);
  // Writes (and sees its own earlier writes); for RETURNING, rows come back too. count() is the rows
  // processed.
  Rows Execute(const std::string& sql, std::span<const Parameter> parameters = {});
  Rows Execute(const std::string& sql, std::initializer_list<Parameter> parameters) {
    return Execute(sql, std::span(parameters.begin(), parameters.size()));
  }

 private:
  Rows Run(const std::string& sql, std::span<const Parameter> parameters, bool read_only);
  int unwinding_;
};

// Rows in bounded memory, a block at a time. Never parallel: for small relations, or where rows stream.
class Cursor {
 public:
  Cursor(Spi& spi, const std::string& sql, std::span<const Parameter> parameters = {});
  // Closing can fail where another server is read.
  ~Cursor() noexcept(false);
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // The next block; empty at the end.
  Rows Fetch(long rows = 10000);

 private:
  Portal portal_;
  SPITupleTable* block_ = nullptr;
  int unwinding_;
};

// While it lives, names in queries resolve in pg_catalog alone, so nobody's table, function or operator can
// stand in for the one that was meant; and nothing is compiled just in time, which cannot be cancelled for
// up to half a second and wins nothing where the work is done in one aggregate.
class PinnedSettings {
 public:
  PinnedSettings();
  ~PinnedSettings();
  PinnedSettings(const PinnedSettings&) = delete;
  PinnedSettings& operator=(const PinnedSettings&) = delete;

 private:
  int nest_level_;
  int unwinding_;
};

}  // namespace ecomm::pg
