// The keys of rows that are handed out only after all have been read.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// Copies of datums of one type; they live as long as the memory context that was current at construction.
class KeyList {
 public:
  explicit KeyList(Oid type);

  // Unset is SQL NULL. Error(kMemoryLimit) beyond the limit.
  void Add(std::optional<Datum> key);

  std::size_t size() const { return keys_.size(); }
  const std::optional<Datum>& operator[](std::size_t i) const { return keys_[i]; }

 private:
  std::int16_t length_ = 0;
  bool by_value_ = false;
  MemoryContext context_ = nullptr;
  std::size_t copied_ = 0;  // bytes in context_
  std::vector<std::optional<Datum>> keys_;
};

}  // namespace ecomm::pg
