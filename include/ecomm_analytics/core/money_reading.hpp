// Whether a money column is the total of its line or the price of one piece, told from the data.
#pragma once

#include <cstdint>
#include <string>

namespace ecomm::core {

// Counted over lines where amount, quantity and unit price are all known. "Equal": as exact decimals, within
// half a cent. A line is telling if quantity × unit price differs from the unit price.
struct MoneyCounts {
  std::int64_t lines = 0;
  std::int64_t equal_total = 0;  // amount = quantity × unit price
  std::int64_t telling = 0;
  std::int64_t telling_total = 0;  // telling lines with amount = quantity × unit price
  std::int64_t telling_unit = 0;   // telling lines with amount = unit price
};

enum class MoneyReading { kLineTotal, kUnitPrice, kNeither };

struct MoneyVerdict {
  MoneyReading reading = MoneyReading::kLineTotal;
  std::string note;  // what was found, with counts
};

// More than half of the telling lines decide; without a telling line, more than half of all lines. Without
// any line there is nothing to hold against the name: a line total, and the note says it was not checked.
MoneyVerdict JudgeMoney(const MoneyCounts& counts);

// 24341 -> "24,341"
std::string GroupThousands(std::int64_t value);

}  // namespace ecomm::core
