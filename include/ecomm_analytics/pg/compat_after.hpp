#pragma once

extern "C" {
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parser.h"
#include "utils/acl.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM < 140000
#include "utils/fmgrprotos.h"
#endif
}

namespace ecomm::pg {

// work_mem x hash_mem_multiplier, in bytes. (The server's own get_hash_memory_limit() came with 15.)
inline std::size_t HashMemoryBytes() {
  return static_cast<std::size_t>(static_cast<double>(work_mem) * 1024.0 * hash_mem_multiplier);
}

// Whether the calling role owns the relation.
inline bool OwnsRelation(Oid relation) {
#if PG_VERSION_NUM >= 160000
  return object_ownercheck(RelationRelationId, relation, GetUserId());
#else
  return pg_class_ownercheck(relation, GetUserId());
#endif
}

inline bool InterruptsPending() {
#if PG_VERSION_NUM >= 140000
  return INTERRUPTS_PENDING_CONDITION();
#else
  return InterruptPending;
#endif
}

// A misspelt setting under our prefix is an error (a warning before 15), not a silent placeholder.
inline void ReserveSettingPrefix(const char* prefix) {
#if PG_VERSION_NUM >= 150000
  MarkGUCPrefixReserved(prefix);
#else
  EmitWarningsOnPlaceholders(prefix);
#endif
}

// value / 10^scale as numeric. The value must leave room for scaling up to whole base-10000 digits.
inline Numeric NumericFromScaledInt64(int64 value, int scale) {
#if PG_VERSION_NUM >= 140000
  return int64_div_fast_to_numeric(value, scale);
#else
  char* digits = psprintf(INT64_FORMAT "e-%d", value, scale);
  return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
                                             ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
#endif
}

// A list of RawStmt.
inline List* ParseSql(const char* text) {
#if PG_VERSION_NUM >= 140000
  return raw_parser(text, RAW_PARSE_DEFAULT);
#else
  return raw_parser(text);
#endif
}

// A statement without parameters.
inline Query* AnalyzeSql(RawStmt* statement, const char* text) {
#if PG_VERSION_NUM >= 150000
  return parse_analyze_fixedparams(statement, text, nullptr, 0, nullptr);
#else
  return parse_analyze(statement, text, nullptr, 0, nullptr);
#endif
}

// Visits the children of a node of the parser's; true stops the walk. (The server declared the visitor
// without its parameters before 16.)
inline bool WalkRawTree(Node* node, bool (*visit)(Node*, void*), void* context) {
#if PG_VERSION_NUM >= 160000
  return raw_expression_tree_walker(node, visit, context);
#else
  return raw_expression_tree_walker(node, reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(visit)),
                                    context);
#endif
}

}  // namespace ecomm::pg
