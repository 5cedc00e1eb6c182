#include <algorithm>
#include <cmath>
#include <numbers>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/sample_shop.hpp"

namespace ecomm::core {
namespace {

constexpr std::int64_t kMaxCustomers = 100'000'000;
constexpr std::int64_t kMaxDays = 36'525;
constexpr std::int64_t kFirstDayFrom = -719'162;    // 0001-01-01
constexpr std::int64_t kFirstDayUntil = 2'567'732;  // 9000-01-01
constexpr std::uint64_t kStream = 0x637573746f6d6572;

void RequireRange(const char* name, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidArgument, std::string(name) + " is out of range",
              std::to_string(value) + " is given, " + std::to_string(low) + " to " + std::to_string(high) +
                  " is allowed");
}

std::string Upper(std::string text) {
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

double Rounded(double degrees) { return std::round(degrees * 1e4) / 1e4; }

}  // namespace

void CheckSampleShop(const SampleShopOptions& options) {
  RequireRange("customers", options.customers, 1, kMaxCustomers);
  RequireRange("days", options.days, 1, kMaxDays);
  if (options.first_day < kFirstDayFrom || options.first_day >= kFirstDayUntil) {
    throw Error(ErrorCode::kInvalidArgument, "first_day is out of range", "the years 1 to 8999 are allowed");
  }
}

SampleCustomers::SampleCustomers(const SampleShopOptions& options)
    : customers_(options.customers),
      random_(static_cast<std::uint64_t>(options.seed) ^ kStream),
      spellings_(SampleSpellings()) {
  CheckSampleShop(options);
  double sum = 0;
  for (const SampleState& state : SampleStates()) state_shares_.push_back(sum += state.share);
}

std::optional<SampleCustomer> SampleCustomers::Next() {
  if (made_ == customers_) return std::nullopt;
  const double pick = random_.Uniform() * state_shares_.back();
  const auto state_index = static_cast<std::size_t>(
      std::upper_bound(state_shares_.begin(), state_shares_.end(), pick) - state_shares_.begin());
  const SampleState& state = SampleStates()[state_index];
  const std::uint64_t town = random_.Below(kTownsPerState);

  SampleCustomer customer;
  customer.customer_id = kFirstSampleCustomer + made_++;
  customer.city = SampleTown(static_cast<int>(state_index), static_cast<int>(town));
  if (random_.Uniform() < 0.25) customer.city = Upper(customer.city);

  const auto zip = static_cast<int>(10'000 + state_index * 1'700 + town * 100 + random_.Below(100));
  customer.postal = std::to_string(zip);
  if (random_.Uniform() < 0.4) customer.postal += '-' + std::to_string(1000 + random_.Below(9000));

  // Most write the abbreviation; the rest spread over the other spellings.
  const std::size_t first = state_index * kSpellingsPerState;
  const double spelling = random_.Uniform();
  if (spelling < 0.004) {
    customer.state = spellings_[first].spelling + ' ' + spellings_[first].spelling;
  } else if (spelling < 0.80) {
    customer.state = spellings_[first].spelling;
  } else {
    customer.state = spellings_[first + 1 + random_.Below(kSpellingsPerState - 1)].spelling;
  }

  // The towns of a state lie on a ring around its middle.
  const double angle = 2.0 * std::numbers::pi * static_cast<double>(town) / kTownsPerState;
  const double reach = 0.4 + 0.6 * random_.Uniform();
  if (random_.Uniform() >= 0.02) {
    customer.latitude = Rounded(state.latitude + 0.8 * reach * std::sin(angle));
    customer.longitude = Rounded(state.longitude + 1.2 * reach * std::cos(angle));
  }
  return customer;
}

}  // namespace ecomm::core
