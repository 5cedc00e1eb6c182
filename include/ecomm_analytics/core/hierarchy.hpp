// Series that add up: each is named by the values of one to four dimensions, such as category, state and
// product, and sums of them over any of the dimensions are of interest too.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

inline constexpr std::size_t kMostDimensions = 4;

// A sum of bottom series.
struct Aggregate {
  std::vector<std::optional<std::string>> names;  // one per dimension, empty where it is summed over
  std::vector<std::size_t> bottoms;               // at least two, ascending
};

struct Hierarchy {
  std::size_t bottoms = 0;
  std::vector<Aggregate> aggregates;  // the total, then by dimensions named, these by their names' bytes
  // Per bottom series the aggregates it is part of, ascending.
  std::vector<std::vector<std::size_t>> parents;

  std::size_t size() const noexcept { return aggregates.size() + bottoms; }
};

// The total, and every combination of values of every subset of the dimensions, unless it is a single bottom
// series or the same series as one before. A dimension whose values follow from others', as the category from
// the product, is always named with those. `names` holds a bottom series' values, one per dimension. Needs
// about 400 bytes per bottom series and subset. Throws Error(kInvalidArgument) for no series, for none or
// more than four dimensions, for series with different numbers of them and for two of the same names.
Hierarchy BuildHierarchy(std::span<const std::vector<std::string>> names);

// Rows are series, columns times or steps: all series, the aggregates first, from the bottom ones. A NaN
// makes the sums it is part of NaN. Throws Error(kInvalidArgument) for another number of rows.
Matrix SumUp(const Hierarchy& hierarchy, MatrixView bottoms);

}  // namespace ecomm::core
