#include "ecomm_analytics/pg/srf.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {

Datum MakeNumeric(__int128 value, int scale, int display_scale) {
  if (scale > display_scale) {
    __int128 unit = 1;
    for (int i = display_scale; i < scale; ++i) unit *= 10;
    if (value % unit == 0) {
      value /= unit;
      scale = display_scale;
    }
  }
  // The fast constructor needs room to scale up by at most four decimal digits.
  constexpr __int128 kRoom = __int128{1} << 48;
  Numeric number;
  if (value > -kRoom && value < kRoom && scale == display_scale) {
    number = NumericFromScaledInt64(static_cast<int64>(value), scale);
  } else {
    char digits[64];
    char* end = digits + sizeof digits;
    char* cursor = end;
    *--cursor = '\0';
    unsigned __int128 rest = value < 0 ? -static_cast<unsigned __int128>(value) : value;
    for (int i = 0; rest != 0 || i <= scale; ++i) {
      if (i == scale && scale > 0) *--cursor = '.';
      *--cursor = static_cast<char>('0' + static_cast<int>(rest % 10));
      rest /= 10;
    }
    if (value < 0) *--cursor = '-';
    number = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(cursor),
                                                 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
    if (scale != display_scale) {
      return DirectFunctionCall2(numeric_round, NumericGetDatum(number), Int32GetDatum(display_scale));
    }
  }
  return NumericGetDatum(number);
}

namespace {

// The least display scale that rounds nothing away.
int ExactScale(__int128 value, int scale) {
  for (; scale > 0 && value % 10 == 0; --scale) value /= 10;
  return scale;
}

}  // namespace

RowSink::RowSink(FunctionCallInfo call) : call_(call) {
  // The rows come when what they were computed from is no longer held in full: they may have the same room.
  const int memory_kb =
      std::max(work_mem, static_cast<int>(std::min<std::size_t>(core::MemoryLimit() / 1024, MAX_KILOBYTES)));
  Call([=, this] {
    auto* info = reinterpret_cast<ReturnSetInfo*>(call_->resultinfo);
    if (info == nullptr || !IsA(info, ReturnSetInfo) || !(info->allowedModes & SFRM_Materialize)) {
      ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                      errmsg("set-valued function called in context that cannot accept a set"),
                      errhint("Call it in the FROM clause.")));
    }
    const MemoryContext query_context = info->econtext->ecxt_per_query_memory;
    const MemoryContext caller = MemoryContextSwitchTo(query_context);
    TupleDesc descriptor;
    if (get_call_result_type(call_, nullptr, &descriptor) != TYPEFUNC_COMPOSITE) {
      elog(ERROR, "return type must be a row type");
    }
    descriptor_ = CreateTupleDescCopy(descriptor);
    store_ = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, memory_kb);
    info->returnMode = SFRM_Materialize;
    info->setResult = store_;
    info->setDesc = descriptor_;
    MemoryContextSwitchTo(caller);
    scratch_ = AllocSetContextCreate(CurrentMemoryContext, "ecomm_analytics row", ALLOCSET_SMALL_SIZES);
  });
  const auto columns = static_cast<std::size_t>(descriptor_->natts);
  cells_.reserve(columns);
  values_.resize(columns);
  nulls_ = std::make_unique<bool[]>(columns);
}

RowSink& RowSink::Append(const Cell& cell) {
  cells_.push_back(cell);
  return *this;
}

RowSink& RowSink::Null() { return Append({.kind = Kind::kNull}); }
RowSink& RowSink::Value(Datum value) { return Append({.kind = Kind::kDatum, .datum = value}); }
RowSink& RowSink::Int32(std::int32_t value) { return Value(Int32GetDatum(value)); }
RowSink& RowSink::Int64(std::int64_t value) { return Value(Int64GetDatum(value)); }
RowSink& RowSink::Float8(double value) { return Value(Float8GetDatum(value)); }
RowSink& RowSink::Bool(bool value) { return Value(BoolGetDatum(value)); }
RowSink& RowSink::Timestamp(::Timestamp value) { return Value(TimestampGetDatum(value)); }

RowSink& RowSink::Text(std::string_view value) {
  const std::size_t offset = text_.size();
  text_.append(value);
  return Append({.kind = Kind::kText, .offset = offset, .length = value.size()});
}

RowSink& RowSink::Jsonb(std::string_view document) {
  Text(document);
  text_.push_back('\0');
  cells_.back().kind = Kind::kJsonb;
  return *this;
}

RowSink& RowSink::Numeric(__int128 value, int scale, int display_scale) {
  return Append({.kind = Kind::kNumeric,
                 .scale = static_cast<std::uint8_t>(scale),
                 .display_scale = static_cast<std::uint8_t>(display_scale),
                 .number = value});
}

RowSink& RowSink::Quotient(__int128 numerator, __int128 divisor, int scale, int display_scale) {
  Numeric(numerator, scale, display_scale);
  cells_.back().kind = Kind::kQuotient;
  cells_.back().divisor = divisor;
  return *this;
}

RowSink& RowSink::Float8Array(std::span<const double> values) {
  const std::size_t offset = numbers_.size();
  numbers_.insert(numbers_.end(), values.begin(), values.end());
  return Append({.kind = Kind::kFloat8Array, .offset = offset, .length = values.size()});
}

RowSink& RowSink::Int64Array(std::span<const std::int64_t> values) {
  const std::size_t offset = integers_.size();
  integers_.insert(integers_.end(), values.begin(), values.end());
  return Append({.kind = Kind::kInt64Array, .offset = offset, .length = values.size()});
}

RowSink& RowSink::TextArray(std::span<const std::optional<std::string>> values) {
  std::vector<std::pair<const char*, int>> texts;
  for (const auto& value : values) {
    texts.emplace_back(value ? value->data() : nullptr, value ? static_cast<int>(value->size()) : 0);
  }
  const std::pair<const char*, int>* begin = texts.data();
  const int count = static_cast<int>(texts.size());
  return Value(Call([=, this] {
    const MemoryContext caller = MemoryContextSwitchTo(scratch_);
    auto* elements = static_cast<Datum*>(palloc(count * sizeof(Datum)));
    auto* nulls = static_cast<bool*>(palloc(count * sizeof(bool)));
    for (int i = 0; i < count; ++i) {
      nulls[i] = begin[i].first == nullptr;
      elements[i] =
          nulls[i] ? Datum{0} : PointerGetDatum(cstring_to_text_with_len(begin[i].first, begin[i].second));
    }
    int size = count;
    int lower = 1;
    ArrayType* array =
        construct_md_array(elements, nulls, 1, &size, &lower, TEXTOID, -1, false, TYPALIGN_INT);
    MemoryContextSwitchTo(caller);
    return PointerGetDatum(array);
  }));
}

Datum RowSink::Materialize(const Cell& cell) const {
  switch (cell.kind) {
    case Kind::kNull:
    case Kind::kDatum:
      return cell.datum;
    case Kind::kText:
      return PointerGetDatum(
          cstring_to_text_with_len(text_.data() + cell.offset, static_cast<int>(cell.length)));
    case Kind::kJsonb:
      return DirectFunctionCall1(jsonb_in, CStringGetDatum(text_.data() + cell.offset));
    case Kind::kNumeric:
      return MakeNumeric(cell.number, cell.scale, cell.display_scale);
    case Kind::kQuotient:
      return DirectFunctionCall2(numeric_div, MakeNumeric(cell.number, cell.scale, cell.display_scale),
                                 MakeNumeric(cell.divisor, cell.scale, ExactScale(cell.divisor, cell.scale)));
    case Kind::kFloat8Array: {
      auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (cell.length + 1)));
      for (std::size_t i = 0; i < cell.length; ++i) elements[i] = Float8GetDatum(numbers_[cell.offset + i]);
      return PointerGetDatum(construct_array(elements, static_cast<int>(cell.length), FLOAT8OID,
                                             sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
    }
    case Kind::kInt64Array: {
      auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (cell.length + 1)));
      for (std::size_t i = 0; i < cell.length; ++i) elements[i] = Int64GetDatum(integers_[cell.offset + i]);
      return PointerGetDatum(construct_array(elements, static_cast<int>(cell.length), INT8OID, sizeof(int64),
                                             FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
    }
  }
  pg_unreachable();
}

void RowSink::EndRow() {
  Call([this] {
    CHECK_FOR_INTERRUPTS();
    if (static_cast<int>(cells_.size()) != descriptor_->natts) {
      elog(ERROR, "row has %d cells, the function returns %d", static_cast<int>(cells_.size()),
           descriptor_->natts);
    }
    const MemoryContext caller = MemoryContextSwitchTo(scratch_);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      nulls_[i] = cells_[i].kind == Kind::kNull;
      values_[i] = Materialize(cells_[i]);
    }
    tuplestore_putvalues(store_, descriptor_, values_.data(), nulls_.get());
    MemoryContextSwitchTo(caller);
    MemoryContextReset(scratch_);
  });
  cells_.clear();
  text_.clear();
  numbers_.clear();
  integers_.clear();
}

Datum RowSink::Done() {
  MemoryContextDelete(scratch_);
  return Datum{0};
}

}  // namespace ecomm::pg
