// Where customers live and what products are, as numbers: what a summary tells sales apart by.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/key_index.hpp"
#include "ecomm_analytics/core/rfm.hpp"

namespace ecomm::core {

// What a customer's state, a product or a category is called that nobody knows.
inline constexpr std::string_view kUnknownName = "Unknown";

class SaleDimensions {
 public:
  SaleDimensions(KeyKind customer_kind, Budget& budget);

  // Unset is unknown.
  struct Place {
    std::optional<std::string_view> state;
    std::optional<std::string_view> region;
  };
  // A customer given twice is where the last call says. `before`: where lines that were there before count.
  void AddCustomer(const Key& key, const Place& place, const Place& before);
  // A product is told by its match key (MatchKey); given twice, the first counts.
  void AddProduct(std::string_view match_key, std::string_view product_id,
                  std::optional<std::string_view> category);

  // The number of a customer, known so far or not.
  std::uint32_t CustomerNumber(const Key& key);
  // Has the memory of such a look-up on its way before it is needed.
  void PrefetchCustomer(const Key& key) const noexcept {
    if (customer_kind_ == KeyKind::kNumber) customer_numbers_.Prefetch(key.number);
  }
  std::uint32_t customers() const noexcept { return static_cast<std::uint32_t>(places_.size()); }
  // Of a customer's number; kNoNumber is nobody's.
  std::uint32_t place(std::uint32_t customer) const noexcept {
    return customer == kNoNumber ? 0 : places_[customer].now;
  }
  std::uint32_t place_before(std::uint32_t customer) const noexcept {
    return customer == kNoNumber ? 0 : places_[customer].before;
  }
  // Numbers of products that were sold; 0 is the unknown one.
  std::uint32_t ProductNumber(std::string_view match_key);

  std::size_t places() const noexcept { return place_parts_.size(); }
  std::uint32_t state_of(std::uint32_t place) const noexcept { return place_parts_[place].state; }
  std::uint32_t region_of(std::uint32_t place) const noexcept { return place_parts_[place].region; }
  std::size_t products() const noexcept { return products_.size(); }
  std::uint32_t category_of(std::uint32_t product) const noexcept { return products_[product].category; }

  std::size_t states() const noexcept { return states_.size(); }
  // Where the state is now, whatever it was in before.
  std::uint32_t region_of_state(std::uint32_t state) const noexcept { return region_of_state_[state]; }
  std::size_t regions() const noexcept { return regions_.size(); }
  std::size_t categories() const noexcept { return categories_.size(); }
  std::string_view state_name(std::uint32_t state) const noexcept { return states_.Get(state); }
  std::string_view region_name(std::uint32_t region) const noexcept { return regions_.Get(region); }
  std::string_view category_name(std::uint32_t category) const noexcept { return categories_.Get(category); }
  std::string_view product_name(std::uint32_t product) const noexcept {
    return product_ids_.Get(products_[product].id);
  }

 private:
  std::uint32_t PlaceNumber(const Place& place);
  std::uint32_t SoldProduct(std::uint32_t id, std::uint32_t category);

  struct CustomerPlaces {
    std::uint32_t now = 0;
    std::uint32_t before = 0;
  };
  struct PlaceParts {
    std::uint32_t state;
    std::uint32_t region;
  };
  struct Product {
    std::uint32_t id;
    std::uint32_t category;
  };
  KeyKind customer_kind_;
  IntegerIndex customer_numbers_;
  BytesIndex customer_names_;
  BudgetedVector<CustomerPlaces> places_;
  IntegerIndex place_numbers_;
  std::vector<PlaceParts> place_parts_;
  BytesIndex states_;
  std::vector<std::uint32_t> region_of_state_;
  BytesIndex regions_;
  BytesIndex categories_;
  BytesIndex match_keys_;
  BudgetedVector<Product> matches_;  // by number of match key
  BytesIndex product_ids_;
  IntegerIndex sold_;
  BudgetedVector<Product> products_;
};

}  // namespace ecomm::core
