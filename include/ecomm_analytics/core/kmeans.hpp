// k-means clustering: k-means++ seeding, restarts, and Lloyd's iteration to a true fixed point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

inline constexpr int kMaxRestarts = 10000;
inline constexpr int kMaxIterations = 100000;

struct KMeansOptions {
  int k = 3;
  int n_init = 10;     // restarts from different seeds: 1 to kMaxRestarts
  int max_iter = 300;  // iterations per restart: 1 to kMaxIterations
  // A restart ends when the squared moves of the centroids sum to at most tol × the mean variance of the
  // features. The best restart goes on from there until no label changes, or to max_iter.
  double tol = 1e-4;
  // After the restarts: combine them in search of something better, unless enough of them agree, and move
  // single points in the end. Without it the result is that of the best restart.
  bool refine = true;
  std::uint64_t seed = 0;
};

// Throws Error(kInvalidArgument) for an option out of range, k below 1 included.
void CheckOptions(const KMeansOptions& options);

struct KMeansResult {
  Matrix centroids;  // k × d, in the units of the points
  std::vector<std::int32_t>
      labels;  // per row, 0 to k - 1: the nearest centroid, the first of equally near ones
  std::vector<std::int64_t> sizes;  // rows per cluster, none 0
  double inertia = 0.0;             // sum of squared distances to the nearest centroid
  int iterations = 0;               // of the best restart, at most max_iter
  bool converged = false;           // the centroids are the means of their clusters: nothing moves any more
  int best_restart = 0;             // 0 to n_init - 1
};

// Clusters the rows of `points` (n × d). Greedy k-means++ (Arthur & Vassilvitskii 2007, with the 2 + ⌊ln k⌋
// trials per centre they suggest), `n_init` restarts, exact Lloyd iterations (filtered, see PointTree), a
// cluster that runs empty takes the farthest point. The centroid of equal rows is that row, exactly, so that
// inertia is 0 where k is the number of distinct rows. The same points and seed give the same result to the
// bit, in whatever order the rows come. Raises kInvalidArgument for an option out of range, no rows or
// columns, k above the number of rows or of distinct rows; kUnusableData for NaN or infinity, or where
// squared distances between the rows of which clusters would have to be made vanish beside the largest value;
// kNumericRange if they overflow; kMemoryLimit.
KMeansResult KMeans(const MatrixView& points, const KMeansOptions& options);

struct Assignment {
  std::int32_t label = 0;
  double distance = 0.0;  // Euclidean
};

// The nearest centroid (the first of equally near ones) of one row of d values. A NaN among them gives
// label 0 and distance NaN.
Assignment AssignOne(const MatrixView& centroids, const double* row);

struct Assignments {
  std::vector<std::int32_t> labels;
  std::vector<double> distances;
};

// The same for every row of `points`; for the points a result was trained on, its labels to the bit.
// Raises kInvalidArgument if the numbers of columns differ or there is no centroid; kMemoryLimit.
Assignments Assign(const MatrixView& centroids, const MatrixView& points);

}  // namespace ecomm::core
