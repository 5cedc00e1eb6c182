// model_export, model_import, model_activate, model_drop.
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/model_store.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

using ecomm::pg::Arguments;
using ecomm::pg::Entry;
using ecomm::pg::Spi;

namespace ecomm::fn {
namespace {

Datum Export(const pg::ModelKey& key) {
  const auto document = [&] {
    Spi spi;
    return pg::LoadModelDocument(spi, key);
  }();
  return pg::MakeJsonb(document);
}

Datum Import(const Arguments& arguments) {
  if (arguments.IsNull(0)) {
    throw pg::SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, "document must not be NULL");
  }
  pg::ModelDocument model = pg::ValidateDocument(pg::ReadJsonb(arguments.Value(0)));
  pg::NewModel target;
  target.name = arguments.Text(1).value_or(pg::FromUtf8(model.document.value("name", model.kind)));
  target.activate = arguments.Bool(2).value_or(false);
  Spi spi;
  return Int64GetDatum(pg::SaveModel(spi, target, std::move(model)));
}

// Arguments: a model's name and version.
std::int64_t FindVersion(Spi& spi, const Arguments& arguments) {
  return pg::FindModelVersion(spi, *arguments.Text(0), *arguments.Int32(1));
}

}  // namespace
}  // namespace ecomm::fn

ECOMM_FUNCTION(ecomm_model_export) {
  return Entry([&] { return ecomm::fn::Export(PG_GETARG_INT64(0)); });
}

ECOMM_FUNCTION(ecomm_model_export_named) {
  return Entry([&] { return ecomm::fn::Export(*Arguments(fcinfo).Text(0)); });
}

ECOMM_FUNCTION(ecomm_model_import) {
  return Entry([&] { return ecomm::fn::Import(Arguments(fcinfo)); });
}

ECOMM_FUNCTION(ecomm_model_activate) {
  return Entry([&] {
    Spi spi;
    return BoolGetDatum(ecomm::pg::ActivateModel(spi, PG_GETARG_INT64(0)));
  });
}

ECOMM_FUNCTION(ecomm_model_activate_version) {
  return Entry([&] {
    Spi spi;
    return BoolGetDatum(ecomm::pg::ActivateModel(spi, ecomm::fn::FindVersion(spi, Arguments(fcinfo))));
  });
}

ECOMM_FUNCTION(ecomm_model_drop) {
  return Entry([&] {
    Spi spi;
    return BoolGetDatum(ecomm::pg::DropModel(spi, PG_GETARG_INT64(0)));
  });
}

ECOMM_FUNCTION(ecomm_model_drop_version) {
  return Entry([&] {
    Spi spi;
    return BoolGetDatum(ecomm::pg::DropModel(spi, ecomm::fn::FindVersion(spi, Arguments(fcinfo))));
  });
}
