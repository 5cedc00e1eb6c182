// Exact decimal amounts, read straight from the server's on-disk numeric.
//
// numeric::float8 goes through text and costs as much as the whole aggregate; and a sum of doubles is not the
// sum the accountant gets. So amounts are read digit by digit into 128-bit integers counting 10^-16.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ecomm::core {

using Int128 = __int128;

// Decimal digits behind the point that an amount is held with: four base-10000 digits.
constexpr int kAmountScale = 16;

struct Amount {
  enum class Kind : std::uint8_t {
    kFinite,
    kNotANumber,  // NaN or an infinity
    kBeyond,      // more digits before or behind the point than are held exactly
  };
  Kind kind = Kind::kFinite;
  std::uint8_t display_scale = 0;  // digits behind the point as written (numeric's dscale)
  Int128 value = 0;                // x 10^-kAmountScale
};

// `payload` is the numeric's varlena payload (without length word), at any alignment.
// A payload that is no numeric gives kBeyond.
void DecodeNumeric(const void* payload, std::size_t length, Amount& amount) noexcept;
inline Amount DecodeNumeric(const void* payload, std::size_t length) noexcept {
  Amount amount;
  DecodeNumeric(payload, length, amount);
  return amount;
}

// The nearest double to value / 10^kAmountScale, correctly rounded.
double AmountToDouble(Int128 value) noexcept;

}  // namespace ecomm::core
