#include "ecomm_analytics/pg/change_tracking.hpp"

#include <array>

#include "ecomm_analytics/pg/as_owner.hpp"
#include "ecomm_analytics/pg/bound_lines.hpp"
#include "ecomm_analytics/pg/change_log.hpp"
#include "ecomm_analytics/pg/changed_lines.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/spi.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/subtransaction.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
}

namespace ecomm::pg {
namespace {

// To log a line costs a fraction of what it costs to read it in a refresh; but then groups are looked at
// again.
constexpr std::int64_t kAlwaysLogged = 100000;
constexpr std::int64_t kLoggedPart = 10;

bool IsTruncate(const TriggerData& trigger) { return TRIGGER_FIRED_BY_TRUNCATE(trigger.tg_event); }

void RequireStatementTrigger(const TriggerData& trigger) {
  const TriggerEvent event = trigger.tg_event;
  const bool has_rows = (TRIGGER_FIRED_BY_INSERT(event) || trigger.tg_oldtable) &&
                        (TRIGGER_FIRED_BY_DELETE(event) || trigger.tg_newtable);
  const bool has_arguments = trigger.tg_trigger->tgnargs > 0;
  if (has_arguments && TRIGGER_FIRED_FOR_STATEMENT(event) && TRIGGER_FIRED_AFTER(event) &&
      (IsTruncate(trigger) || has_rows))
    return;
  throw SqlError(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, "not a trigger made by ecomm_track");
}

std::int64_t CountRows(Tuplestorestate* rows) { return rows ? tuplestore_tuple_count(rows) : 0; }

// 0 before the first refresh.
std::int64_t LinesAtLastRefresh() {
  const bool exists =
      Call([] { return OidIsValid(get_relname_relid("_refresh_state", get_namespace_oid("ecomm", false))); });
  if (!exists) return 0;
  const AsOwner as_owner("_refresh_state");
  Spi spi;
  return spi.Query("SELECT pg_catalog.max(lines) FROM ecomm._refresh_state").Int64(0, 0).value_or(0);
}

bool HasSettings(const Trigger& trigger) {
  return trigger.tgnargs == 1 + static_cast<int>(kTrackedSettings.size());
}

// While it lives, the settings that lines depend on are those of ecomm_track's caller.
class TrackedSettings {
 public:
  explicit TrackedSettings(const Trigger& trigger) {
    level_ = Call([] { return NewGUCNestLevel(); });
    for (std::size_t i = 0; i < kTrackedSettings.size(); ++i) {
      Call([name = kTrackedSettings[i], value = trigger.tgargs[i + 1]] {
        const char* current = GetConfigOption(name, true, false);
        if (current && strcmp(current, value) == 0) return;
        (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
      });
    }
  }
  ~TrackedSettings() {
    if (std::uncaught_exceptions() == unwinding_) AtEOXact_GUC(true, level_);
  }
  TrackedSettings(const TrackedSettings&) = delete;
  TrackedSettings& operator=(const TrackedSettings&) = delete;

 private:
  int level_ = 0;
  int unwinding_ = std::uncaught_exceptions();
};

Change Rebuild(const std::string& why) { return {.kind = "rebuild", .why = why}; }

std::vector<Change> ReadChanges(const TriggerData& trigger) {
  const Relation relation = trigger.tg_relation;
  if (!IsBound(RelationGetRelid(relation))) return {};
  // Functions run with the writer's rights: he trusts the table's owner, and nobody else.
  if (!BoundByOwnerOf(RelationGetRelid(relation))) {
    return {Rebuild("the sale lines are bound by a role that does not own the table")};
  }
  const BoundLines* lines = FindBoundLines(RelationGetRelid(relation));
  const std::string name = QualifiedName(RelationGetRelid(relation));
  if (IsTruncate(trigger)) return {Rebuild("TRUNCATE of " + name)};
  if (std::string_view(trigger.tg_trigger->tgargs[0]) != lines->partitions.data()) {
    return {Rebuild("other partitions than when tracking began")};
  }
  const std::int64_t count = CountRows(trigger.tg_oldtable) + CountRows(trigger.tg_newtable);
  if (count > kAlwaysLogged && count > LinesAtLastRefresh() / kLoggedPart) {
    return {Rebuild("a statement changed " + std::to_string(count) + " lines of " + name)};
  }
  std::optional<TrackedSettings> settings;
  if (HasSettings(*trigger.tg_trigger)) settings.emplace(*trigger.tg_trigger);
  std::vector<Change> changes;
  std::vector<std::uint64_t> digests;
  const bool is_update = trigger.tg_oldtable && trigger.tg_newtable;
  const auto pack = [&](Tuplestorestate* rows, bool inserted) {
    if (CountRows(rows) == 0) return;
    PackedLines packed = PackLines(*lines, rows, RelationGetDescr(relation), is_update);
    changes.push_back(
        {.kind = "lines", .inserted = inserted, .lines = std::move(packed.log), .count = CountRows(rows)});
    digests.push_back(packed.digest);
  };
  pack(trigger.tg_oldtable, false);
  pack(trigger.tg_newtable, true);
  if (changes.size() < 2 || digests[0] != digests[1]) return changes;
  // An update of columns that play no role.
  if (changes[0].lines == changes[1].lines) return {};
  for (Change& change : changes) change.sums_only = true;
  return changes;
}

// Whether the relation, or one it is a partition or child of, is bound as such a table, or might be again
// under the name that is bound and that nothing has now.
bool IsBoundAs(Oid relation, const std::string& kind) {
  const AsOwner as_owner("binding");
  const PinnedSettings pinned;
  Spi spi;
  return *spi.Query(
                 "WITH RECURSIVE above (relation) AS ("
                 "  SELECT $1 UNION"
                 "  SELECT i.inhparent FROM above AS a JOIN pg_inherits AS i ON i.inhrelid = a.relation),"
                 " named (relation, name) AS NOT MATERIALIZED ("
                 "  SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
                 "  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace),"
                 " bound (name) AS ("
                 "  SELECT b.relation FROM ecomm.binding AS b"
                 "  WHERE b.role LIKE '%.%' AND split_part(b.role, '.', 1) = $2 AND b.expression IS NOT NULL)"
                 " SELECT EXISTS (SELECT FROM above JOIN named USING (relation) JOIN bound USING (name))"
                 "  OR EXISTS (SELECT FROM bound AS b"
                 "             WHERE NOT EXISTS (SELECT FROM named AS n WHERE n.name = b.name))",
                 {Parameter::ObjectId(relation), Parameter::Text(kind)})
              .Bool(0, 0);
}

// Anybody can make a trigger on a table of his own.
bool IsTrackedAs(Oid relation, const std::string& kind) {
  if (kind != "customer" && kind != "product" && kind != "state") return false;
  const bool is_rules =
      Call([=] { return get_relname_relid("cleaning_rule", get_namespace_oid("ecomm", false)) == relation; });
  return is_rules || IsBoundAs(relation, kind);
}

void Warn(Oid relation, const std::string& problem) {
  const std::string name = QualifiedName(relation);
  Call([table = name.c_str(), detail = problem.c_str()] {
    ereport(WARNING, (errmsg("could not log the changed lines of %s", table), errdetail("%s", detail),
                      errhint("The next refresh builds the summaries anew.")));
  });
}

}  // namespace

void TrackLines(const TriggerData& trigger) {
  RequireStatementTrigger(trigger);
  if (!IsTruncate(trigger) && CountRows(trigger.tg_oldtable) + CountRows(trigger.tg_newtable) == 0) return;
  if (IsRecorded("rebuild")) return;
  std::vector<Change> changes;
  const auto problem = InSubtransaction([&] { changes = ReadChanges(trigger); });
  if (problem) {
    Warn(RelationGetRelid(trigger.tg_relation), *problem);
    changes = {Rebuild(*problem)};
  }
  if (changes.empty()) return;
  for (const Change& change : changes) RecordChange(change);
}

void TrackDimension(const TriggerData& trigger) {
  if (!TRIGGER_FIRED_FOR_STATEMENT(trigger.tg_event) || trigger.tg_trigger->tgnargs != 1) {
    throw SqlError(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, "not a trigger made by ecomm_track");
  }
  const std::string kind = trigger.tg_trigger->tgargs[0];
  if (IsRecorded(kind) || !IsTrackedAs(RelationGetRelid(trigger.tg_relation), kind)) return;
  RecordChange({.kind = kind});
}

void RequestRebuild(const std::string& why) {
  const Oid bound = BoundRelation();
  Spi spi;
  const bool may =
      *spi.Query(
              "SELECT coalesce((SELECT pg_catalog.pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class"
              " WHERE oid = $1), false) OR pg_catalog.has_table_privilege('ecomm._change', 'INSERT')",
              {Parameter::ObjectId(bound)})
           .Bool(0, 0);
  if (!may) {
    throw SqlError(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to have the summaries built anew",
                   "Only the owner of the bound sale table may.");
  }
  if (!IsRecorded("rebuild")) RecordChange(Rebuild(why));
}

}  // namespace ecomm::pg
