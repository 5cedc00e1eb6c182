// What the extension does on behalf of a caller who needs no right of his own for it.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// While it lives, the session acts as the owner of a relation of the schema ecomm, as foreign-key checks do.
// 42P01 where there is no such relation. Nothing that the caller can influence may be executed meanwhile.
class AsOwner {
 public:
  explicit AsOwner(const char* relation);
  ~AsOwner();
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;

 private:
  Oid user_ = InvalidOid;
  int security_ = 0;
};

}  // namespace ecomm::pg
