// How many clusters? k-means for a range of k, each measured, and one recommended.
#pragma once

#include <limits>
#include <vector>

#include "ecomm_analytics/core/kmeans.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// The gap statistic is taken from at most this many rows, a seeded sample, and this many reference sets.
inline constexpr std::size_t kGapRows = 2'000;
inline constexpr int kGapReferences = 20;

struct SelectKOptions {
  int k_min = 2;
  int k_max = 10;        // at most kMaxModelClusters
  KMeansOptions kmeans;  // but for k; the seed serves for all samples too
};

// Throws Error(kInvalidArgument) unless 1 ≤ k_min ≤ k_max ≤ kMaxModelClusters, and for an option of k-means
// out of range.
void CheckOptions(const SelectKOptions& options);

struct SelectKRow {
  int k = 0;
  KMeansModel::Metrics metrics;
  // How far log(inertia) is below that of uniform data, and the standard error of that: more is better. NaN
  // where the sample has no k rows that can be told apart or nothing but rounding is left within the
  // clusters.
  double gap = std::numeric_limits<double>::quiet_NaN();
  double gap_error = std::numeric_limits<double>::quiet_NaN();
  bool recommended = false;
};

// One row per k, for the rows of `points` (n × d, on a common scale). Recommended is the k with the largest
// silhouette, of equal ones the smallest: it is the one measure here with a scale of its own (-1 to 1) and a
// best value, where inertia always falls with k, and the other indices need not have an optimum at all. None
// is where no silhouette is defined.
// The gap statistic is that of Tibshirani, Walther & Hastie 2001 (doi:10.1111/1467-9868.00293), with
// reference sets uniform over the box of the principal components; their rule takes the smallest k whose gap
// is at least the next one's less its error. The same points in the same order and seed give the same result
// to the bit. Throws what KMeans throws; Error(kInvalidArgument) unless 1 ≤ k_min ≤ k_max ≤ kMaxModelClusters
// and k_max is at most the number of different rows.
std::vector<SelectKRow> SelectK(const MatrixView& points, const SelectKOptions& options);

}  // namespace ecomm::core
