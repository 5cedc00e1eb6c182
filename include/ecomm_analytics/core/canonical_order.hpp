// An order of rows that does not depend on the order they came in.
#pragma once

#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// The row numbers of `points` (n × d, n < 2^32) in lexicographic order of the rows' values, equal rows by
// number: the sequence of rows it gives is a function of the set of rows. 0 and -0 are equal, infinities are
// in order. Radix sort, O(n·d). Raises kUnusableData for NaN; kMemoryLimit.
std::vector<std::uint32_t> CanonicalOrder(const MatrixView& points);

}  // namespace ecomm::core
