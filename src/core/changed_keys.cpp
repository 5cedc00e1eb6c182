#include "ecomm_analytics/core/changed_keys.hpp"

#include <algorithm>

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

}  // namespace

std::vector<Key> DistinctKeys(std::span<const std::string_view> logs, KeyRole role) {
  Budget budget;
  IntegerIndex numbers(budget);
  BytesIndex names(budget);
  BudgetedVector<Key> found(budget);
  const auto kind_of = [role](const LogShape& shape) {
    return role == KeyRole::kCustomer ? shape.customer_kind : shape.order_kind;
  };
  if (logs.empty()) return {};
  const KeyKind kind = kind_of(ShapeOfLog(logs[0]));
  ForEachLine(logs, [&](const LogShape& shape, const LoggedLine& line) {
    if (kind_of(shape) != kind) {
      throw Error(ErrorCode::kBadData, "logs of sale lines have keys of different types");
    }
    const auto& key = role == KeyRole::kCustomer ? line.customer : line.order;
    if (!key) return;
    const bool is_new = kind == KeyKind::kNumber
                            ? numbers.Insert(key->number, static_cast<std::uint32_t>(found.size())).second
                            : names.Insert(key->bytes).second;
    if (is_new) found.Append(*key);
  });
  std::vector<Key> keys(found.data(), found.data() + found.size());
  Steps steps;
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    steps.Step();
    return kind == KeyKind::kNumber ? a.number < b.number : a.bytes < b.bytes;
  });
  return keys;
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
