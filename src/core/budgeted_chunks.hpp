// A sequence that grows without being moved, for what is too large to be there twice.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ecomm_analytics/core/budget.hpp"

namespace ecomm::core {

template <typename T>
class BudgetedChunks {
 public:
  explicit BudgetedChunks(Budget& budget) : budget_(budget) {}

  void Append(const T& item) {
    if (size_ == chunks_.size() * kChunk) {
      budget_.Take(kChunk * sizeof(T));
      chunks_.push_back(std::make_unique<T[]>(kChunk));
    }
    chunks_[size_ / kChunk][size_ % kChunk] = item;
    ++size_;
  }
  T& operator[](std::size_t i) noexcept { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const noexcept { return chunks_[i / kChunk][i % kChunk]; }
  void Prefetch(std::size_t i) const noexcept { __builtin_prefetch(&chunks_[i / kChunk][i % kChunk], 1); }
  std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::size_t kChunk = 1024;

  Budget& budget_;
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<T[]>> chunks_;
};

}  // namespace ecomm::core
