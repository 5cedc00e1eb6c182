#include "ecomm_analytics/pg/model_cache.hpp"

#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/owned.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/snapmgr.h"
}

namespace ecomm::pg {

ModelCache& ModelCache::Of(FunctionCallInfo call) {
  FmgrInfo* site = call->flinfo;
  if (site->fn_extra == nullptr) site->fn_extra = NewIn<ModelCache>(site->fn_mcxt);
  return *static_cast<ModelCache*>(site->fn_extra);
}

ModelCache::Visibility ModelCache::CurrentVisibility() {
  const Snapshot snapshot = GetActiveSnapshot();
  return {.xmax = snapshot->xmax,
          .running = snapshot->xcnt,
          .command = snapshot->curcid,
          .subtransaction = GetCurrentSubTransactionId(),
          .running_subtransactions = static_cast<std::uint32_t>(snapshot->subxcnt),
          .user = GetUserId()};
}

void ModelCache::Load(ModelKey key) {
  loaded_ = false;
  {
    Spi spi;
    model_ = LoadKMeansModel(spi, key);
  }
  names_.clear();
  for (const auto& name : model_.names) names_.push_back(FromUtf8(name));
  key_ = std::move(key);
  visibility_ = CurrentVisibility();
  loaded_ = true;
}

}  // namespace ecomm::pg
