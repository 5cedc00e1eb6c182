// Memory accounting for containers that grow while rows stream in.
#pragma once

#include <cstddef>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {

// What one aggregate may use. A container takes before it grows and gives back what it frees.
class Budget {
 public:
  // Throws Error(kMemoryLimit) and takes nothing when it would be too much.
  void Take(std::size_t bytes) {
    RequireMemory(used_ + bytes, "aggregation");
    used_ += bytes;
  }
  // Whether Take would succeed.
  bool Has(std::size_t bytes) const noexcept { return used_ + bytes <= MemoryLimit(); }
  void Give(std::size_t bytes) noexcept { used_ -= bytes; }
  std::size_t used() const noexcept { return used_; }

 private:
  std::size_t used_ = 0;
};

}  // namespace ecomm::core
