#include "ecomm_analytics/pg/jsonb.hpp"

#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace ecomm::pg {

std::string ToUtf8(const std::string& server_text) {
  const char* text = server_text.c_str();
  const auto length = static_cast<int>(server_text.size());
  return Call([=] { return pg_server_to_any(text, length, PG_UTF8); });
}

std::string FromUtf8(const std::string& utf8_text) {
  const char* text = utf8_text.c_str();
  const auto length = static_cast<int>(utf8_text.size());
  return Call([=] { return pg_any_to_server(text, length, PG_UTF8); });
}

core::Json ReadJsonb(Datum value) {
  const char* text = Call([=] {
    Jsonb* jsonb = DatumGetJsonbP(value);
    return JsonbToCString(nullptr, &jsonb->root, VARSIZE(jsonb));
  });
  return core::ParseJson(ToUtf8(text));
}

std::string JsonbText(const core::Json& document) { return FromUtf8(core::DumpJson(document)); }

Datum MakeJsonb(const core::Json& document) {
  const std::string text = JsonbText(document);
  const char* characters = text.c_str();
  return Call([=] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(characters)); });
}

}  // namespace ecomm::pg
