#include "ecomm_analytics/pg/binding.hpp"

#include "ecomm_analytics/pg/dimensions.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

// Enough to tell what the money column is, and bounded on any table.
constexpr std::int64_t kLinesToCheck = 1000000;

void RequireRightToBind(Spi& spi) {
  const auto rows = spi.Query(
      "SELECT has_schema_privilege('ecomm', 'CREATE') AND has_table_privilege('ecomm.binding', 'INSERT')"
      " AND has_table_privilege('ecomm.binding', 'DELETE'), quote_ident(current_user)");
  if (*rows.Bool(0, 0)) return;
  const std::string role = *rows.Text(0, 1);
  throw SqlError(
      ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to bind a sale table",
      "Role " + role + " needs CREATE on the schema ecomm, and INSERT and DELETE on ecomm.binding.",
      "Ask for: GRANT CREATE ON SCHEMA ecomm TO " + role + "; GRANT INSERT, DELETE ON ecomm.binding TO " +
          role + ";");
}

// One session at a time binds or unbinds.
void LockBinding(Spi& spi) { spi.Execute("LOCK TABLE ecomm.binding IN SHARE ROW EXCLUSIVE MODE"); }

void RequireBindable(Spi& spi, Oid relation, const std::optional<BoundView>& bound) {
  if (bound && relation == bound->view) {
    throw SqlError(ERRCODE_WRONG_OBJECT_TYPE, "ecomm.sale_line cannot be bound to itself");
  }
  const auto rows =
      spi.Query("SELECT relpersistence = 't' FROM pg_class WHERE oid = $1", {Parameter::ObjectId(relation)});
  if (!rows.empty() && *rows.Bool(0, 0)) {
    throw SqlError(ERRCODE_WRONG_OBJECT_TYPE, "a temporary table cannot be bound", "",
                   "Pass it to each call instead, for example rfm('my_table').");
  }
}

// What CREATE OR REPLACE VIEW compares: it refuses to change any of it.
std::string ColumnSignatures(Spi& spi, Oid view) {
  const auto rows = spi.Execute(
      "SELECT string_agg(format('%s %s %s %s', attname, atttypid, atttypmod, attcollation), ',' ORDER BY "
      "attnum)"
      " FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped",
      {Parameter::ObjectId(view)});
  return rows.Text(0, 0).value_or("");
}

// The same of a query's result, which also shows now what would fail when it is read: rights included.
std::string ColumnSignatures(Spi& spi, const std::string& select) {
  spi.Query("SELECT * FROM (" + select + ") AS line LIMIT 1");
  return Call([]() -> const char* {
    const TupleDesc columns = SPI_tuptable->tupdesc;
    StringInfoData text;
    initStringInfo(&text);
    for (int i = 0; i < columns->natts; ++i) {
      const Form_pg_attribute column = TupleDescAttr(columns, i);
      appendStringInfo(&text, "%s%s %u %d %u", i == 0 ? "" : ",", NameStr(column->attname), column->atttypid,
                       column->atttypmod, column->attcollation);
    }
    return text.data;
  });
}

void RequireNoDependents(Spi& spi, Oid view) {
  const auto rows = spi.Query(
      "SELECT string_agg(DISTINCT r.ev_class::regclass::text, ', ') FROM pg_depend AS d JOIN pg_rewrite AS r "
      "ON"
      " d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid WHERE d.refclassid = 'pg_class'::regclass"
      " AND d.refobjid = $1 AND r.ev_class <> $1",
      {Parameter::ObjectId(view)});
  const auto dependents = rows.Text(0, 0);
  if (!dependents) return;
  throw SqlError(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                 "cannot change the column types of ecomm.sale_line because other views depend on it",
                 "They are: " + *dependents + ".", "Drop them, bind, and create them again.");
}

// Statements that give a view made anew the options and privileges of the old one.
std::vector<std::string> Attributes(Spi& spi, Oid view) {
  const auto rows = spi.Query(
      "SELECT 'ALTER VIEW ecomm.sale_line SET (' || array_to_string(reloptions, ', ') || ')'"
      " FROM pg_class WHERE oid = $1 AND reloptions IS NOT NULL"
      " UNION ALL "
      "SELECT unnest(ecomm._grants($1))",
      {Parameter::ObjectId(view)});
  std::vector<std::string> statements;
  for (std::uint64_t i = 0; i < rows.count(); ++i) statements.push_back(*rows.Text(i, 0));
  return statements;
}

void CreateView(Spi& spi, const std::optional<BoundView>& bound, const Source& source) {
  const std::string signatures = ColumnSignatures(spi, source.Select());
  std::vector<std::string> attributes;
  if (bound && ColumnSignatures(spi, bound->view) != signatures) {
    RequireNoDependents(spi, bound->view);
    attributes = Attributes(spi, bound->view);
    spi.Execute("DROP VIEW ecomm.sale_line");
  }
  spi.Execute("CREATE OR REPLACE VIEW ecomm.sale_line AS " + source.Select());
  spi.Execute("COMMENT ON VIEW ecomm.sale_line IS " +
              QuoteLiteral("Sale lines in canonical form, read from " + source.relation_name +
                           ". Made by ecomm_bind; it reads with its owner's rights."));
  for (const std::string& statement : attributes) spi.Execute(statement);
  DropWithExtension(FindBoundView(spi, Freshness::kNow)->view);
}

void Store(Spi& spi, const std::vector<SourceRole>& roles) {
  spi.Execute("DELETE FROM ecomm.binding");
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const SourceRole& role = roles[i];
    spi.Execute(
        "INSERT INTO ecomm.binding (role, relation, expression, type, note, position)"
        " VALUES ($1, $2, nullif($3, ''), $4, $5, $6)",
        {Parameter::Text(core::Name(role.role)), Parameter::Text(role.relation),
         Parameter::Text(role.expression), Parameter::Text(role.type), Parameter::Text(role.note),
         Parameter::Int32(static_cast<std::int32_t>(i + 1))});
  }
}

}  // namespace

Oid SaleOnSearchPath(Spi& spi) {
  return spi.Query("SELECT pg_catalog.to_regclass('sale')::pg_catalog.oid")
      .ObjectId(0, 0)
      .value_or(InvalidOid);
}

std::optional<BoundView> FindBoundView(Spi& spi, Freshness freshness) {
  const std::string sql =
      "SELECT c.oid, (SELECT CASE WHEN count(DISTINCT d.refobjid) = 1 THEN min(d.refobjid) END"
      " FROM pg_rewrite AS r JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid"
      " WHERE r.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid)"
      " FROM pg_class AS c WHERE c.relnamespace = 'ecomm'::regnamespace AND c.relname = 'sale_line'";
  const auto rows = freshness == Freshness::kNow ? spi.Execute(sql) : spi.Query(sql);
  if (rows.empty()) return std::nullopt;
  return BoundView{*rows.ObjectId(0, 0), rows.ObjectId(0, 1).value_or(InvalidOid)};
}

bool HasBinding(Spi& spi) { return *spi.Query("SELECT EXISTS (SELECT FROM ecomm.binding)").Bool(0, 0); }

std::vector<SourceRole> Bind(const BindRequest& request) {
  Spi spi;
  const Oid sale = request.sale == InvalidOid ? SaleOnSearchPath(spi) : request.sale;
  const PinnedSettings pinned;
  RequireRightToBind(spi);
  if (sale == InvalidOid) {
    throw SqlError(ERRCODE_UNDEFINED_TABLE, "no relation named sale on the search path", "",
                   "Name the sale table: SELECT * FROM ecomm_bind('my_table').");
  }
  LockBinding(spi);
  // Another session may have bound a table while this one waited.
  const auto bound = FindBoundView(spi, Freshness::kNow);
  RequireBindable(spi, sale, bound);
  const Source source = ResolveSaleRoles(spi, sale, request.stated, kLinesToCheck);
  auto roles = source.roles;
  for (auto& role : ResolveDimensions(spi, source, {request.customer, request.product, request.state})) {
    roles.push_back(std::move(role));
  }
  CreateView(spi, bound, source);
  Store(spi, roles);
  return roles;
}

bool Unbind() {
  Spi spi;
  const PinnedSettings pinned;
  RequireRightToBind(spi);
  LockBinding(spi);
  const bool had_view = FindBoundView(spi, Freshness::kNow).has_value();
  if (had_view) spi.Execute("DROP VIEW ecomm.sale_line");
  return spi.Execute("DELETE FROM ecomm.binding").count() > 0 || had_view;
}

}  // namespace ecomm::pg
