// Density-based clustering.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// 0.4 s for 100,000 × 3, 5 s for 1,000,000 × 3 of one core of 2023, whatever eps.
inline constexpr std::size_t kMaxDbscanRows = 1'000'000;

struct DbscanOptions {
  double eps = 0.5;     // Euclidean distance up to which rows are neighbours; finite, > 0
  int min_points = 10;  // neighbours that make a row dense, itself counted; ≥ 1
};

// Throws Error(kInvalidArgument) for an option out of range.
void CheckOptions(const DbscanOptions& options);

struct DbscanResult {
  std::vector<std::int32_t> labels;  // per row, 0 to clusters - 1, or kNoiseLabel
  std::int32_t clusters = 0;
};

// Ester, Kriegel, Sander & Xu 1996 (KDD-96, 226-231): dense rows within eps of each other share a cluster; a
// row that is not dense joins the first cluster with a dense row within eps, or is noise. Clusters are
// numbered by their first dense row. The labels are those of scikit-learn's DBSCAN. A k-d tree keeps
// the time near O(n log n) for few features, also where eps spans many rows, by taking boxes
// of rows whole; with many features it tends to O(n² d).
// Throws Error(kInvalidArgument) for an option out of range, no columns and more than kMaxDbscanRows rows;
// Error(kUnusableData) for NaN and infinities; Error(kMemoryLimit).
DbscanResult Dbscan(const MatrixView& points, const DbscanOptions& options);

}  // namespace ecomm::core
