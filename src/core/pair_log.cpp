#include "ecomm_analytics/core/pair_log.hpp"

#include <algorithm>
#include <numeric>

#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core {
ValueLists PairLog::Group(std::span<const std::uint32_t> rank) const {
  RequireMemory(budget_.used() + rank.size() * (sizeof(std::uint32_t) + sizeof(std::size_t)), "aggregation");
  ValueLists lists{std::vector<std::uint32_t>(rank.size()), std::vector<std::int64_t>(size_)};
  Steps steps;
  ForEach([&](std::uint32_t customer, std::int64_t) {
    steps.Step();
    ++lists.counts[rank[customer]];
  });
  std::vector<std::size_t> next(rank.size());
  std::exclusive_scan(lists.counts.begin(), lists.counts.end(), next.begin(), std::size_t{0});
  ForEach([&](std::uint32_t customer, std::int64_t value) {
    steps.Step();
    lists.values[next[rank[customer]]++] = value;
  });
  const auto less = [&steps](std::int64_t a, std::int64_t b) {
    steps.Step();
    return a < b;
  };
  auto begin = lists.values.begin();
  auto end = begin;  // of what is kept
  for (std::uint32_t& count : lists.counts) {
    steps.Step();
    const auto next_begin = begin + count;
    if (!std::is_sorted(begin, next_begin)) std::sort(begin, next_begin, less);
    const auto kept = end;
    for (; begin != next_begin; ++begin, steps.Step()) {
      if (end == kept || *std::prev(end) != *begin) *end++ = *begin;
    }
    count = static_cast<std::uint32_t>(end - kept);
  }
  lists.values.erase(end, lists.values.end());
  return lists;
}

void PairLog::Compact(std::size_t customers) {
  std::vector<std::uint32_t> rank(customers);
  std::iota(rank.begin(), rank.end(), 0U);
  const ValueLists lists = Group(rank);
  size_ = 0;
  auto value = lists.values.begin();
  for (std::uint32_t customer = 0; customer < customers; ++customer) {
    for (std::uint32_t i = 0; i < lists.counts[customer]; ++i) Add(customer, *value++, customers);
  }
  compacted_ = size_;
  Truncate(size_);
}

void PairLog::MakeRoom(std::size_t customers) {
  // Where half of it and more was kept the last time, there is too little to win.
  if (!budget_.Has(kChunkBytes) && size_ >= 2 * compacted_) {
    Compact(customers);
    if (size_ < chunks_.size() * kChunk) return;
  }
  budget_.Take(kChunkBytes);
  chunks_.push_back(std::make_unique_for_overwrite<Chunk>());
}

void PairLog::Truncate(std::size_t size) noexcept {
  const std::size_t needed = (size + kChunk - 1) / kChunk;
  budget_.Give((chunks_.size() - needed) * kChunkBytes);
  chunks_.resize(needed);
}

void PairLog::Clear() noexcept {
  size_ = compacted_ = 0;
  Truncate(0);
  chunks_.shrink_to_fit();
}

}  // namespace ecomm::core
