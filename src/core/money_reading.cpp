#include "ecomm_analytics/core/money_reading.hpp"

namespace ecomm::core {

std::string GroupThousands(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

MoneyVerdict JudgeMoney(const MoneyCounts& counts) {
  const std::string of_all = " of " + GroupThousands(counts.lines) + " lines";
  if (counts.lines == 0) return {MoneyReading::kLineTotal, "line total by its name: no lines to check it on"};
  const std::string on_total = GroupThousands(counts.equal_total) + of_all;
  if (counts.telling == 0) {
    if (2 * counts.equal_total > counts.lines) {
      return {MoneyReading::kLineTotal, "line total: equals quantity * unit_price on " + on_total +
                                            ", though every quantity is 1, so the unit price is the same"};
    }
    return {MoneyReading::kNeither, "equals quantity * unit_price on only " + on_total};
  }
  if (2 * counts.telling_total > counts.telling) {
    return {MoneyReading::kLineTotal, "line total: equals quantity * unit_price on " + on_total};
  }
  const std::string of_telling = " of the " + GroupThousands(counts.telling) + " lines where the two differ";
  if (2 * counts.telling_unit > counts.telling) {
    return {MoneyReading::kUnitPrice,
            "a unit price, not a line total: equals unit_price on " + GroupThousands(counts.telling_unit) +
                of_telling + " (quantity * unit_price on " + GroupThousands(counts.telling_total) + ")"};
  }
  return {MoneyReading::kNeither, "equals quantity * unit_price on " + GroupThousands(counts.telling_total) +
                                      " and unit_price on " + GroupThousands(counts.telling_unit) +
                                      of_telling};
}

}  // namespace ecomm::core
