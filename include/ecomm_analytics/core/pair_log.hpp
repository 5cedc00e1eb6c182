// Pairs of a customer's number and a 64-bit value: written down as they come, made a set only at the end or
// when memory gets short. (A hash set of them waits for memory once a pair; writing them down does not.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ecomm_analytics/core/budget.hpp"

namespace ecomm::core {

// A set of values per customer: counts in the order of the customers, then the values, ascending within each.
struct ValueLists {
  std::vector<std::uint32_t> counts;
  std::vector<std::int64_t> values;
};

class PairLog {
 public:
  explicit PairLog(Budget& budget) : budget_(budget) {}

  // `customer` < `customers`, the number of customers so far. Throws Error(kMemoryLimit).
  void Add(std::uint32_t customer, std::int64_t value, std::size_t customers) {
    if (size_ == chunks_.size() * kChunk) MakeRoom(customers);
    Chunk& chunk = *chunks_[size_ / kChunk];
    chunk.customers[size_ % kChunk] = customer;
    chunk.values[size_ % kChunk] = value;
    ++size_;
  }
  // The values of customer i as list number rank[i]. Throws Error(kMemoryLimit).
  ValueLists Group(std::span<const std::uint32_t> rank) const;
  // Drops duplicates. Throws Error(kMemoryLimit).
  void Compact(std::size_t customers);

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::size_t i = 0; i < size_; ++i) {
      const Chunk& chunk = *chunks_[i / kChunk];
      visit(chunk.customers[i % kChunk], chunk.values[i % kChunk]);
    }
  }
  // Duplicates counted.
  std::size_t size() const noexcept { return size_; }
  void Clear() noexcept;

 private:
  static constexpr std::size_t kChunk = 2048;
  struct Chunk {
    std::array<std::uint32_t, kChunk> customers;
    std::array<std::int64_t, kChunk> values;
  };
  // A chunk, and its share of what Group will need: asked for now, so that it is there at the end.
  static constexpr std::size_t kChunkBytes = sizeof(Chunk) + kChunk * sizeof(std::int64_t);

  void MakeRoom(std::size_t customers);
  void Truncate(std::size_t size) noexcept;

  Budget& budget_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::size_t size_ = 0;
  std::size_t compacted_ = 0;  // size after the last Compact
};

}  // namespace ecomm::core
