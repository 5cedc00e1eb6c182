#include "ecomm_analytics/pg/as_owner.hpp"

#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "utils/syscache.h"
}

namespace ecomm::pg {

AsOwner::AsOwner(const char* relation) {
  const Oid owner = Call([=] {
    const Oid schema = get_namespace_oid("ecomm", false);
    const Oid oid = get_relname_relid(relation, schema);
    const HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) {
      ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("ecomm.%s does not exist", relation)));
    }
    const Oid found = reinterpret_cast<Form_pg_class>(GETSTRUCT(row))->relowner;
    ReleaseSysCache(row);
    return found;
  });
  GetUserIdAndSecContext(&user_, &security_);
  SetUserIdAndSecContext(owner, security_ | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

AsOwner::~AsOwner() { SetUserIdAndSecContext(user_, security_); }

}  // namespace ecomm::pg
