#include "ecomm_analytics/pg/spi.hpp"

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {
namespace {

struct ParameterArrays {
  std::vector<Oid> types;
  std::vector<Datum> values;
  std::vector<char> nulls;

  explicit ParameterArrays(std::span<const Parameter> parameters) {
    for (const auto& parameter : parameters) {
      types.push_back(parameter.type);
      values.push_back(parameter.value);
      nulls.push_back(parameter.null ? 'n' : ' ');
    }
  }
};

// `run` gives what SPI gives: below 0, it failed.
template <typename Run>
Rows RunCall(ParameterArrays& arrays, Run run) {
  const auto count = static_cast<int>(arrays.types.size());
  Oid* types = arrays.types.data();
  Datum* values = arrays.values.data();
  const char* nulls = arrays.nulls.data();
  Call([=] {
    const int result = run(count, types, values, nulls);
    if (result < 0) elog(ERROR, "query failed: %s", SPI_result_code_string(result));
  });
  return {SPI_tuptable, SPI_processed};
}

// When an error is on its way out, the abort of the (sub)transaction cleans up; doing it twice is what hurts.
bool IsUnwinding(int exceptions_at_start) { return std::uncaught_exceptions() > exceptions_at_start; }

}  // namespace

Parameter Parameter::Text(std::string_view value) {
  const Datum datum = Call([=] {
    return PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
  });
  return {TEXTOID, datum};
}

Parameter Parameter::Jsonb(const std::string& value) {
  const char* characters = value.c_str();
  return {JSONBOID, Call([=] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(characters)); })};
}

std::optional<Datum> Rows::Value(std::uint64_t row, int column) const {
  bool null = false;
  const Datum value = SPI_getbinval(table_->vals[row], table_->tupdesc, column + 1, &null);
  if (null) return std::nullopt;
  return value;
}

std::optional<std::int64_t> Rows::Int64(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<std::int64_t>(DatumGetInt64(*value)) : std::nullopt;
}

std::optional<std::int32_t> Rows::Int32(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<std::int32_t>(DatumGetInt32(*value)) : std::nullopt;
}

std::optional<double> Rows::Float8(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<double>(DatumGetFloat8(*value)) : std::nullopt;
}

std::optional<bool> Rows::Bool(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<bool>(DatumGetBool(*value)) : std::nullopt;
}

std::optional<Oid> Rows::ObjectId(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<Oid>(DatumGetObjectId(*value)) : std::nullopt;
}

std::optional<std::string> Rows::Text(std::uint64_t row, int column) const {
  const auto value = Value(row, column);
  return value ? std::optional<std::string>(TextValue(*value)) : std::nullopt;
}

std::optional<std::string> Rows::Output(std::uint64_t row, int column) const {
  const char* characters =
      Call([=, this] { return SPI_getvalue(table_->vals[row], table_->tupdesc, column + 1); });
  return characters ? std::optional<std::string>(characters) : std::nullopt;
}

Spi::Spi() : unwinding_(std::uncaught_exceptions()) {
  Call([] { SPI_connect(); });
}

Spi::~Spi() {
  if (!IsUnwinding(unwinding_)) SPI_finish();
}

Rows Spi::Query(const std::string& sql, std::span<const Parameter> parameters) {
  return Run(sql, parameters, true);
}

Rows Spi::QueryShared(const std::string& sql, std::span<const Parameter> parameters) {
  ParameterArrays arrays(parameters);
  return RunCall(arrays, [text = sql.c_str()](int count, Oid* types, Datum* values, const char* nulls) {
    SPIPlanPtr plan =
        SPI_prepare_cursor(text, count, types, CURSOR_OPT_PARALLEL_OK | CURSOR_OPT_GENERIC_PLAN);
    if (plan == nullptr) return SPI_result;
    const int result = SPI_execute_plan(plan, values, nulls, true, 0);
    SPI_freeplan(plan);
    return result;
  });
}

Rows Spi::Execute(const std::string& sql, std::span<const Parameter> parameters) {
  return Run(sql, parameters, false);
}

Rows Spi::Run(const std::string& sql, std::span<const Parameter> parameters, bool read_only) {
  ParameterArrays arrays(parameters);
  return RunCall(arrays,
                 [text = sql.c_str(), read_only](int count, Oid* types, Datum* values, const char* nulls) {
                   return SPI_execute_with_args(text, count, types, values, nulls, read_only, 0);
                 });
}

Cursor::Cursor(Spi&, const std::string& sql, std::span<const Parameter> parameters)
    : unwinding_(std::uncaught_exceptions()) {
  ParameterArrays arrays(parameters);
  const char* text = sql.c_str();
  const auto count = static_cast<int>(parameters.size());
  Oid* types = arrays.types.data();
  Datum* values = arrays.values.data();
  const char* nulls = arrays.nulls.data();
  portal_ = Call([=] {
    return SPI_cursor_open_with_args(nullptr, text, count, types, values, nulls, true, CURSOR_OPT_NO_SCROLL);
  });
}

Cursor::~Cursor() noexcept(false) {
  if (IsUnwinding(unwinding_)) return;
  Call([portal = portal_] { SPI_cursor_close(portal); });
}

Rows Cursor::Fetch(long rows) {
  SPITupleTable* previous = block_;
  Portal portal = portal_;
  Call([=] {
    if (previous) SPI_freetuptable(previous);
    CHECK_FOR_INTERRUPTS();
    SPI_cursor_fetch(portal, true, rows);
  });
  block_ = SPI_tuptable;
  return {block_, SPI_processed};
}

PinnedSettings::PinnedSettings() : unwinding_(std::uncaught_exceptions()) {
  nest_level_ = Call([] {
    const int level = NewGUCNestLevel();
    const auto set = [](const char* name, const char* value) {
      (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
    };
    set("search_path", "pg_catalog, pg_temp");
    set("jit", "off");
    return level;
  });
}

PinnedSettings::~PinnedSettings() {
  if (!IsUnwinding(unwinding_)) AtEOXact_GUC(true, nest_level_);
}

}  // namespace ecomm::pg
