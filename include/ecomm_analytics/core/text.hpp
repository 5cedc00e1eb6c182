// Small pieces of messages.
#pragma once

#include <cstddef>
#include <cstdio>
#include <span>
#include <string>

namespace ecomm::core {

// A number as a person would write it, up to 15 digits.
inline std::string ToText(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.15g", value);
  return buffer;
}

// feature "monetary", or feature 3 (counted from 1) where there are no names.
inline std::string FeatureLabel(std::span<const std::string> names, std::size_t index) {
  if (index < names.size()) return "feature \"" + names[index] + "\"";
  return "feature " + std::to_string(index + 1);
}

}  // namespace ecomm::core
