// What the mathematics asks of whoever runs it: a chance to be cancelled, a memory limit, a place to say
// how far it is. The glue installs the backend's answers when the library is loaded; without that (unit
// tests, fuzzers) nothing is cancelled, memory is not limited and progress goes nowhere.
#pragma once

#include <cstddef>
#include <string>

namespace ecomm::core {

struct Host {
  void (*poll)() = nullptr;                 // may throw to cancel
  std::size_t (*memory_limit)() = nullptr;  // bytes; 0 means no limit
  void (*progress)(const std::string& line) = nullptr;
};

Host& CurrentHost() noexcept;

// Call about every 10^5 floating-point operations. Throws what the host throws to cancel.
inline void Poll() {
  if (auto* poll = CurrentHost().poll) poll();
}

// Call before allocating anything that grows with the data. Throws Error(kMemoryLimit), naming what is
// needed, what is allowed and the setting to raise.
void RequireMemory(std::size_t bytes, const char* purpose);

// Bytes that may be used; SIZE_MAX where there is no limit.
std::size_t MemoryLimit() noexcept;

// One line for a person waiting on a long call.
void Progress(const std::string& line);

}  // namespace ecomm::core
