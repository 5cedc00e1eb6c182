// What counts on a sale line, for everything that sums lines and counts orders and customers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ecomm_analytics/core/decimal.hpp"

namespace ecomm::core {

// NULL, NaN and infinities count as 0 in sums.
inline bool IsFinite(const std::optional<Amount>& amount) {
  return amount && amount->kind == Amount::Kind::kFinite;
}

inline bool IsBeyond(const std::optional<Amount>& amount) {
  return amount && amount->kind == Amount::Kind::kBeyond;
}

// A return is no purchase; nor is a line of which nobody knows what it was worth.
inline bool IsPurchase(const std::optional<Amount>& amount) { return IsFinite(amount) && amount->value >= 0; }

// How stock codes are matched: without the white space around, a to z as A to Z.
inline std::string MatchKey(std::string_view code) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t first = code.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  std::string key(code.substr(first, code.find_last_not_of(kSpace) - first + 1));
  for (char& c : key) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return key;
}

}  // namespace ecomm::core
