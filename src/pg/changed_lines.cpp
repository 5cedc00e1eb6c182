#include "ecomm_analytics/pg/changed_lines.hpp"

#include "ecomm_analytics/core/line_log.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/log_line.hpp"

extern "C" {
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "utils/tuplestore.h"
}

namespace ecomm::pg {
namespace {

// The bound expressions, evaluated over one row after the other.
struct Evaluation {
  ExprContext* context;
  ProjectionInfo* projection;
  TupleTableSlot* row;
  TupleTableSlot* line;
};

// Runs inside Call.
Evaluation Begin(const BoundLines& lines, Tuplestorestate* rows, TupleDesc row_type) {
  Evaluation evaluation;
  evaluation.context = CreateStandaloneExprContext();
  evaluation.row = MakeSingleTupleTableSlot(row_type, &TTSOpsMinimalTuple);
  evaluation.line = MakeSingleTupleTableSlot(lines.type, &TTSOpsVirtual);
  evaluation.context->ecxt_scantuple = evaluation.row;
  evaluation.projection =
      ExecBuildProjectionInfo(lines.targets, evaluation.context, evaluation.line, nullptr, row_type);
  // Of our own: other triggers read the same rows.
  tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
  tuplestore_rescan(rows);
  return evaluation;
}

// Runs inside Call.
void End(const Evaluation& evaluation) {
  ExecDropSingleTupleTableSlot(evaluation.line);
  ExecDropSingleTupleTableSlot(evaluation.row);
  FreeExprContext(evaluation.context, true);
}

// False at the end. Runs inside Call.
bool Next(const Evaluation& evaluation, Tuplestorestate* rows, NullableDatum* line) {
  CHECK_FOR_INTERRUPTS();
  ResetExprContext(evaluation.context);
  if (!tuplestore_gettupleslot(rows, true, false, evaluation.row)) return false;
  ExecProject(evaluation.projection);
  for (std::size_t i = 0; i < kLineColumns.size(); ++i) {
    line[i] = {evaluation.line->tts_values[i], evaluation.line->tts_isnull[i]};
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

PackedLines PackLines(const BoundLines& lines, Tuplestorestate* rows, TupleDesc row_type) {
  LogLineReader reader({lines.types[1], lines.types[2], lines.types[3], lines.types[4]});
  core::LineLog log(reader.shape());
  std::uint64_t digest = 0;
  // One Call for all rows: a log neither leaves by ERROR nor holds anything of the server's.
  Call([&] {
    const Evaluation evaluation = Begin(lines, rows, row_type);
    NullableDatum line[kLineColumns.size()];
    while (Next(evaluation, rows, line)) {
      const MemoryContext caller = MemoryContextSwitchTo(evaluation.context->ecxt_per_tuple_memory);
      const core::LineLog::Line read = reader.Read(line);
      digest = DigestLine(read, digest);
      log.Add(read);
      MemoryContextSwitchTo(caller);
    }
    End(evaluation);
  });
  return {log.Serialize(kMaxBytea), digest};
}

}  // namespace ecomm::pg
