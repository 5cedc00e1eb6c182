#include "ecomm_analytics/pg/bound_lines.hpp"

#include <map>

#include "ecomm_analytics/pg/as_owner.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/spi.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
}

namespace ecomm::pg {
namespace {

constexpr std::size_t kColumns = kLineColumns.size();

// ecomm.sale_line as SQL over the relation it reads.
struct ViewColumns {
  Oid relation;  // InvalidOid: the view is not such a one
  const char* name;
  const char* sql[kColumns];
  Oid customer_type;
  Oid invoice_type;
};

struct Kept {
  MemoryContext memory = nullptr;
  BoundLines lines;
};

// What this session knows. Everything is forgotten at once when one of the relations changes, or a function.
struct Cache {
  Oid view = InvalidOid;
  Oid bound = InvalidOid;    // what the view reads
  std::vector<Oid> members;  // the bound relation, its partitions and children, in ascending order
  Checksum partitions{};
  std::map<Oid, Kept> kept;  // of members
  bool stale = false;
  bool registered = false;
};

Cache cache;

bool IsMember(Oid relation) {
  return std::binary_search(cache.members.begin(), cache.members.end(), relation);
}

void NoticeRelation(Datum, Oid relation) {
  if (relation == InvalidOid || relation == cache.view || IsMember(relation)) cache.stale = true;
}

// Functions may have been folded or inlined.
void NoticeFunction(Datum, int, uint32) { cache.stale = true; }

Oid ViewOid() {
  const Oid schema = get_namespace_oid("ecomm", true);
  return OidIsValid(schema) ? get_relname_relid("sale_line", schema) : InvalidOid;
}

// InvalidOid where it is gone. Runs inside Call.
Oid OwnerOf(Oid relation) {
  const HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(row)) return InvalidOid;
  const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(row))->relowner;
  ReleaseSysCache(row);
  return owner;
}

Oid LockView() {
  for (;;) {
    const Oid view = ViewOid();
    if (!OidIsValid(view)) return InvalidOid;
    LockRelationOid(view, AccessShareLock);
    if (ViewOid() == view) return view;
    UnlockRelationOid(view, AccessShareLock);
  }
}

// The range table index of the one relation a plain SELECT reads; 0 where it is another kind of query.
int OnlyRelation(const Query* query) {
  if (query->hasAggs || query->hasWindowFuncs || query->hasTargetSRFs || query->hasSubLinks ||
      query->cteList != NIL || query->setOperations != nullptr || query->groupClause != NIL ||
      query->groupingSets != NIL || query->havingQual != nullptr || query->distinctClause != NIL ||
      query->limitOffset != nullptr || query->limitCount != nullptr || query->jointree->quals != nullptr ||
      list_length(query->jointree->fromlist) != 1) {
    return 0;
  }
  auto* from = static_cast<Node*>(linitial(query->jointree->fromlist));
  if (!IsA(from, RangeTblRef)) return 0;
  const int index = reinterpret_cast<RangeTblRef*>(from)->rtindex;
  const RangeTblEntry* entry = rt_fetch(index, query->rtable);
  return entry->rtekind == RTE_RELATION && entry->inh && entry->tablesample == nullptr ? index : 0;
}

// Runs inside Call, the view locked.
ViewColumns ReadView(Oid view) {
  ViewColumns columns{};
  const Relation relation = table_open(view, NoLock);
  auto* query = relation->rd_rel->relkind == RELKIND_VIEW
                    ? static_cast<Query*>(copyObjectImpl(get_view_query(relation)))
                    : nullptr;
  table_close(relation, NoLock);
  const int index = query ? OnlyRelation(query) : 0;
  if (index == 0) return columns;
  const Oid bound = rt_fetch(index, query->rtable)->relid;
  char* name = get_rel_name(bound);
  if (name == nullptr) return columns;
  ChangeVarNodes(reinterpret_cast<Node*>(query->targetList), index, 1, 0);
  List* context = deparse_context_for(name, bound);
  ListCell* cell;
  foreach (cell, query->targetList) {
    const auto* target = lfirst_node(TargetEntry, cell);
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (target->resjunk || strcmp(target->resname, kLineColumns[i]) != 0) continue;
      auto* expression = reinterpret_cast<Node*>(target->expr);
      columns.sql[i] = deparse_expression(expression, context, false, false);
      if (strcmp(target->resname, "customer_id") == 0) columns.customer_type = exprType(expression);
      if (strcmp(target->resname, "invoice_no") == 0) columns.invoice_type = exprType(expression);
    }
  }
  for (const char* sql : columns.sql) {
    if (sql == nullptr) return columns;
  }
  columns.relation = bound;
  columns.name = name;
  return columns;
}

struct Members {
  Oid* relations;
  const char** names;  // of those but the first
  int count;
};

// Runs inside Call.
Members FindMembers(Oid bound) {
  List* found = find_all_inheritors(bound, NoLock, nullptr);
  Members members;
  members.count = list_length(found);
  members.relations = static_cast<Oid*>(palloc(sizeof(Oid) * static_cast<std::size_t>(members.count)));
  members.names = static_cast<const char**>(palloc(sizeof(char*) * static_cast<std::size_t>(members.count)));
  ListCell* cell;
  foreach (cell, found) {
    const Oid relation = lfirst_oid(cell);
    const char* name = get_rel_name(relation);
    members.relations[foreach_current_index(cell)] = relation;
    members.names[foreach_current_index(cell)] =
        name ? quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name) : "";
  }
  return members;
}

Checksum ChecksumOf(const std::vector<std::string>& names) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const std::string& name : names) {
    for (const char c : name + '\n') hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  constexpr const char* kDigits = "0123456789abcdef";
  Checksum checksum{};
  for (std::size_t i = 0; i + 1 < checksum.size(); ++i, hash <<= 4) checksum[i] = kDigits[hash >> 60];
  return checksum;
}

// Runs inside Call.
List* Analyse(const char* sql) { return AnalyzeSql(linitial_node(RawStmt, ParseSql(sql)), sql)->targetList; }

// With the rights of the caller: functions may be executed. Runs inside Call.
BoundLines Plan(List* targets, MemoryContext memory) {
  BoundLines lines;
  const MemoryContext caller = MemoryContextSwitchTo(memory);
  lines.targets = static_cast<List*>(copyObjectImpl(targets));
  ListCell* cell;
  foreach (cell, lines.targets) {
    auto* target = lfirst_node(TargetEntry, cell);
    lines.types[static_cast<std::size_t>(foreach_current_index(cell))] =
        exprType(reinterpret_cast<Node*>(target->expr));
    target->expr = expression_planner(target->expr);
  }
  MemoryContextSwitchTo(caller);
  lines.depends_on_session = contain_mutable_functions(reinterpret_cast<Node*>(targets));
  return lines;
}

// The names in the view are as its owner sees them, whatever the caller may look up.
List* ReadTargets(const ViewColumns& columns, Oid relation) {
  std::array<std::string, kColumns> expressions;
  for (std::size_t i = 0; i < kColumns; ++i) expressions[i] = std::string("(") + columns.sql[i] + ")";
  const AsOwner as_owner("sale_line");
  const PinnedSettings pinned;
  const std::string sql = LineQuery(expressions, columns.customer_type, columns.invoice_type,
                                    QualifiedName(relation) + " AS " + QuoteIdentifier(columns.name));
  return Call([text = sql.c_str()] { return Analyse(text); });
}

void Forget() {
  for (auto& [relation, kept] : cache.kept) {
    Call([memory = kept.memory] { MemoryContextDelete(memory); });
  }
  cache.kept.clear();
  cache.members.clear();
  cache.view = cache.bound = InvalidOid;
  cache.partitions = {};
  cache.stale = false;
}

ViewColumns ReadViewPinned(Oid view) {
  const PinnedSettings pinned;
  return Call([=] { return ReadView(view); });
}

void LookAtMembers() {
  const Members found = Call([] { return FindMembers(cache.bound); });
  cache.members.assign(found.relations, found.relations + found.count);
  std::sort(cache.members.begin(), cache.members.end());
  std::vector<std::string> names(found.names + 1, found.names + found.count);
  std::sort(names.begin(), names.end());
  cache.partitions = ChecksumOf(names);
}

// Locks the view.
void Refresh() {
  if (!cache.registered) {
    Call([] {
      CacheRegisterRelcacheCallback(NoticeRelation, Datum{0});
      CacheRegisterSyscacheCallback(PROCOID, NoticeFunction, Datum{0});
    });
    cache.registered = true;
  }
  const Oid view = Call([] { return LockView(); });
  if (!cache.stale && view == cache.view && (view == InvalidOid || cache.bound != InvalidOid)) return;
  Forget();
  if (view == InvalidOid) return;
  cache.view = view;
  cache.bound = ReadViewPinned(view).relation;
  if (cache.bound != InvalidOid) LookAtMembers();
}

}  // namespace

Oid BoundRelation() {
  Refresh();
  return cache.bound;
}

Checksum PartitionsOfBound() {
  Refresh();
  return cache.partitions;
}

bool IsBound(Oid relation) {
  Refresh();
  return IsMember(relation);
}

bool BoundByOwnerOf(Oid relation) {
  return Call([=] {
    const Oid binder = OwnerOf(ViewOid());
    const Oid owner = OwnerOf(relation);
    return OidIsValid(binder) && OidIsValid(owner) && has_privs_of_role(binder, owner);
  });
}

const BoundLines* FindBoundLines(Oid relation) {
  Refresh();
  if (!IsMember(relation)) return nullptr;
  const auto found = cache.kept.find(relation);
  if (found != cache.kept.end()) return &found->second.lines;
  List* targets = ReadTargets(ReadViewPinned(cache.view), relation);
  Kept kept;
  kept.memory = Call([] {
    return AllocSetContextCreate(CurrentMemoryContext, "ecomm_analytics bound lines", ALLOCSET_SMALL_SIZES);
  });
  kept.lines = Call([=, memory = kept.memory] { return Plan(targets, memory); });
  kept.lines.partitions = cache.partitions;
  Call([memory = kept.memory] { MemoryContextSetParent(memory, CacheMemoryContext); });
  return &cache.kept.emplace(relation, kept).first->second.lines;
}

bool BoundLinesDependOnSession() {
  const Oid bound = BoundRelation();
  // To plan an expression is to run the functions in it that are called with constants.
  return bound != InvalidOid && BoundByOwnerOf(bound) && FindBoundLines(bound)->depends_on_session;
}

}  // namespace ecomm::pg
