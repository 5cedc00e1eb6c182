// How often the code under test asks whether it shall go on.
#pragma once

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {

class PollCount {
 public:
  PollCount() {
    polls = 0;
    CurrentHost().poll = [] { ++polls; };
  }
  ~PollCount() { CurrentHost().poll = nullptr; }
  PollCount(const PollCount&) = delete;
  PollCount& operator=(const PollCount&) = delete;

  int count() const { return polls; }

 private:
  static inline int polls = 0;
};

}  // namespace ecomm::core
