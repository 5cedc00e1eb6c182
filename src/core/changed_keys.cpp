#include "ecomm_analytics/core/changed_keys.hpp"

#include <algorithm>
#include <numeric>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core {
namespace {

template <typename Visit>
void ForEachLine(std::span<const std::string_view> logs, Visit visit) {
  Steps steps;
  for (const std::string_view log : logs) {
    LineReader reader(log);
    reader.ForEach([](std::string_view) { return 0U; },
                   [&](const LoggedLine& line, std::uint32_t) {
                     steps.Step();
                     visit(reader.shape(), line);
                   });
  }
}

// Keys of one kind, numbered as they come.
class KeyNumbers {
 public:
  explicit KeyNumbers(KeyKind kind) : kind_(kind) {}

  std::uint32_t Of(KeyKind kind, const Key& key) {
    if (kind != kind_) {
      throw Error(ErrorCode::kBadData, "logs of sale lines have keys of different types");
    }
    const auto [number, is_new] = kind_ == KeyKind::kNumber
                                      ? numbers_.Insert(key.number, static_cast<std::uint32_t>(keys_.size()))
                                      : names_.Insert(key.bytes);
    if (is_new) keys_.Append(key);
    return number;
  }
  // Their numbers, by key.
  std::vector<std::uint32_t> Ascending() const {
    std::vector<std::uint32_t> order(keys_.size());
    std::iota(order.begin(), order.end(), 0U);
    Steps steps;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      steps.Step();
      return kind_ == KeyKind::kNumber ? keys_[a].number < keys_[b].number : keys_[a].bytes < keys_[b].bytes;
    });
    return order;
  }
  const Key& operator[](std::uint32_t number) const { return keys_[number]; }
  std::size_t size() const { return keys_.size(); }

 private:
  KeyKind kind_;
  Budget budget_;
  IntegerIndex numbers_{budget_};
  BytesIndex names_{budget_};
  BudgetedVector<Key> keys_{budget_};
};

}  // namespace

std::vector<Key> DistinctKeys(std::span<const std::string_view> logs, KeyRole role) {
  const auto kind_of = [role](const LogShape& shape) {
    return role == KeyRole::kCustomer ? shape.customer_kind : shape.order_kind;
  };
  if (logs.empty()) return {};
  KeyNumbers numbers(kind_of(ShapeOfLog(logs[0])));
  ForEachLine(logs, [&](const LogShape& shape, const LoggedLine& line) {
    const auto& key = role == KeyRole::kCustomer ? line.customer : line.order;
    if (key) numbers.Of(kind_of(shape), *key);
  });
  std::vector<Key> keys;
  keys.reserve(numbers.size());
  for (const std::uint32_t number : numbers.Ascending()) keys.push_back(numbers[number]);
  return keys;
}

std::vector<AmountChange> AmountChanges(std::span<const std::string_view> inserted,
                                        std::span<const std::string_view> deleted) {
  if (inserted.empty() && deleted.empty()) return {};
  KeyNumbers numbers(ShapeOfLog((inserted.empty() ? deleted : inserted)[0]).customer_kind);
  std::vector<Int128> amounts;
  const auto add = [&](std::span<const std::string_view> logs, int times) {
    ForEachLine(logs, [&](const LogShape& shape, const LoggedLine& line) {
      if (!line.customer) return;
      const std::uint32_t number = numbers.Of(shape.customer_kind, *line.customer);
      if (number == amounts.size()) amounts.push_back(0);
      if (__builtin_add_overflow(amounts[number], times * AmountOf(line), &amounts[number])) {
        throw Error(ErrorCode::kNumericRange, "a sum has more digits than are held");
      }
    });
  };
  add(inserted, 1);
  add(deleted, -1);
  std::vector<AmountChange> changes;
  for (const std::uint32_t number : numbers.Ascending()) {
    if (amounts[number] != 0) changes.push_back({numbers[number], amounts[number]});
  }
  return changes;
}

std::vector<Day> UnknownDays(std::span<const std::string_view> logs) {
  std::vector<Day> days;
  ForEachLine(logs, [&](const LogShape&, const LoggedLine& line) {
    if (!line.order && !line.customer && (days.empty() || days.back() != line.day)) days.push_back(line.day);
  });
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace ecomm::core
