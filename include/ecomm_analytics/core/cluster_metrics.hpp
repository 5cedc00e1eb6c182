// How good a clustering is, from the points and their labels alone.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "ecomm_analytics/core/kmeans_model.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Throughout, `points` is n rows × d features on a common scale, `labels` has one entry per row, of any
// values. A metric is NaN (undefined) unless there are at least 2 and at most n - 1 different labels. The
// same rows in the same order give the same result to the bit; another order may change the last digits, and
// the sample of a silhouette. Throws Error(kInvalidArgument) if the numbers of rows and labels differ;
// Error(kUnusableData) for NaN and infinities among the points; Error(kMemoryLimit).

// The label of rows that belong to no cluster (DBSCAN).
inline constexpr std::int32_t kNoiseLabel = -1;

enum class NoisePolicy {
  kNoiseIsACluster,  // one cluster like the others, as scikit-learn takes it
  kNoiseLeftOut,     // the rows count for nothing
};

// Up to this many rows a silhouette is exact, above it is taken from a sample of about this size.
inline constexpr std::int64_t kSilhouetteRows = 10'000;

struct Silhouette {
  double mean = std::numeric_limits<double>::quiet_NaN();  // -1 to 1, more is better
  std::int64_t sample = 0;                                 // rows it was taken from; 0 where undefined
};

// Mean silhouette coefficient with Euclidean distances (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7); a
// row alone in its cluster counts 0. Above `max_rows` rows both the rows and their neighbours are a sample of
// max_rows without replacement, drawn from `seed`: of every cluster in proportion to its size, but two rows
// at least (which can make it up to twice as large), and a row stands for as many as its cluster has per row
// of it in the sample. Undefined if there are more clusters than max_rows there. Takes O(min(n, 2 max_rows)²
// d) time.
Silhouette MeanSilhouette(const MatrixView& points, const std::vector<std::int32_t>& labels,
                          std::uint64_t seed, NoisePolicy noise = NoisePolicy::kNoiseIsACluster,
                          std::int64_t max_rows = kSilhouetteRows);

// Mean over the clusters of the worst ratio of within to between (Davies & Bouldin 1979,
// doi:10.1109/TPAMI.1979.4766909); ≥ 0, less is better. Clusters that share a centroid are not compared.
double DaviesBouldin(const MatrixView& points, const std::vector<std::int32_t>& labels,
                     NoisePolicy noise = NoisePolicy::kNoiseIsACluster);

// Ratio of the variance between to the variance within (Caliński & Harabasz 1974,
// doi:10.1080/03610927408827101); more is better; 1 where no cluster has any extent.
double CalinskiHarabasz(const MatrixView& points, const std::vector<std::int32_t>& labels,
                        NoisePolicy noise = NoisePolicy::kNoiseIsACluster);

// Sum of the squared distances to the mean of the row's cluster. Defined for any number of labels; 0 without
// rows. Throws Error(kNumericRange) if it overflows.
double WithinSumOfSquares(const MatrixView& points, const std::vector<std::int32_t>& labels,
                          NoisePolicy noise = NoisePolicy::kNoiseIsACluster);

// All metrics of a model: `inertia` is taken over, the others are computed, the silhouette with `seed`.
KMeansModel::Metrics MeasureClusters(const MatrixView& points, const std::vector<std::int32_t>& labels,
                                     double inertia, std::uint64_t seed,
                                     NoisePolicy noise = NoisePolicy::kNoiseIsACluster);

}  // namespace ecomm::core
