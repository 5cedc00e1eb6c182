// Which customers, orders and days logs of lines speak of, and what they say of customers' totals.
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

// By how much customers spent more, x 10^-kAmountScale, for lines that came and lines that went: those for
// whom it is not 0, ascending. Keys and errors as above; Error(kNumericRange) beyond 20 digits before the
// point.
struct AmountChange {
  Key customer;
  Int128 amount = 0;
};
std::vector<AmountChange> AmountChanges(std::span<const std::string_view> inserted,
                                        std::span<const std::string_view> deleted);

}  // namespace ecomm::core
