// Documents of the core as jsonb. The core speaks UTF-8, the server whatever the database was created with.
#pragma once

#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Text between the database's encoding and UTF-8. A character the other side lacks is an error.
std::string ToUtf8(const std::string& server_text);
std::string FromUtf8(const std::string& utf8_text);

// A jsonb value, detoasted, as a document.
core::Json ReadJsonb(Datum value);

// A document as the text jsonb_in reads, in the database's encoding; and as jsonb, in the current memory
// context.
std::string JsonbText(const core::Json& document);
Datum MakeJsonb(const core::Json& document);

}  // namespace ecomm::pg
