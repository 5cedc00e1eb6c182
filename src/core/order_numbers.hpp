// Which order a logged line belongs to, as a dense number. Only for the files that make summaries.
#pragma once

#include <cstdint>

#include "ecomm_analytics/core/line_log.hpp"

namespace ecomm::core {

class OrderNumbers {
 public:
  OrderNumbers(KeyKind kind, Budget& budget)
      : kind_(kind), keys_(budget), names_(budget), name_orders_(budget), unnumbered_(budget) {}

  // `customer`: its number, kNoNumber where unknown.
  std::uint32_t Of(const LoggedLine& line, std::uint32_t customer) {
    if (!line.order) {
      const std::int64_t key = std::int64_t{customer} << 32 | static_cast<std::uint32_t>(line.day);
      return Numbered(unnumbered_.Insert(key, count_));
    }
    if (kind_ == KeyKind::kNumber) return Numbered(keys_.Insert(line.order->number, count_));
    const auto [name, is_new] = names_.Insert(line.order->bytes);
    if (is_new) name_orders_.Append(count_++);
    return name_orders_[name];
  }
  void Prefetch(const LoggedLine& line) const noexcept {
    if (line.order && kind_ == KeyKind::kNumber) keys_.Prefetch(line.order->number);
  }
  std::uint32_t count() const noexcept { return count_; }
  void Clear() noexcept {
    keys_.Clear();
    names_.Clear();
    name_orders_.Clear();
    unnumbered_.Clear();
  }

 private:
  std::uint32_t Numbered(std::pair<std::uint32_t, bool> inserted) {
    if (inserted.second) ++count_;
    return inserted.first;
  }

  KeyKind kind_;
  std::uint32_t count_ = 0;
  IntegerIndex keys_;
  BytesIndex names_;
  BudgetedVector<std::uint32_t> name_orders_;
  IntegerIndex unnumbered_;
};

}  // namespace ecomm::core
