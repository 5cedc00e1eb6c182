#include "ecomm_analytics/core/value_sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

struct Header {
  std::uint64_t format;
  std::uint64_t count;
};

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kLeastCapacity = 64;
constexpr unsigned kComparisonsPerPoll = 65536;

}  // namespace

void ValueSample::Reserve(std::size_t least) {
  if (least <= values_.capacity()) return;
  const std::size_t capacity = std::max({least, values_.capacity() * 2, kLeastCapacity});
  // Both copies exist while one is moved into the other.
  RequireMemory((values_.capacity() + capacity) * sizeof(double), "the values of a sample");
  values_.reserve(capacity);
}

void ValueSample::Merge(std::string_view serialized) {
  Header header{};
  if (serialized.size() >= sizeof header) std::memcpy(&header, serialized.data(), sizeof header);
  const std::size_t payload = serialized.size() - std::min(serialized.size(), sizeof header);
  if (header.format != kFormat || payload % sizeof(double) != 0 || payload / sizeof(double) != header.count) {
    throw Error(ErrorCode::kBadData, "invalid state of a sample",
                "Its format is " + std::to_string(header.format) + ", its length " +
                    std::to_string(serialized.size()) + " bytes.");
  }
  if (header.count == 0) return;
  const std::size_t before = values_.size();
  Reserve(before + header.count);
  values_.resize(before + header.count);
  std::memcpy(values_.data() + before, serialized.data() + sizeof header, payload);
}

std::string ValueSample::Serialize() const {
  const Header header{kFormat, values_.size()};
  const std::size_t payload = values_.size() * sizeof(double);
  RequireMemory(values_.capacity() * sizeof(double) + sizeof header + payload, "the state of a sample");
  std::string bytes(sizeof header + payload, '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  if (payload > 0) std::memcpy(bytes.data() + sizeof header, values_.data(), payload);
  return bytes;
}

std::span<const double> ValueSample::Sorted() {
  unsigned comparisons = 0;
  std::sort(values_.begin(), values_.end(), [&](double a, double b) {
    if (++comparisons % kComparisonsPerPoll == 0) Poll();
    return a < b || (std::isnan(b) && !std::isnan(a));
  });
  return values_;
}

}  // namespace ecomm::core
