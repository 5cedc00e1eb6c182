// The cells of one level and grain: a row is a member of the level, a column a period.
#pragma once

#include <cstdint>

#include "ecomm_analytics/core/key_index.hpp"
#include "ecomm_analytics/core/sales_summary.hpp"
#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core {

class SummaryGrid {
 public:
  explicit SummaryGrid(Budget& budget) : cells_(budget), numbers_(budget), keys_(budget) {}

  // In place where that takes no more than `most_dense` cells, else by look-up.
  void Open(std::size_t rows, std::size_t periods, std::size_t most_dense) {
    periods_ = periods;
    dense_ = periods == 0 || rows <= most_dense / periods;
    if (dense_) cells_.Resize(rows * periods, {});
  }
  // The reference lives until the next call.
  SummaryCell& At(std::uint32_t row, std::uint32_t period) {
    if (dense_) return cells_[std::size_t{row} * periods_ + period];
    const std::int64_t key = std::int64_t{row} << 32 | period;
    const auto [number, is_new] = numbers_.Insert(key, static_cast<std::uint32_t>(cells_.size()));
    if (is_new) {
      cells_.Append({});
      keys_.Append(key);
    }
    return cells_[number];
  }
  // visit(row, period, cell)
  template <typename Visit>
  void ForEach(Visit visit) const {
    Steps steps;
    for (std::size_t i = 0; i < cells_.size(); ++i, steps.Step()) {
      if (dense_) {
        visit(static_cast<std::uint32_t>(i / periods_), static_cast<std::uint32_t>(i % periods_), cells_[i]);
      } else {
        visit(static_cast<std::uint32_t>(keys_[i] >> 32), static_cast<std::uint32_t>(keys_[i]), cells_[i]);
      }
    }
  }

 private:
  bool dense_ = true;
  std::size_t periods_ = 0;
  BudgetedVector<SummaryCell> cells_;
  IntegerIndex numbers_;  // with keys_: where not dense
  BudgetedVector<std::int64_t> keys_;
};

}  // namespace ecomm::core
