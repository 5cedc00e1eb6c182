// Which customers, orders and days logs of lines speak of.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/line_log.hpp"

namespace ecomm::core {

enum class KeyRole : std::uint8_t { kCustomer, kOrder };

// The known ones, ascending, each once; bytes live as long as the logs. Error(kBadData) for logs with keys of
// different kinds.
std::vector<Key> DistinctKeys(std::span<const std::string_view> logs, KeyRole role);

// The days of lines with neither order nor customer, ascending, each once.
std::vector<Day> UnknownDays(std::span<const std::string_view> logs);

}  // namespace ecomm::core
