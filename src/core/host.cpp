#include "ecomm_analytics/core/host.hpp"

#include <cstdint>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

Host& CurrentHost() noexcept {
  static Host host;
  return host;
}

std::size_t MemoryLimit() noexcept {
  auto* const limit = CurrentHost().memory_limit;
  const std::size_t bytes = limit ? limit() : 0;
  return bytes == 0 ? SIZE_MAX : bytes;
}

void RequireMemory(std::size_t bytes, const char* purpose) {
  const std::size_t allowed = MemoryLimit();
  if (bytes <= allowed) return;
  auto megabytes = [](std::size_t n) { return std::to_string((n + (1U << 20) - 1) >> 20) + " MB"; };
  throw Error(ErrorCode::kMemoryLimit, std::string("not enough memory for ") + purpose,
              "Needed: " + megabytes(bytes) + ", allowed: " + megabytes(allowed) + ".",
              "Raise ecomm_analytics.memory_limit.");
}

void Progress(const std::string& line) {
  if (auto* const progress = CurrentHost().progress) progress(line);
}

}  // namespace ecomm::core
