#include "ecomm_analytics/pg/key_list.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "utils/datum.h"
}

namespace ecomm::pg {
namespace {

constexpr std::size_t kLeastCapacity = 1024;
constexpr std::size_t kChunkOverhead = 24;  // what the server's allocator adds to a small value
constexpr const char* kPurpose = "keys of rows";

}  // namespace

KeyList::KeyList(Oid type) {
  Call([this, type] {
    get_typlenbyval(type, &length_, &by_value_);
    context_ =
        AllocSetContextCreate(CurrentMemoryContext, "ecomm_analytics keys of rows", ALLOCSET_DEFAULT_SIZES);
  });
}

void KeyList::Add(std::optional<Datum> key) {
  if (keys_.size() == keys_.capacity()) {
    const std::size_t capacity = std::max(keys_.capacity() * 2, kLeastCapacity);
    core::RequireMemory(capacity * sizeof keys_[0] + copied_, kPurpose);
    keys_.reserve(capacity);
  }
  if (key && !by_value_) {
    const std::size_t bytes =
        Call([this, value = *key] { return datumGetSize(value, by_value_, length_); }) + kChunkOverhead;
    core::RequireMemory(keys_.capacity() * sizeof keys_[0] + copied_ + bytes, kPurpose);
    copied_ += bytes;
    key = Call([this, value = *key] {
      const MemoryContext caller = MemoryContextSwitchTo(context_);
      const Datum copy = datumCopy(value, by_value_, length_);
      MemoryContextSwitchTo(caller);
      return copy;
    });
  }
  keys_.push_back(key);
}

}  // namespace ecomm::pg
