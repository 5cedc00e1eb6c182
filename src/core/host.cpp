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
  // In the unit in which the two differ.
  constexpr std::size_t kKilobyte = 1024;
  const bool large = allowed >= 10 * kKilobyte * kKilobyte;
  const auto text = [=](std::size_t n) {
    const std::size_t unit = large ? kKilobyte * kKilobyte : kKilobyte;
    return std::to_string(n / unit + (n % unit != 0 ? 1 : 0)) + (large ? " MB" : " kB");
  };
  throw Error(ErrorCode::kMemoryLimit, std::string("not enough memory for ") + purpose,
              "Needed: " + text(bytes) + ", allowed: " + text(allowed) + ".",
              "Raise ecomm_analytics.memory_limit.");
}

void Progress(const std::string& line) {
  if (auto* const progress = CurrentHost().progress) progress(line);
}

}  // namespace ecomm::core
