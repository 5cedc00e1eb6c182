// Where sale lines come from: a user's table of any shape as one canonical SELECT.
#pragma once

#include "ecomm_analytics/core/roles.hpp"
#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

struct SourceRole {
  core::Role role;
  std::string relation;    // qualified and quoted
  std::string expression;  // over the relation, as the user would write it; empty: there is no such column
  std::string type;        // of the canonical column
  std::string note;        // why this one, what is done to it, what was checked
};

// Columns of Select(), in this order and under these names:
//   sold_at      timestamp; a timestamptz is converted in the session's time zone
//   customer_id  the user's type (varchar, char, enum: text); -1, and for text '', is NULL: unknown
//   invoice_no   likewise; text NULL where there is none
//   product_id   the user's type; text NULL where there is none
//   quantity     smallint, integer, bigint or numeric; numeric NULL where there is none
//   amount       numeric: the line total. NaN and infinite floats are NaN
//   unit_price   numeric; NULL where there is none
struct Source {
  // No semicolon at the end. Run it under a PinnedSettings: operators in it mean those of pg_catalog. It
  // reads with the rights of whoever runs it; of the columns only those used are computed. `further`: more
  // columns over the relation, as ", expression AS name".
  std::string Select(const std::string& further = {}) const {
    return "SELECT " + columns + further + " FROM " + from;
  }

  std::string columns;
  std::string from;
  Oid relation = InvalidOid;  // what Select() reads: a table, or the view ecomm.sale_line
  std::string relation_name;  // the same, qualified and quoted
  Oid customer_type = InvalidOid;
  Oid invoice_type = InvalidOid;
  Oid product_type = InvalidOid;
  Oid quantity_type = InvalidOid;
  std::vector<SourceRole> roles;  // of the sale table; empty if ecomm.sale_line was made by hand
  bool bound = false;             // read as ecomm_bind understood it
};

// Without `sale`: the bound view ecomm.sale_line; else a relation named `sale` on the search path. With it:
// that relation, as it was bound if it is the bound one, else by its columns' names and types; the money
// column is then checked on the first lines. Opens its own SPI; call it before pinning the search path.
// Errors: 42P01 nothing to read, 42809 not a relation of rows, 22023 roles that cannot be told (asks), 55000
// the bound table is gone.
Source ResolveSource(Oid sale = InvalidOid);

// The roles of the tables beside the sale table: as they were bound, or else as they are found. The caller
// holds a PinnedSettings.
std::vector<SourceRole> DimensionRoles(Spi& spi, const Source& source);

}  // namespace ecomm::pg
