// The model a function works with when it is called once per row: looked up and parsed at the first row, kept
// with the call site until that is done.
#pragma once

#include "ecomm_analytics/pg/model_store.hpp"

namespace ecomm::pg {

class ModelCache {
 public:
  // The cache of this call site, destroyed with it.
  static ModelCache& Of(FunctionCallInfo call);

  // Looks the model up again when another one is asked for, and when the snapshot has changed: a call site in
  // a PL/pgSQL loop lives longer than one statement, and must see which version is active now. Errors as
  // LoadKMeansModel. The reference holds until the next call.
  const core::KMeansModel& Get(std::int64_t id) {
    if (!IsCurrent() || !std::holds_alternative<std::int64_t>(key_) || std::get<std::int64_t>(key_) != id) {
      Load(id);
    }
    return model_;
  }
  const core::KMeansModel& Get(std::string_view name) {
    if (!IsCurrent() || !std::holds_alternative<std::string>(key_) || std::get<std::string>(key_) != name) {
      Load(std::string(name));
    }
    return model_;
  }

  // A cluster's name in the database's encoding.
  const std::string& ClusterName(int cluster) const { return names_[static_cast<std::size_t>(cluster)]; }

 private:
  // What decides which rows of ecomm.model are visible. Within a backend the transactions running below xmax
  // only become fewer, so their number tells them apart.
  struct Visibility {
    TransactionId xmax = InvalidTransactionId;
    std::uint32_t running = 0;
    CommandId command = InvalidCommandId;
    SubTransactionId subtransaction = InvalidSubTransactionId;
    std::uint32_t running_subtransactions = 0;  // on a standby all running ones are counted here
    Oid user = InvalidOid;
    bool operator==(const Visibility&) const = default;
  };
  static Visibility CurrentVisibility();
  bool IsCurrent() const { return loaded_ && visibility_ == CurrentVisibility(); }
  void Load(ModelKey key);

  bool loaded_ = false;
  Visibility visibility_;
  ModelKey key_;
  core::KMeansModel model_;
  std::vector<std::string> names_;
};

}  // namespace ecomm::pg
