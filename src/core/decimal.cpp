#include "ecomm_analytics/core/decimal.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace ecomm::core {
namespace {

// The layout of numeric's header word (src/include/utils/numeric.h, stable on disk since 9.1).
constexpr unsigned kSignMask = 0xC000;
constexpr unsigned kNegative = 0x4000;
constexpr unsigned kShort = 0x8000;
constexpr unsigned kSpecial = 0xC000;
constexpr unsigned kShortNegative = 0x2000;
constexpr unsigned kShortScaleMask = 0x1F80;
constexpr int kShortScaleShift = 7;
constexpr unsigned kShortWeightSign = 0x0040;
constexpr unsigned kShortWeightMask = 0x003F;
constexpr unsigned kScaleMask = 0x3FFF;

constexpr int kBase = 10000;
constexpr int kFractionDigits = kAmountScale / 4;  // base-10000 digits behind the point
// 10^36 is below 2^127; a sum that leaves the range is noticed where it is added up.
constexpr int kMaxDigits = 9;

constexpr auto kPowers = [] {
  std::array<Int128, kMaxDigits> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * kBase;
  return powers;
}();

std::uint16_t Word(const unsigned char* bytes) {
  std::uint16_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

void DecodeNumeric(const void* payload, std::size_t length, Amount& amount) noexcept {
  const auto* bytes = static_cast<const unsigned char*>(payload);
  amount.kind = Amount::Kind::kBeyond;
  amount.display_scale = 0;
  amount.value = 0;
  if (length < 2) return;
  const unsigned header = Word(bytes);
  const unsigned flags = header & kSignMask;
  if (flags == kSpecial) {
    amount.kind = Amount::Kind::kNotANumber;
    return;
  }

  bool negative;
  unsigned scale;
  int weight;
  std::size_t offset = 2;
  if (flags == kShort) {
    negative = (header & kShortNegative) != 0;
    scale = (header & kShortScaleMask) >> kShortScaleShift;
    weight = static_cast<int>(header & kShortWeightMask);
    if (header & kShortWeightSign) weight -= static_cast<int>(kShortWeightMask) + 1;
  } else {
    if (length < 4) return;
    negative = flags == kNegative;
    scale = header & kScaleMask;
    weight = static_cast<std::int16_t>(Word(bytes + 2));
    offset = 4;
  }

  const auto digits = static_cast<int>((length - offset) / 2);
  if (scale > UINT8_MAX) return;
  if (digits == 0) {
    amount.kind = Amount::Kind::kFinite;
    amount.display_scale = static_cast<std::uint8_t>(scale);
    return;
  }
  // Digit i stands for digit x 10000^(weight - i).
  const int lowest = weight - (digits - 1) + kFractionDigits;
  if (lowest < 0 || weight + kFractionDigits >= kMaxDigits) return;
  amount.kind = Amount::Kind::kFinite;
  amount.display_scale = static_cast<std::uint8_t>(scale);

  if (digits <= 4) {
    std::int64_t sum = 0;
    for (int i = 0; i < digits; ++i) sum = sum * kBase + Word(bytes + offset + 2 * i);
    amount.value = kPowers[lowest] * sum;
  } else {
    Int128 sum = 0;
    for (int i = 0; i < digits; ++i) sum = sum * kBase + Word(bytes + offset + 2 * i);
    amount.value = kPowers[lowest] * sum;
  }
  if (negative) amount.value = -amount.value;
}

double AmountToDouble(Int128 value) noexcept {
  constexpr Int128 kExact = Int128{1} << 53;
  Int128 reduced = value;
  std::int64_t unit = 10'000'000'000'000'000;
  while (unit > 1 && reduced % 10 == 0) {
    reduced /= 10;
    unit /= 10;
  }
  // Two exact doubles, so the quotient is rounded once.
  if (unit <= kExact && reduced < kExact && reduced > -kExact) {
    return static_cast<double>(reduced) / static_cast<double>(unit);
  }
  // Longer amounts go the way of their digits: from_chars rounds correctly.
  std::array<char, 48> digits;
  char* begin = digits.data() + digits.size();
  const char* const end = begin;
  unsigned __int128 rest = value < 0 ? -static_cast<unsigned __int128>(value) : value;
  for (int i = 0; rest != 0 || i <= kAmountScale; ++i) {
    if (i == kAmountScale) *--begin = '.';
    *--begin = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  double magnitude = 0;
  std::from_chars(begin, end, magnitude);
  return value < 0 ? -magnitude : magnitude;
}

}  // namespace ecomm::core
