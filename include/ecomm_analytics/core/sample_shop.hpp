// Sales of a shop that does not exist, for trying things out: growth, weekly and yearly season, one-time and
// heavy buyers, price changes, and the dirt of real tables (returns, missing customers and invoices, states
// spelt many ways). The same options give the same rows, one by one and in order of time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/sample_catalog.hpp"

namespace ecomm::core {

struct SampleShopOptions {
  std::int64_t customers = 4000;
  std::int64_t days = 730;
  std::int64_t seed = 42;
  std::int64_t first_day = 19359;  // days since 1970-01-01; this is 2023-01-02, a Monday
};

// Customers are numbered from here on.
inline constexpr std::int64_t kFirstSampleCustomer = 10'001;

struct SampleCustomer {
  std::int64_t customer_id;
  std::string city;
  std::string postal;
  std::string state;  // one of many spellings; one in 250 is not in the state table
  std::optional<double> latitude;
  std::optional<double> longitude;
};

struct SampleLine {
  std::int64_t minute;                      // since 1970-01-01 00:00
  std::optional<std::int64_t> customer_id;  // unknown for guests
  const SampleProduct* product;
  std::optional<std::int64_t> invoice_no;
  std::int64_t quantity;    // negative for a return
  std::int64_t unit_price;  // cents; 0 for a free gift

  std::int64_t Amount() const { return quantity * unit_price; }
};

// Error(kInvalidArgument) where an option is out of range: customers 1 to 100 million, days 1 to 36,525, the
// first day in the years 1 to 9000.
void CheckSampleShop(const SampleShopOptions& options);

inline constexpr std::int64_t kMaxSampleLines = 2'000'000'000;

// How many customers give about `lines` lines over the days of `options` (whose own customers are not looked
// at): within some percent, as a trial of 20,000 customers tells. At least 1. Throws as CheckSampleShop does,
// and for `lines` outside 1 to kMaxSampleLines.
std::int64_t SampleCustomersFor(std::int64_t lines, const SampleShopOptions& options);

// The customer table, one after another. Some never buy in the days that are sampled.
class SampleCustomers {
 public:
  // Throws as CheckSampleShop does.
  explicit SampleCustomers(const SampleShopOptions& options);
  // nullopt at the end
  std::optional<SampleCustomer> Next();

 private:
  std::int64_t customers_;
  std::int64_t made_ = 0;
  Random random_;
  std::vector<SampleSpelling> spellings_;
  std::vector<double> state_shares_;  // summed
};

// The sale table, line after line in order of time. Holds 12 bytes per customer and the lines of one day,
// however many lines there are. Polls, and tells how far it is every million lines.
class SampleSales {
 public:
  // Throws as CheckSampleShop does, and Error(kMemoryLimit).
  explicit SampleSales(const SampleShopOptions& options);
  ~SampleSales();
  SampleSales(const SampleSales&) = delete;
  SampleSales& operator=(const SampleSales&) = delete;

  // nullopt at the end
  std::optional<SampleLine> Next();

 private:
  class Shop;
  std::unique_ptr<Shop> shop_;
  std::vector<SampleLine> lines_;  // of one day
  std::size_t position_ = 0;
  std::int64_t made_ = 0;
};

}  // namespace ecomm::core
