#include "ecomm_analytics/pg/scalar_expression.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "utils/ruleutils.h"
}

namespace ecomm::pg {
namespace {

// What the server has to say about a piece of text, free of anything that needs a destructor.
struct Analysis {
  const char* sql;
  const char* column;
  const char* problem;
  Oid type;
  bool is_null_constant;
};

struct ErrorContext {
  const char* text;     // what was parsed
  const char* written;  // what the user wrote
  const char* purpose;
};

// A position in the user's expression is none in the statement they sent.
void DescribeExpression(void* argument) {
  const auto* context = static_cast<const ErrorContext*>(argument);
  const int position = geterrposition();
  if (position > 0) {
    errposition(0);
    internalerrposition(position);
    internalerrquery(context->text);
  }
  errcontext("SQL expression for %s: %s", context->purpose, context->written);
}

bool HasOnlyOneTarget(const SelectStmt* select) {
  return select->op == SETOP_NONE && list_length(select->targetList) == 1 &&
         linitial_node(ResTarget, select->targetList)->name == nullptr && select->distinctClause == NIL &&
         select->intoClause == nullptr && select->fromClause == NIL && select->whereClause == nullptr &&
         select->groupClause == NIL && select->havingClause == nullptr && select->windowClause == NIL &&
         select->valuesLists == NIL && select->sortClause == NIL && select->limitOffset == nullptr &&
         select->limitCount == nullptr && select->lockingClause == NIL && select->withClause == nullptr;
}

constexpr const char* kNotOneExpression = "more than one expression";
constexpr const char* kVolatile = "a volatile function";
constexpr const char* kSubquery = "a subquery";

bool ContainsSubquery(Node* node, void* context) {
  if (node == nullptr) return false;
  return IsA(node, SubLink) || WalkRawTree(node, ContainsSubquery, context);
}

// Runs inside Call.
Analysis Analyze(Oid relation, const char* text) {
  Analysis result{};
  List* statements = ParseSql(text);
  RawStmt* raw = list_length(statements) == 1 ? linitial_node(RawStmt, statements) : nullptr;
  auto* select = raw && IsA(raw->stmt, SelectStmt) ? reinterpret_cast<SelectStmt*>(raw->stmt) : nullptr;
  if (select == nullptr || !HasOnlyOneTarget(select)) {
    result.problem = kNotOneExpression;
    return result;
  }
  // Before analysis looks at the tables in it.
  if (ContainsSubquery(linitial_node(ResTarget, select->targetList)->val, nullptr)) {
    result.problem = kSubquery;
    return result;
  }

  char* relation_name = get_rel_name(relation);
  select->fromClause =
      list_make1(makeRangeVar(get_namespace_name(get_rel_namespace(relation)), relation_name, -1));
  Query* query = AnalyzeSql(raw, text);
  if (query->hasAggs) {
    result.problem = "an aggregate function";
  } else if (query->hasWindowFuncs) {
    result.problem = "a window function";
  } else if (query->hasTargetSRFs) {
    result.problem = "a set-returning function";
  } else if (list_length(query->targetList) != 1) {
    result.problem = kNotOneExpression;
  }
  if (result.problem) return result;

  auto* expression = reinterpret_cast<Node*>(linitial_node(TargetEntry, query->targetList)->expr);
  if (contain_volatile_functions(expression)) {
    result.problem = kVolatile;
    return result;
  }
  result.type = exprType(expression);
  if (IsA(expression, Const)) result.is_null_constant = reinterpret_cast<Const*>(expression)->constisnull;
  if (IsA(expression, Var)) {
    const auto* variable = reinterpret_cast<Var*>(expression);
    if (variable->varattno > 0) result.column = get_attname(relation, variable->varattno, false);
  }
  result.sql = deparse_expression(expression, deparse_context_for(relation_name, relation), false, false);
  return result;
}

}  // namespace

ScalarExpression ParseScalarExpression(Oid relation, const std::string& text, const std::string& purpose) {
  // The line break keeps a comment at the end from swallowing the parenthesis.
  const std::string wrapped = "SELECT (" + text + "\n)";
  ErrorContext context{wrapped.c_str(), text.c_str(), purpose.c_str()};
  const Analysis analysis = Call([&context, relation] {
    ErrorContextCallback callback{error_context_stack, DescribeExpression, &context};
    error_context_stack = &callback;
    const Analysis result = Analyze(relation, context.text);
    error_context_stack = callback.previous;
    return result;
  });
  if (analysis.problem == kNotOneExpression) {
    throw SqlError(ERRCODE_SYNTAX_ERROR, purpose + " must be one column or one SQL expression",
                   "Given: " + text);
  }
  if (analysis.problem == kVolatile) {
    throw SqlError(ERRCODE_FEATURE_NOT_SUPPORTED, purpose + " must not contain " + analysis.problem,
                   "Given: " + text, "The same lines must give the same result each time they are read.");
  }
  if (analysis.problem) {
    throw SqlError(ERRCODE_FEATURE_NOT_SUPPORTED, purpose + " must not contain " + analysis.problem,
                   "Given: " + text, "Put it into a view and bind the view.");
  }
  return {analysis.sql, analysis.type, analysis.column ? analysis.column : "", analysis.is_null_constant};
}

}  // namespace ecomm::pg
