#include "ecomm_analytics/pg/change_log.hpp"

#include <map>

#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/spi.hpp"

extern "C" {
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "utils/rel.h"
}

namespace ecomm::pg {
namespace {

// Transaction numbers are never used twice, and those of subtransactions not within one.
using Place = std::pair<std::uint64_t, SubTransactionId>;

std::map<std::string, Place, std::less<>> last_recorded;

Place HerePlace() {
  return Call([] {
    return std::pair(U64FromFullTransactionId(GetTopFullTransactionIdIfAny()), GetCurrentSubTransactionId());
  });
}

// Columns of ecomm._change.
enum Column : std::uint8_t { kId, kKind, kInserted, kSumsOnly, kLines, kCount, kWhy, kColumns };

Oid RequireRelation(const char* name) {
  const Oid relation = get_relname_relid(name, get_namespace_oid("ecomm", false));
  if (!OidIsValid(relation)) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("ecomm.%s does not exist", name)));
  }
  return relation;
}

// As catalogs are written: a statement would cost as much again as the one that is logged, where that has one
// line. Runs inside Call.
void Insert(Datum* values, const bool* nulls) {
  const Relation log = table_open(RequireRelation("_change"), RowExclusiveLock);
  if (RelationGetDescr(log)->natts != kColumns) elog(ERROR, "ecomm._change has other columns");
  values[kId] = Int64GetDatum(nextval_internal(RequireRelation("_change_id_seq"), false));
  const HeapTuple row = heap_form_tuple(RelationGetDescr(log), values, const_cast<bool*>(nulls));
  CatalogTupleInsert(log, row);
  heap_freetuple(row);
  table_close(log, RowExclusiveLock);
}

}  // namespace

void RecordChange(const Change& change) {
  Datum values[kColumns] = {};
  bool nulls[kColumns] = {};
  nulls[kInserted] = nulls[kSumsOnly] = !change.inserted;
  nulls[kLines] = !change.lines;
  nulls[kCount] = !change.count;
  nulls[kWhy] = change.why.empty();
  values[kKind] = Parameter::Text(change.kind).value;
  if (change.inserted) values[kInserted] = BoolGetDatum(*change.inserted);
  values[kSumsOnly] = BoolGetDatum(change.sums_only);
  if (change.lines) values[kLines] = ByteaFrom({*change.lines});
  if (change.count) values[kCount] = Int64GetDatum(*change.count);
  if (!change.why.empty()) values[kWhy] = Parameter::Text(change.why).value;
  Call([row = &values[0], missing = &nulls[0]] { Insert(row, missing); });
  if (!change.lines) last_recorded[change.kind] = HerePlace();
}

bool IsRecorded(const std::string& kind) {
  const auto found = last_recorded.find(kind);
  return found != last_recorded.end() && found->second == HerePlace();
}

}  // namespace ecomm::pg
