// Series together with their sums over what tells them apart, forecast each by itself and then made to agree.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/hierarchy.hpp"
#include "ecomm_analytics/core/reconcile.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

// A value of a dimension; unset for lines that have none.
using SeriesName = std::vector<std::optional<std::string>>;

// What stands for a dimension that is summed over.
inline constexpr const char* kSummedOver = "*";

class CoherentSeries {
 public:
  // One name per series, and their values, all of the same length. Throws as BuildHierarchy() and
  // Error(kMemoryLimit): it needs 8 bytes per value of a sum.
  CoherentSeries(std::span<const SeriesName> names, std::span<const std::vector<double>* const> values);

  // Sums first, then the series in the order they came.
  const std::vector<SeriesName>& names() const { return names_; }
  const std::vector<const std::vector<double>*>& values() const { return all_; }

  // `forecasts`: of all, in that order, with the residuals of all values. Points become coherent; bounds move
  // with them and are widened or narrowed by what the others' forecasts say. Where the sum of all series
  // never was negative, no point is. Throws as Reconcile().
  void Reconcile(Reconciliation method, std::vector<StatedForecast>* forecasts) const;

 private:
  Hierarchy hierarchy_;
  std::vector<SeriesName> names_;
  std::vector<std::vector<double>> sums_;
  std::vector<const std::vector<double>*> all_;
};

}  // namespace ecomm::core
