// Recency, frequency and monetary value of every customer, from one pass over the sale lines in any order, in
// pieces that merge: Add lines to one state per worker, Serialize, Merge, and Finish.
//
//   recency    whole calendar days from the last purchase to the snapshot
//   frequency  distinct orders; lines without an order key count as one order per customer and day
//   monetary   exact sum of amounts, returns included
//
// A return (amount below zero) lowers monetary and is no purchase: it counts neither for the dates nor as an
// order. After Fader, Hardie & Lee (2005), doi:10.1509/jmkr.2005.42.4.415, as the terms are used in practice.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/core/key_index.hpp"
#include "ecomm_analytics/core/pair_log.hpp"

namespace ecomm::core {

// Microseconds, as the server's timestamp.
using Micros = std::int64_t;
constexpr Micros kMicrosPerDay = 86'400'000'000;

// The day number of a moment (floored, so right before the epoch too).
constexpr std::int64_t DayOf(Micros moment) noexcept {
  return moment / kMicrosPerDay - (moment % kMicrosPerDay < 0 ? 1 : 0);
}

enum class KeyKind : std::uint8_t { kNumber, kBytes };

// A customer's or an order's key as it arrives: one or the other.
struct Key {
  std::int64_t number = 0;
  std::string_view bytes;
};

namespace rfm_format {
struct Header;
}

// What became of the lines.
struct LineCounts {
  std::int64_t lines = 0;
  std::int64_t returns = 0;           // used: they lower monetary
  std::int64_t unknown_customer = 0;  // left out of RFM
  std::int64_t no_date = 0;           // left out: NULL or infinite
  std::int64_t no_amount = 0;         // left out: NULL, NaN or infinite

  LineCounts& operator+=(const LineCounts& other) noexcept {
    lines += other.lines;
    returns += other.returns;
    unknown_customer += other.unknown_customer;
    no_date += other.no_date;
    no_amount += other.no_amount;
    return *this;
  }
};

struct RfmTotals {
  Int128 monetary = 0;  // x 10^-kAmountScale
  Micros first_purchase = INT64_MAX;
  Micros last_purchase = INT64_MIN;  // INT64_MIN: never bought anything, only returned
  std::int64_t frequency = 0;
  std::uint8_t display_scale = 0;

  bool purchased() const noexcept { return last_purchase != INT64_MIN; }
};

// Why a state gave up; the caller then takes a path that needs no memory of its own.
enum class RfmFailure : std::uint8_t {
  kNone,
  kMemory,     // over the budget
  kPrecision,  // an amount or a sum with more digits than 128 bits hold
};

class RfmState {
 public:
  RfmState(KeyKind customer_kind, KeyKind order_kind);
  ~RfmState();
  RfmState(const RfmState&) = delete;
  RfmState& operator=(const RfmState&) = delete;

  struct Line {
    std::optional<Key> customer;
    std::optional<Micros> sold_at;  // finite
    std::optional<Key> order;
    std::optional<Amount> amount;
  };
  // Never throws for want of memory: the state fails, ignores later lines, and its finished table says so.
  void Add(const Line& line);

  // Adds what another state serialised. The bytes are checked; Error(kBadData) if they are no state of the
  // same kinds.
  void Merge(std::string_view serialized);

  // Both leave the state of no further use, and fail it where the result would have more than `most` bytes.
  // Everything needed to merge.
  std::string Serialize(std::size_t most = SIZE_MAX);
  // The finished table, customers in ascending key order (see RfmTable). Without order keys, so it does not
  // merge.
  std::string Finish(std::size_t most = SIZE_MAX);

 private:
  // Neighbouring lines of one customer's order, as one. Runs are looked up in batches, because what a lookup
  // costs is the wait for memory: asked for together, the waits overlap (measured: half the time of the whole
  // aggregate).
  struct Run {
    std::int64_t customer;  // key, or for kBytes the customer's number
    std::int64_t order;     // key, or for kBytes the order's number; without an order the day
    bool has_order;
    bool is_return;
    std::uint32_t number;  // of the customer, once looked up
    RfmTotals totals;      // frequency unused
  };
  static constexpr std::size_t kBatch = 64;

  struct Sorted;
  bool numeric() const noexcept {
    return customer_kind_ == KeyKind::kNumber && order_kind_ == KeyKind::kNumber;
  }
  // What was added becomes one more part. Only where both kinds are numbers.
  void CloseOwn();
  Sorted SortOwn() const;
  void AddPart(Sorted part);
  std::vector<std::uint32_t> CustomersByKey() const;
  // All parts as one. Throws Error(kMemoryLimit), Error(kNumericRange).
  static Sorted JoinParts(const std::vector<Sorted>& parts);
  // The same, but of each customer's orders only the number, in frequency.
  static Sorted CountParts(const std::vector<Sorted>& parts);
  template <typename Visit>
  static void WalkParts(const std::vector<Sorted>& parts, Visit visit);
  void MergeByLookup(std::string_view bytes);
  // Runs `function`; want of memory, or a sum out of range, fails the state.
  template <typename Function>
  void WithinBudget(Function function);
  // Fails the state unless `bytes` more fit into the budget and into `most`.
  void RequireRoom(std::size_t bytes, std::size_t most);
  rfm_format::Header MakeHeader() const;
  std::string SerializeParts(std::size_t most);
  std::string SerializeNamed(std::size_t most);
  std::string FinishParts(std::size_t most);
  std::string FinishNamed(std::size_t most);
  void CountOrders();

  Run MakeRun(const Line& line);
  static bool Extend(Run& last, const Run& next);
  void Flush();
  void FlushRuns();
  void NewCustomer();
  std::uint32_t CustomerNumber(std::int64_t key);
  std::uint32_t CustomerNumber(std::string_view key);
  // Money, dates and scale, not frequency. False, and nothing changed, when the sum leaves the range.
  static bool Combine(RfmTotals& totals, const RfmTotals& other);
  void ClearOwn() noexcept;
  void Fail(RfmFailure failure) noexcept;

  KeyKind customer_kind_;
  KeyKind order_kind_;
  RfmFailure failure_ = RfmFailure::kNone;
  LineCounts counts_;
  Micros last_sale_ = INT64_MIN;  // over all dated lines, known customers or not
  Budget budget_;
  IntegerIndex customer_numbers_{budget_};
  BytesIndex customer_names_{budget_};
  BudgetedVector<std::int64_t> customer_keys_{budget_};  // for kNumber
  BudgetedVector<RfmTotals> customers_{budget_};
  BytesIndex order_names_{budget_};
  PairLog orders_{budget_};
  PairLog unnumbered_days_{budget_};
  std::vector<Sorted> parts_;  // from other states, where both kinds are numbers
  std::array<Run, kBatch> runs_;
  std::size_t run_count_ = 0;
};

// A finished table, read where it lies. Checked once, at construction; the bytes must outlive it.
class RfmTable {
 public:
  explicit RfmTable(std::string_view finished);

  RfmFailure failure() const noexcept { return failure_; }
  const LineCounts& counts() const noexcept { return counts_; }
  std::optional<Micros> last_sale() const noexcept {
    return last_sale_ == INT64_MIN ? std::nullopt : std::optional(last_sale_);
  }
  KeyKind key_kind() const noexcept { return key_kind_; }
  std::size_t size() const noexcept { return size_; }
  Key key(std::size_t i) const;
  RfmTotals totals(std::size_t i) const;

 private:
  RfmFailure failure_;
  KeyKind key_kind_;
  LineCounts counts_;
  Micros last_sale_;
  std::size_t size_;
  std::string_view totals_;
  std::string_view keys_;
  std::string_view names_;
};

// Whole days from the last purchase to the snapshot.
constexpr std::int64_t Recency(Micros last_purchase, Micros snapshot) noexcept {
  return DayOf(snapshot) - DayOf(last_purchase);
}

// The default snapshot: the start of the day after the last sale.
constexpr Micros DefaultSnapshot(Micros last_sale) noexcept { return (DayOf(last_sale) + 1) * kMicrosPerDay; }

}  // namespace ecomm::core
