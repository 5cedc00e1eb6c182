// What the tests of clustering methods share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"
#include "thrown.hpp"

namespace ecomm::core {

inline Matrix ToMatrix(const nlohmann::json& rows) {
  Matrix x(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j].get<double>();
    }
  }
  return x;
}

// The same partition, numbered in the order in which the rows first show the labels.
inline std::vector<std::int32_t> Renumbered(const std::vector<std::int32_t>& labels) {
  std::map<std::int32_t, std::int32_t> numbers;
  std::vector<std::int32_t> result;
  for (const std::int32_t label : labels) {
    result.push_back(numbers.emplace(label, static_cast<std::int32_t>(numbers.size())).first->second);
  }
  return result;
}

}  // namespace ecomm::core
