// Polls from work of many small steps, a comparison of a sort or an item of a loop.
#pragma once

#include <cstddef>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {

class Steps {
 public:
  void Step() {
    if (++done_ % kPollEvery == 0) Poll();
  }

 private:
  static constexpr std::size_t kPollEvery = 65536;
  std::size_t done_ = 0;
};

}  // namespace ecomm::core
