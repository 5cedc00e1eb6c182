// The bound sale lines as expressions over the rows of one relation: for triggers, which see rows and not
// tables.
#pragma once

#include <array>

#include "ecomm_analytics/pg/line_query.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Tells the names of a relation's partitions and children, at any depth, from other such names.
using Checksum = std::array<char, 17>;

struct BoundLines {
  List* targets = nullptr;  // of kLineColumns, ready to be executed; the relation is number 1
  std::array<Oid, kLineColumns.size()> types{};
  bool depends_on_session = false;  // on the time zone or the date style
  Checksum partitions{};
};

// What ecomm.sale_line reads, where it is nothing but a SELECT of expressions over one relation, as
// ecomm_bind makes it; else InvalidOid.
Oid BoundRelation();

// Whether lines read in another time zone or date style may be others. False where nothing is bound, or by a
// role that does not own the relation.
bool BoundLinesDependOnSession();

// Of the bound relation; empty where there is none.
Checksum PartitionsOfBound();

// Whether `relation` is the bound one or among its partitions or children.
bool IsBound(Oid relation);

// Whether the owner of ecomm.sale_line has the rights of the owner of `relation`. Where not, nobody who
// writes to the relation may run what the view's owner had bound.
bool BoundByOwnerOf(Oid relation);

// nullptr where `relation` is neither the bound one nor among its partitions or children. Kept for the
// session; the result holds until the next call. Locks ecomm.sale_line against being bound anew until the end
// of the transaction: all lines that a transaction logs, and those of it that a later refresh reads, are read
// by one binding.
const BoundLines* FindBoundLines(Oid relation);

}  // namespace ecomm::pg
