// Agglomerative clustering by Ward's criterion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Different rows (equal ones are one heavier row from the start). Time grows with their square: 0.4 s for
// 10,000 × 3, 10 s for 50,000 × 3 of one core of 2023.
inline constexpr std::size_t kMaxWardRows = 50'000;

// Starts from every row on its own and merges, step by step, the two clusters whose union adds least to the
// sum of squares within (Ward 1963, doi:10.1080/01621459.1963.10500845), until `k` are left; found by the
// nearest-neighbour chain (Murtagh & Legendre 2014, doi:10.1007/s00357-014-9161-z) in O(m² d) time and O(m d)
// memory for m different rows of d features. The partition is that of scikit-learn's
// AgglomerativeClustering(linkage='ward'), and the same in whatever order the rows come; labels 0 to k - 1
// are numbered in the order in which the rows first show them. Throws Error(kInvalidArgument) for no rows or
// columns, k outside 1 to the number of different rows, and more than kMaxWardRows different rows;
// Error(kUnusableData) for NaN and infinities; Error(kMemoryLimit).
std::vector<std::int32_t> Ward(const MatrixView& points, int k);

}  // namespace ecomm::core
