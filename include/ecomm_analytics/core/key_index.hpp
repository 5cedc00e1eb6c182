// The hash tables behind whole-table aggregates: from keys to dense numbers 0, 1, 2, … in order of first
// appearance. Open addressing, linear probing, no deletion; every growth asks the budget.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/budget.hpp"

namespace ecomm::core {

inline std::uint64_t MixBits(std::uint64_t x) noexcept {
  x = (x ^ (x >> 32)) * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9ULL;
  return x ^ (x >> 32);
}

// A vector whose growth is asked of a budget first.
template <typename T>
class BudgetedVector {
 public:
  explicit BudgetedVector(Budget& budget) : budget_(budget) {}

  void Append(const T* items, std::size_t count) {
    if (items_.size() + count > items_.capacity()) Grow(items_.size() + count);
    items_.insert(items_.end(), items, items + count);
  }
  void Append(const T& item) {
    if (items_.size() == items_.capacity()) Grow(items_.size() + 1);
    items_.push_back(item);
  }
  void Resize(std::size_t size, const T& fill) {
    if (size > items_.capacity()) Grow(size);
    items_.resize(size, fill);
  }
  T& operator[](std::size_t i) noexcept { return items_[i]; }
  const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  // Has an item's memory on its way before it is needed.
  void Prefetch(std::size_t i) const noexcept { __builtin_prefetch(items_.data() + i, 1); }
  std::size_t size() const noexcept { return items_.size(); }
  T* data() noexcept { return items_.data(); }
  const T* data() const noexcept { return items_.data(); }

  void Swap(BudgetedVector& other) noexcept { items_.swap(other.items_); }
  // Frees the memory too.
  void Clear() noexcept {
    budget_.Give(items_.capacity() * sizeof(T));
    std::vector<T>().swap(items_);
  }

 private:
  void Grow(std::size_t least) {
    const std::size_t old_capacity = items_.capacity();
    const std::size_t capacity = std::max({least, old_capacity + old_capacity / 2, std::size_t{64}});
    budget_.Take(capacity * sizeof(T));
    items_.reserve(capacity);
    budget_.Give(old_capacity * sizeof(T));
  }

  Budget& budget_;
  std::vector<T> items_;
};

// Open-addressing table of `Slot`s, where Slot{} is an empty one, Slot::empty() says so and Slot::hash()
// spreads.
template <typename Slot>
class SlotTable {
 public:
  explicit SlotTable(Budget& budget) : slots_(budget), grown_(budget) {}

  // The slot that `matches`, or the empty one where it belongs. Call Filled() after filling an empty slot.
  template <typename Matches>
  Slot& Find(std::uint64_t hash, Matches matches) {
    if (filled_ * 5 >= slots_.size() * 4) Grow(slots_.size() * 2);
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (!slots_[i].empty() && !matches(slots_[i])) i = (i + 1) & mask;
    return slots_[i];
  }
  void Filled() noexcept { ++filled_; }
  // Has the memory of a lookup on its way before the lookup needs it.
  void Prefetch(std::uint64_t hash) const noexcept {
    if (slots_.size() > 0) __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1)), 1);
  }

  void Clear() noexcept {
    slots_.Clear();
    filled_ = 0;
  }

 private:
  void Grow(std::size_t least) {
    const std::size_t capacity = std::max<std::size_t>(least, 1024);
    grown_.Resize(capacity, Slot{});
    const std::size_t mask = capacity - 1;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].empty()) continue;
      std::size_t j = slots_[i].hash() & mask;
      while (!grown_[j].empty()) j = (j + 1) & mask;
      grown_[j] = slots_[i];
    }
    slots_.Swap(grown_);
    grown_.Clear();
  }

  BudgetedVector<Slot> slots_;
  BudgetedVector<Slot> grown_;  // only while growing
  std::size_t filled_ = 0;
};

constexpr std::uint32_t kNoNumber = UINT32_MAX;

// Dense numbers for 64-bit integer keys.
class IntegerIndex {
 public:
  explicit IntegerIndex(Budget& budget) : table_(budget) {}

  // The key's number; `next` becomes its number where it is new (second is true then).
  std::pair<std::uint32_t, bool> Insert(std::int64_t key, std::uint32_t next) {
    Slot& slot =
        table_.Find(MixBits(static_cast<std::uint64_t>(key)), [=](const Slot& s) { return s.key == key; });
    if (!slot.empty()) return {slot.number, false};
    slot = {key, next};
    table_.Filled();
    return {next, true};
  }
  void Prefetch(std::int64_t key) const noexcept {
    table_.Prefetch(MixBits(static_cast<std::uint64_t>(key)));
  }
  void Clear() noexcept { table_.Clear(); }

 private:
  struct Slot {
    std::int64_t key = 0;
    std::uint32_t number = kNoNumber;
    bool empty() const noexcept { return number == kNoNumber; }
    std::uint64_t hash() const noexcept { return MixBits(static_cast<std::uint64_t>(key)); }
  };
  SlotTable<Slot> table_;
};

// Dense numbers for byte strings, which it keeps.
class BytesIndex {
 public:
  explicit BytesIndex(Budget& budget) : table_(budget), bytes_(budget), ends_(budget) {}

  // The key's number, and whether it is new.
  std::pair<std::uint32_t, bool> Insert(std::string_view key) {
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(key));
    Slot& slot = table_.Find(hash, [&](const Slot& s) { return s.key_hash == hash && Get(s.number) == key; });
    if (!slot.empty()) return {slot.number, false};
    bytes_.Append(key.data(), key.size());
    ends_.Append(bytes_.size());
    slot = {hash, static_cast<std::uint32_t>(ends_.size() - 1)};
    table_.Filled();
    return {slot.number, true};
  }
  std::string_view Get(std::uint32_t number) const noexcept {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return {bytes_.data() + begin, ends_[number] - begin};
  }
  std::size_t size() const noexcept { return ends_.size(); }
  // All keys together.
  std::size_t bytes() const noexcept { return bytes_.size(); }
  void Clear() noexcept {
    table_.Clear();
    bytes_.Clear();
    ends_.Clear();
  }

 private:
  struct Slot {
    std::uint32_t key_hash = 0;
    std::uint32_t number = kNoNumber;
    bool empty() const noexcept { return number == kNoNumber; }
    std::uint64_t hash() const noexcept { return key_hash; }
  };
  SlotTable<Slot> table_;
  BudgetedVector<char> bytes_;
  BudgetedVector<std::size_t> ends_;
};

}  // namespace ecomm::core
