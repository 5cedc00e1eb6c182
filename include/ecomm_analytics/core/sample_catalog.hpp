// What the made-up shop sells and where its customers live. Products, prices and towns are invented; the
// states are real, so that maps and regional figures make sense.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

struct SampleProduct {
  std::string_view stock_code;
  std::string_view description;
  std::string_view category;
  double pounds;
  int price;           // cents, before any price change
  double popularity;   // relative share of lines
  int peak_month;      // 0 is January
  double seasonality;  // 0 sells evenly, 1 sells next to nothing half a year off its peak

  // As the product table has them: tenths of a pound, cents.
  std::int64_t Weight() const { return std::llround(pounds * 10.0); }
  std::int64_t LandedCost() const { return price * 6 / 10; }
  std::int64_t ShippingCost() const { return 300 + std::llround(40.0 * pounds); }
};

struct SampleState {
  std::string_view abbreviation;
  std::string_view name;
  std::string_view region;
  double latitude;   // about the middle
  double longitude;  // about the middle
  double share;      // relative share of customers
};

// One row of the state table: each state stands there once per spelling.
struct SampleSpelling {
  std::string spelling;
  const SampleState* state;
};

// Products of one category stand together.
std::span<const SampleProduct> SampleProducts();

std::span<const SampleState> SampleStates();

// Every spelling the state table explains: kSpellingsPerState for each state, the abbreviation first.
inline constexpr int kSpellingsPerState = 7;
std::vector<SampleSpelling> SampleSpellings();

// The made-up name of a town, 0 to kTownsPerState - 1, of a state, by its place in SampleStates().
inline constexpr int kTownsPerState = 16;
std::string SampleTown(int state, int town);

}  // namespace ecomm::core
