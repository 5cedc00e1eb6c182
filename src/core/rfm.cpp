#include "ecomm_analytics/core/rfm.hpp"

#include <algorithm>
#include <span>

#include "ecomm_analytics/core/error.hpp"
#include "rfm_format.hpp"

namespace ecomm::core {

RfmState::RfmState(KeyKind customer_kind, KeyKind order_kind)
    : customer_kind_(customer_kind), order_kind_(order_kind) {}

RfmState::~RfmState() = default;

void RfmState::Add(const Line& line) {
  if (failure_ != RfmFailure::kNone) return;
  ++counts_.lines;
  if (!line.sold_at) {
    ++counts_.no_date;
    return;
  }
  last_sale_ = std::max(last_sale_, *line.sold_at);
  if (!line.amount || line.amount->kind == Amount::Kind::kNotANumber) {
    ++counts_.no_amount;
    return;
  }
  if (!line.customer) {
    ++counts_.unknown_customer;
    return;
  }
  if (line.amount->kind == Amount::Kind::kBeyond) return Fail(RfmFailure::kPrecision);
  if (line.amount->value < 0) ++counts_.returns;
  WithinBudget([&] {
    const Run run = MakeRun(line);
    if (run_count_ > 0 && Extend(runs_[run_count_ - 1], run)) return;
    if (run_count_ == kBatch) FlushRuns();
    if (failure_ == RfmFailure::kNone) runs_[run_count_++] = run;
  });
}

RfmState::Run RfmState::MakeRun(const Line& line) {
  Run run{.customer = line.customer->number,
          .order = line.order ? line.order->number : DayOf(*line.sold_at),
          .has_order = line.order.has_value(),
          .is_return = line.amount->value < 0,
          .number = kNoNumber,
          .totals = {.monetary = line.amount->value, .display_scale = line.amount->display_scale}};
  if (!run.is_return) run.totals.first_purchase = run.totals.last_purchase = *line.sold_at;
  // Bytes do not outlive the line, so they are looked up at once.
  if (customer_kind_ == KeyKind::kBytes) run.customer = CustomerNumber(line.customer->bytes);
  if (order_kind_ == KeyKind::kBytes && run.has_order)
    run.order = order_names_.Insert(line.order->bytes).first;
  return run;
}

bool RfmState::Extend(Run& last, const Run& next) {
  return last.customer == next.customer && last.order == next.order && last.has_order == next.has_order &&
         last.is_return == next.is_return && Combine(last.totals, next.totals);
}

void RfmState::Flush() {
  WithinBudget([this] { FlushRuns(); });
}

void RfmState::FlushRuns() {
  const std::span<Run> runs(runs_.data(), run_count_);
  run_count_ = 0;
  if (customer_kind_ == KeyKind::kNumber) {
    for (const Run& run : runs) customer_numbers_.Prefetch(run.customer);
    for (Run& run : runs) {
      run.number = CustomerNumber(run.customer);
      __builtin_prefetch(&customers_[run.number], 1);
    }
  } else {
    for (Run& run : runs) run.number = static_cast<std::uint32_t>(run.customer);
  }
  for (const Run& run : runs) {
    if (!Combine(customers_[run.number], run.totals)) return Fail(RfmFailure::kPrecision);
    if (!run.is_return) {
      (run.has_order ? orders_ : unnumbered_days_).Add(run.number, run.order, customers_.size());
    }
  }
}

void RfmState::NewCustomer() {
  if (customers_.size() == kNoNumber) throw Error(ErrorCode::kMemoryLimit, "too many customers");
  customers_.Append(RfmTotals{});
}

std::uint32_t RfmState::CustomerNumber(std::int64_t key) {
  const auto [number, is_new] = customer_numbers_.Insert(key, static_cast<std::uint32_t>(customers_.size()));
  if (is_new) {
    customer_keys_.Append(key);
    NewCustomer();
  }
  return number;
}

std::uint32_t RfmState::CustomerNumber(std::string_view key) {
  const auto [number, is_new] = customer_names_.Insert(key);
  if (is_new) NewCustomer();
  return number;
}

bool RfmState::Combine(RfmTotals& totals, const RfmTotals& other) {
  Int128 sum;
  if (__builtin_add_overflow(totals.monetary, other.monetary, &sum)) return false;
  totals.monetary = sum;
  totals.first_purchase = std::min(totals.first_purchase, other.first_purchase);
  totals.last_purchase = std::max(totals.last_purchase, other.last_purchase);
  totals.display_scale = std::max(totals.display_scale, other.display_scale);
  return true;
}

void RfmState::Fail(RfmFailure failure) noexcept {
  failure_ = failure;
  run_count_ = 0;
  ClearOwn();
  for (const Sorted& part : parts_) budget_.Give(part.bytes());
  parts_ = {};
}

void RfmState::ClearOwn() noexcept {
  customer_numbers_.Clear();
  customer_names_.Clear();
  customer_keys_.Clear();
  customers_.Clear();
  order_names_.Clear();
  orders_.Clear();
  unnumbered_days_.Clear();
}

}  // namespace ecomm::core
