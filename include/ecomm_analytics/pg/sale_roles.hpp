// From a relation, and what the user stated about it, to the roles of its columns and the canonical SELECT.
#pragma once

#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// A column's name or an SQL expression, as the user gave it. Empty text: there is no such column.
struct StatedText {
  core::Role role;
  std::string text;
};

// Reads up to `lines_to_check` lines to see what the money column is. The caller holds a PinnedSettings.
Source ResolveSaleRoles(Spi& spi, Oid relation, std::span<const StatedText> stated,
                        std::int64_t lines_to_check);

}  // namespace ecomm::pg
