// Recorded reference values (test/data/NAME.json, made by the script of the same name).
#pragma once

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace ecomm::core {

inline nlohmann::json ReadReference(const std::string& file) {
  std::ifstream stream(std::string(TEST_DATA_DIR) + "/" + file);
  if (!stream) throw std::runtime_error("cannot open test/data/" + file);
  return nlohmann::json::parse(stream);
}

// NaN and infinities are recorded as strings.
inline double ReferenceNumber(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  const auto text = value.get<std::string>();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace ecomm::core
