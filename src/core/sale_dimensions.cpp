#include "ecomm_analytics/core/sale_dimensions.hpp"

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

SaleDimensions::SaleDimensions(KeyKind customer_kind, Budget& budget)
    : customer_kind_(customer_kind),
      customer_numbers_(budget),
      customer_names_(budget),
      places_(budget),
      place_numbers_(budget),
      states_(budget),
      regions_(budget),
      categories_(budget),
      match_keys_(budget),
      matches_(budget),
      product_ids_(budget),
      sold_(budget),
      products_(budget) {
  PlaceNumber({});
  SoldProduct(product_ids_.Insert(kUnknownName).first, categories_.Insert(kUnknownName).first);
}

std::uint32_t SaleDimensions::PlaceNumber(const Place& place) {
  const std::uint32_t state = states_.Insert(place.state.value_or(kUnknownName)).first;
  const std::uint32_t region = regions_.Insert(place.region.value_or(kUnknownName)).first;
  if (state == region_of_state_.size()) region_of_state_.push_back(region);
  const auto [number, is_new] = place_numbers_.Insert(std::int64_t{state} << 32 | region,
                                                      static_cast<std::uint32_t>(place_parts_.size()));
  if (is_new) {
    // Cells are numbered with 16 bits of place.
    if (number > UINT16_MAX) {
      throw Error(ErrorCode::kUnusableData, "customers live in too many states",
                  "At most " + std::to_string(UINT16_MAX + 1) + " are possible.");
    }
    place_parts_.push_back({state, region});
  }
  return number;
}

std::uint32_t SaleDimensions::CustomerNumber(const Key& key) {
  if (customer_kind_ == KeyKind::kNumber) {
    const auto [number, is_new] = customer_numbers_.Insert(key.number, customers());
    if (is_new) places_.Append({});
    return number;
  }
  const auto [number, is_new] = customer_names_.Insert(key.bytes);
  if (is_new) places_.Append({});
  return number;
}

void SaleDimensions::AddCustomer(const Key& key, const Place& place, const Place& before) {
  const std::uint32_t number = CustomerNumber(key);
  const std::uint32_t now = PlaceNumber(place);
  region_of_state_[state_of(now)] = region_of(now);
  places_[number] = {now, PlaceNumber(before)};
}

void SaleDimensions::AddProduct(std::string_view match_key, std::string_view product_id,
                                std::optional<std::string_view> category) {
  if (!match_keys_.Insert(match_key).second) return;
  const std::uint32_t id = product_ids_.Insert(product_id).first;
  matches_.Append({id, categories_.Insert(category.value_or(kUnknownName)).first});
}

std::uint32_t SaleDimensions::ProductNumber(std::string_view match_key) {
  const auto [match, is_new] = match_keys_.Insert(match_key);
  if (is_new) {
    const std::uint32_t id = product_ids_.Insert(match_key).first;
    matches_.Append({id, categories_.Insert(kUnknownName).first});
  }
  return SoldProduct(matches_[match].id, matches_[match].category);
}

std::uint32_t SaleDimensions::SoldProduct(std::uint32_t id, std::uint32_t category) {
  const auto [number, is_new] = sold_.Insert(id, static_cast<std::uint32_t>(products_.size()));
  if (is_new) {
    constexpr std::uint32_t kMostProducts = 1U << 28;
    if (number >= kMostProducts) {
      throw Error(ErrorCode::kUnusableData, "there are too many products",
                  "At most " + std::to_string(kMostProducts) + " are possible.");
    }
    products_.Append({id, category});
  }
  return number;
}

}  // namespace ecomm::core
