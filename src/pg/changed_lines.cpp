#include "ecomm_analytics/pg/changed_lines.hpp"

#include <algorithm>

#include "ecomm_analytics/core/line_log.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/log_line.hpp"

extern "C" {
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "nodes/makefuncs.h"
#include "utils/fmgroids.h"
#include "utils/tuplestore.h"
}

namespace ecomm::pg {
namespace {

// A column that is one of the row as it is, or NULLIF of it and a whole number: as most are bound. Such a one
// is read in a fraction of the time that the server's executor takes.
struct PlainColumn {
  AttrNumber attribute = 0;  // 0: anything else
  bool has_unknown = false;
  std::int64_t unknown = 0;  // NULL stands for it
};

// Runs inside Call.
AttrNumber AttributeOf(const Node* expression, TupleDesc row_type) {
  while (IsA(expression, RelabelType)) {
    expression = reinterpret_cast<const Node*>(reinterpret_cast<const RelabelType*>(expression)->arg);
  }
  if (!IsA(expression, Var)) return 0;
  const auto* var = reinterpret_cast<const Var*>(expression);
  if (var->varattno <= 0 || var->varattno > row_type->natts) return 0;
  const FormData_pg_attribute* attribute = TupleDescAttr(row_type, var->varattno - 1);
  // Else the executor says what is wrong.
  return !attribute->attisdropped && attribute->atttypid == var->vartype ? var->varattno : AttrNumber{0};
}

std::int64_t IntegerOf(Datum value, Oid type) {
  if (type == INT2OID) return DatumGetInt16(value);
  return type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
}

// Runs inside Call.
PlainColumn PlainColumnOf(const Node* expression, Oid type, TupleDesc row_type) {
  if (!IsA(expression, NullIfExpr)) return {.attribute = AttributeOf(expression, row_type)};
  const auto* null_if = reinterpret_cast<const NullIfExpr*>(expression);
  const Oid equality = null_if->opfuncid;
  const auto* unknown = static_cast<const Node*>(lsecond(null_if->args));
  if ((equality != F_INT2EQ && equality != F_INT4EQ && equality != F_INT8EQ) || !IsA(unknown, Const))
    return {};
  const auto* constant = reinterpret_cast<const Const*>(unknown);
  if (constant->constisnull) return {};
  return {.attribute = AttributeOf(static_cast<const Node*>(linitial(null_if->args)), row_type),
          .has_unknown = true,
          .unknown = IntegerOf(constant->constvalue, type)};
}

using Values = std::array<NullableDatum, kLineColumns.size()>;

// The bound expressions, evaluated over one row after the other.
struct Evaluation {
  ExprContext* context;
  TupleTableSlot* row;
  AttrNumber last_attribute = 0;
  std::array<PlainColumn, kLineColumns.size()> plain;
  std::array<Oid, kLineColumns.size()> types;
  // Of the columns that are not plain, in their order; nullptr where all are.
  ProjectionInfo* projection = nullptr;
  TupleTableSlot* rest = nullptr;
};

// Runs inside Call.
Evaluation Begin(const BoundLines& lines, Tuplestorestate* rows, TupleDesc row_type) {
  Evaluation evaluation;
  evaluation.context = CreateStandaloneExprContext();
  evaluation.row = MakeSingleTupleTableSlot(row_type, &TTSOpsMinimalTuple);
  evaluation.context->ecxt_scantuple = evaluation.row;
  evaluation.types = lines.types;
  List* rest = NIL;
  ListCell* cell;
  foreach (cell, lines.targets) {
    auto* target = lfirst_node(TargetEntry, cell);
    const auto i = static_cast<std::size_t>(foreach_current_index(cell));
    PlainColumn& plain = evaluation.plain[i];
    plain = PlainColumnOf(reinterpret_cast<Node*>(target->expr), lines.types[i], row_type);
    evaluation.last_attribute = std::max(evaluation.last_attribute, plain.attribute);
    if (plain.attribute > 0) continue;
    rest = lappend(
        rest, makeTargetEntry(target->expr, static_cast<AttrNumber>(list_length(rest) + 1), nullptr, false));
  }
  if (rest != NIL) {
    evaluation.rest = MakeSingleTupleTableSlot(ExecTypeFromTL(rest), &TTSOpsVirtual);
    evaluation.projection =
        ExecBuildProjectionInfo(rest, evaluation.context, evaluation.rest, nullptr, row_type);
  }
  // Of our own: other triggers read the same rows.
  tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
  tuplestore_rescan(rows);
  return evaluation;
}

// Runs inside Call.
void End(const Evaluation& evaluation) {
  if (evaluation.rest) ExecDropSingleTupleTableSlot(evaluation.rest);
  ExecDropSingleTupleTableSlot(evaluation.row);
  FreeExprContext(evaluation.context, true);
}

// False at the end. Runs inside Call.
bool Next(const Evaluation& evaluation, Tuplestorestate* rows, Values& values) {
  CHECK_FOR_INTERRUPTS();
  ResetExprContext(evaluation.context);
  if (!tuplestore_gettupleslot(rows, true, false, evaluation.row)) return false;
  slot_getsomeattrs(evaluation.row, evaluation.last_attribute);
  if (evaluation.projection) ExecProject(evaluation.projection);
  int rest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const PlainColumn& plain = evaluation.plain[i];
    if (plain.attribute == 0) {
      values[i] = {evaluation.rest->tts_values[rest], evaluation.rest->tts_isnull[rest]};
      ++rest;
      continue;
    }
    NullableDatum& value = values[i];
    value = {evaluation.row->tts_values[plain.attribute - 1],
             evaluation.row->tts_isnull[plain.attribute - 1]};
    if (plain.has_unknown && !value.isnull && IntegerOf(value.value, evaluation.types[i]) == plain.unknown) {
      value.isnull = true;
    }
  }
  return true;
}

std::uint64_t Digest(const void* bytes, std::size_t size, std::uint64_t seed) {
  return hash_bytes_extended(static_cast<const unsigned char*>(bytes), static_cast<int>(size), seed);
}

std::uint64_t DigestKey(const core::Key& key, std::uint64_t seed) {
  return Digest(key.bytes.data(), key.bytes.size(), Digest(&key.number, sizeof key.number, seed));
}

// Runs inside Call.
std::uint64_t DigestLine(const core::LineLog::Line& line, std::uint64_t seed) {
  const bool has_amount = line.amount && line.amount->kind != core::Amount::Kind::kNotANumber;
  const unsigned char known[] = {line.sold_at.has_value(),
                                 line.customer.has_value(),
                                 line.order.has_value(),
                                 line.product.has_value(),
                                 has_amount,
                                 has_amount && line.amount->value < 0};
  seed = Digest(known, sizeof known, seed);
  if (line.sold_at) seed = Digest(&*line.sold_at, sizeof *line.sold_at, seed);
  if (line.customer) seed = DigestKey(*line.customer, seed);
  if (line.order) seed = DigestKey(*line.order, seed);
  if (line.product) seed = Digest(line.product->data(), line.product->size(), seed);
  return seed;
}

}  // namespace

PackedLines PackLines(const BoundLines& lines, Tuplestorestate* rows, TupleDesc row_type, bool digested) {
  LogLineReader reader({lines.types[1], lines.types[2], lines.types[3], lines.types[4]});
  core::LineLog log(reader.shape());
  std::uint64_t digest = 0;
  // One Call for all rows: a log neither leaves by ERROR nor holds anything of the server's.
  Call([&] {
    const Evaluation evaluation = Begin(lines, rows, row_type);
    Values values;
    while (Next(evaluation, rows, values)) {
      const MemoryContext caller = MemoryContextSwitchTo(evaluation.context->ecxt_per_tuple_memory);
      const core::LineLog::Line& line = reader.Read(values.data());
      if (digested) digest = DigestLine(line, digest);
      log.Add(line);
      MemoryContextSwitchTo(caller);
    }
    End(evaluation);
  });
  return {log.Serialize(kMaxBytea), digest};
}

}  // namespace ecomm::pg
