#include "ecomm_analytics/pg/model_store.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "access/xact.h"
}

namespace ecomm::pg {
namespace {

constexpr std::uint64_t kListed = 10;

struct Found {
  std::string kind;
  core::Json document;
};

std::string Quoted(const std::string& name) { return "\"" + name + "\""; }

[[noreturn]] void FailUnknown(const std::string& what) {
  throw SqlError(ERRCODE_UNDEFINED_OBJECT, "model " + what + " does not exist", {},
                 "SELECT id, name, version, active FROM ecomm.model lists the models you may use.");
}

// "3 of anna, 7 of bob", from columns id and created_by.
std::string ListOwners(const Rows& rows) {
  std::string list;
  for (std::uint64_t i = 0; i < std::min(rows.count(), kListed); ++i) {
    list += (i ? ", " : "") + std::to_string(*rows.Int64(i, 0)) + " of " + *rows.Output(i, 1);
  }
  return rows.count() > kListed ? list + ", ..." : list;
}

// The row to use among those of one name: columns id, created_by, own; the caller's own come first.
std::uint64_t ChooseOwner(const Rows& rows, const std::string& what) {
  if (rows.count() > 1 && !*rows.Bool(0, 2)) {
    throw SqlError(ERRCODE_AMBIGUOUS_ALIAS, "model " + what + " is ambiguous",
                   "Several roles have one: " + ListOwners(rows) + ".", "Name it by its id.");
  }
  return 0;
}

[[noreturn]] void FailInactive(Spi& spi, const std::string& name) {
  const Rows rows = spi.Query(
      "SELECT id, created_by FROM ecomm.model WHERE name = $1 ORDER BY created_by = current_user DESC, id "
      "DESC",
      {Parameter::Text(name)});
  if (rows.empty()) FailUnknown(Quoted(name));
  throw SqlError(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "model " + Quoted(name) + " has no active version",
                 "Stored are " + ListOwners(rows) + ".", "Choose one with model_activate(id).");
}

Found Find(Spi& spi, const ModelKey& key) {
  const PinnedSettings pinned;
  if (const auto* id = std::get_if<std::int64_t>(&key)) {
    const std::string query = "SELECT kind, document FROM ecomm.model WHERE id = $1";
    Rows rows = spi.Query(query, {Parameter::Int64(*id)});
    // kmeans_clusters(kmeans_train(...)): the calling statement's snapshot is older than the model. A stored
    // model never changes, so looking again with a new one is safe.
    if (rows.empty() && !IsInParallelMode()) rows = spi.Execute(query, {Parameter::Int64(*id)});
    if (rows.empty()) FailUnknown(std::to_string(*id));
    return {*rows.Text(0, 0), ReadJsonb(*rows.Value(0, 1))};
  }
  const auto& name = std::get<std::string>(key);
  const Rows rows = spi.Query(
      "SELECT id, created_by, created_by = current_user, kind, document FROM ecomm.model "
      "WHERE name = $1 AND active ORDER BY created_by = current_user DESC, created_by",
      {Parameter::Text(name)});
  if (rows.empty()) FailInactive(spi, name);
  const std::uint64_t row = ChooseOwner(rows, Quoted(name));
  return {*rows.Text(row, 3), ReadJsonb(*rows.Value(row, 4))};
}

std::string Called(const ModelKey& key) {
  const auto* id = std::get_if<std::int64_t>(&key);
  return id != nullptr ? std::to_string(*id) : Quoted(std::get<std::string>(key));
}

// The document of a model that must be of a kind; `what` is the kind in words.
core::Json LoadKind(Spi& spi, const ModelKey& key, const char* kind, const char* what) {
  Found found = Find(spi, key);
  if (found.kind == kind) return std::move(found.document);
  throw SqlError(ERRCODE_WRONG_OBJECT_TYPE, "model " + Called(key) + " is not " + what,
                 "Its kind is " + Quoted(found.kind) + ".",
                 "SELECT id, name, kind FROM ecomm.model lists the models you may use.");
}

// Until the end of the transaction nobody else adds or activates a version of this name.
void LockName(Spi& spi, const std::string& owner, const std::string& name) {
  spi.Execute(
      "SELECT pg_catalog.pg_advisory_xact_lock('ecomm.model'::regclass::oid::integer, hashtext($1 || '.' || "
      "$2))",
      {Parameter::Text(owner), Parameter::Text(name)});
}

void Deactivate(Spi& spi, const std::string& owner, const std::string& name) {
  spi.Execute("UPDATE ecomm.model SET active = false WHERE created_by = $1::name AND name = $2 AND active",
              {Parameter::Text(owner), Parameter::Text(name)});
}

}  // namespace

ModelDocument DocumentOf(const core::KMeansModel& model) {
  return {core::kKMeansKind, core::ToJson(model), core::ParametersToJson(model),
          core::MetricsToJson(model.metrics)};
}

ModelDocument DocumentOf(const core::TrainedSales& trained) {
  return {core::kForecastKind, core::ToJson(trained), core::ParametersToJson(trained),
          core::MetricsToJson(trained)};
}

ModelDocument ValidateDocument(const core::Json& document) {
  const auto kind = document.find("kind");
  if (kind != document.end() && *kind == core::kForecastKind) {
    return DocumentOf(core::TrainedSalesFromJson(document));
  }
  return DocumentOf(core::KMeansModelFromJson(document));
}

void CheckModelName(const std::string& name) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (!name.empty() && name.size() <= core::kMaxModelNameBytes &&
      std::none_of(name.begin(), name.end(), is_control)) {
    return;
  }
  throw core::Error(
      core::ErrorCode::kInvalidArgument, "unusable model name",
      "A name has 1 to " + std::to_string(core::kMaxModelNameBytes) + " bytes and no control characters.");
}

std::int64_t SaveModel(Spi& spi, const NewModel& target, ModelDocument model) {
  CheckModelName(target.name);
  model.document["name"] = ToUtf8(target.name);
  const PinnedSettings pinned;
  const std::string owner = *spi.Query("SELECT current_user::text").Text(0, 0);
  LockName(spi, owner, target.name);
  if (target.activate) Deactivate(spi, owner, target.name);
  const Rows rows = spi.Execute(
      "INSERT INTO ecomm.model (name, version, kind, source, parameters, document, metrics, active) "
      "SELECT $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8 FROM ecomm.model "
      "WHERE created_by = $1::name AND name = $2 RETURNING id",
      {Parameter::Text(owner), Parameter::Text(target.name), Parameter::Text(model.kind),
       target.source ? Parameter::Text(*target.source) : Parameter::Null(TEXTOID),
       Parameter::Jsonb(JsonbText(model.parameters)), Parameter::Jsonb(JsonbText(model.document)),
       Parameter::Jsonb(JsonbText(model.metrics)), Parameter::Bool(target.activate)});
  return *rows.Int64(0, 0);
}

core::Json LoadModelDocument(Spi& spi, const ModelKey& key) { return Find(spi, key).document; }

core::KMeansModel LoadKMeansModel(Spi& spi, const ModelKey& key) {
  return core::KMeansModelFromJson(LoadKind(spi, key, core::kKMeansKind, "a k-means model"));
}

core::TrainedSales LoadTrainedSales(Spi& spi, const ModelKey& key) {
  return core::TrainedSalesFromJson(LoadKind(spi, key, core::kForecastKind, "a forecasting model"));
}

std::int64_t FindModelVersion(Spi& spi, const std::string& name, std::int32_t version) {
  const PinnedSettings pinned;
  const std::string what = Quoted(name) + " version " + std::to_string(version);
  const Rows rows = spi.Query(
      "SELECT id, created_by, created_by = current_user FROM ecomm.model "
      "WHERE name = $1 AND version = $2 ORDER BY created_by = current_user DESC, created_by",
      {Parameter::Text(name), Parameter::Int32(version)});
  if (rows.empty()) FailUnknown(what);
  return *rows.Int64(ChooseOwner(rows, what), 0);
}

bool ActivateModel(Spi& spi, std::int64_t id) {
  const PinnedSettings pinned;
  const auto by_id = {Parameter::Int64(id)};
  const Rows model = spi.Query("SELECT created_by::text, name FROM ecomm.model WHERE id = $1", by_id);
  if (model.empty()) FailUnknown(std::to_string(id));
  const std::string owner = *model.Text(0, 0);
  const std::string name = *model.Text(0, 1);
  LockName(spi, owner, name);
  // Only now: someone else may have had the lock, and changed which one is active.
  const Rows state = spi.Execute("SELECT active FROM ecomm.model WHERE id = $1", by_id);
  if (state.empty()) FailUnknown(std::to_string(id));
  if (*state.Bool(0, 0)) return false;
  Deactivate(spi, owner, name);
  spi.Execute("UPDATE ecomm.model SET active = true WHERE id = $1", by_id);
  return true;
}

bool DropModel(Spi& spi, std::int64_t id) {
  const PinnedSettings pinned;
  return spi.Execute("DELETE FROM ecomm.model WHERE id = $1", {Parameter::Int64(id)}).count() > 0;
}

}  // namespace ecomm::pg
