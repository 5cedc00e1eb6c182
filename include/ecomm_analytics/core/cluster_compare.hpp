// Clusterings made comparable: numbered alike and measured side by side.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/dbscan.hpp"
#include "ecomm_analytics/core/kmeans.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Renumbers `labels` (0 to k - 1, each at least once; kNoiseLabel stays) from the best cluster to the worst
// by the value of its centroid, see ValueOrder, and returns the number of rows of each. `points` is n rows ×
// d scaled features, `weights` has d entries.
std::vector<std::int64_t> NumberByValue(const MatrixView& points, const std::vector<double>& weights,
                                        std::vector<std::int32_t>* labels);

struct ComparedMethod {
  std::string method;               // "kmeans", "ward", "dbscan"
  std::vector<std::int64_t> sizes;  // from the best cluster to the worst
  std::int64_t noise = 0;
  // NaN where undefined. Noise counts for nothing here: look at how much there is before comparing scores.
  double silhouette = std::numeric_limits<double>::quiet_NaN();
  double davies_bouldin = std::numeric_limits<double>::quiet_NaN();
  double calinski_harabasz = std::numeric_limits<double>::quiet_NaN();
};

// k-means, Ward's method (both with kmeans.k clusters) and DBSCAN on the same points. Throws what these
// throw.
std::vector<ComparedMethod> CompareMethods(const MatrixView& points, const std::vector<double>& weights,
                                           const KMeansOptions& kmeans, const DbscanOptions& dbscan);

}  // namespace ecomm::core
