// Numbers for products as lines name them: 0, 1, 2, … in order of first appearance, equal for stock codes
// that match (see MatchKey). Lines name few products again and again: how a code was numbered that was
// written just so is remembered, if it is short.
#pragma once

#include <bit>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/key_index.hpp"
#include "ecomm_analytics/core/sale_rules.hpp"

namespace ecomm::core {

class ProductNumbers {
 public:
  explicit ProductNumbers(Budget& budget) : keys_(budget) {}

  // The number, kNoNumber where the code is empty, and whether it is a new one.
  std::pair<std::uint32_t, bool> Insert(std::string_view code) {
    if (code.size() > kMostShort || inserted_ < kWorthwhile) {
      ++inserted_;
      return Number(code);
    }
    if (recent_.empty()) recent_.resize(kRecent);
    Recent sought = Pack(code);
    Recent& recent = recent_[MixBits(sought.front ^ std::rotl(sought.back, 29) ^ sought.size) % kRecent];
    if (recent.front == sought.front && recent.back == sought.back && recent.size == sought.size) {
      return {recent.number, false};
    }
    const auto found = Number(code);
    sought.number = found.first;
    recent = sought;
    return found;
  }

  // The match key.
  std::string_view Get(std::uint32_t number) const noexcept { return keys_.Get(number); }

 private:
  static constexpr std::size_t kMostShort = 16;
  static constexpr std::size_t kRecent = 4096;
  static constexpr std::size_t kWorthwhile = 1024;  // fewer lines do without the memory

  // A short code as it was written: its first and last bytes, which may overlap, and how many there are. An
  // empty code is not told from no code: neither has a number.
  struct Recent {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::uint32_t size = 0;
    std::uint32_t number = kNoNumber;
  };

  template <typename Word>
  static std::uint64_t WordAt(const char* bytes) {
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }

  static Recent Pack(std::string_view code) {
    const char* bytes = code.data();
    const std::size_t size = code.size();
    Recent packed{.size = static_cast<std::uint32_t>(size)};
    if (size >= 8) {
      packed.front = WordAt<std::uint64_t>(bytes);
      packed.back = WordAt<std::uint64_t>(bytes + size - 8);
    } else if (size >= 4) {
      packed.front = WordAt<std::uint32_t>(bytes);
      packed.back = WordAt<std::uint32_t>(bytes + size - 4);
    } else if (size > 0) {
      packed.front = WordAt<std::uint8_t>(bytes) | WordAt<std::uint8_t>(bytes + size / 2) << 8;
      packed.back = WordAt<std::uint8_t>(bytes + size - 1);
    }
    return packed;
  }

  std::pair<std::uint32_t, bool> Number(std::string_view code) {
    const std::string key = MatchKey(code);
    if (key.empty()) return {kNoNumber, false};
    return keys_.Insert(key);
  }

  BytesIndex keys_;
  std::vector<Recent> recent_;  // empty or kRecent: too few bytes to ask for
  std::size_t inserted_ = 0;
};

}  // namespace ecomm::core
