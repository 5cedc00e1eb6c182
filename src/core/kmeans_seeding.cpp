#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "kmeans_parts.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What the closest squared distances of a leaf would sum to with one more centroid.
ECOMM_CLONES double TryLeaf(const double* values, const double* closest, std::ptrdiff_t blocks,
                            std::ptrdiff_t d, const double* centroid) {
  Lanes sum = {};
  for (std::ptrdiff_t b = 0; b < blocks; ++b) {
    Lanes distance;
    SquaredDistances(values + b * d * kLanes, centroid, d, distance);
    Lanes before;
    LoadLanes(closest + b * kLanes, before);
    sum += distance < before ? distance : before;
  }
  return SumLanes(sum);
}

// Updates them; returns the sum, sets their maximum.
ECOMM_CLONES double AdoptLeaf(const double* values, double* closest, std::ptrdiff_t blocks, std::ptrdiff_t d,
                              const double* centroid, double* farthest) {
  Lanes sum = {};
  Lanes most = {};
  for (std::ptrdiff_t b = 0; b < blocks; ++b) {
    Lanes distance;
    SquaredDistances(values + b * d * kLanes, centroid, d, distance);
    Lanes before;
    LoadLanes(closest + b * kLanes, before);
    distance = distance < before ? distance : before;
    StoreLanes(closest + b * kLanes, distance);
    sum += distance;
    most = distance > most ? distance : most;
  }
  *farthest = 0.0;
  for (int l = 0; l < kLanes; ++l) *farthest = std::max(*farthest, most[l]);
  return SumLanes(sum);
}

}  // namespace

Seeding::Seeding(const PointTree& tree) : tree_(tree) {
  const std::size_t leaves = tree.leaves().size();
  closest_.resize(tree.blocks() * kLanes);
  potential_.resize(leaves);
  farthest_.resize(leaves);
  cumulative_.resize(leaves);
}

std::size_t Seeding::Bytes(std::size_t n) { return (2 * n + n / 2) * sizeof(double); }

Matrix Seeding::Extend(const Matrix& centroids, int k, Random& random) {
  const auto given = static_cast<int>(centroids.rows());
  Matrix extended(k, tree_.dimensions());
  extended.topRows(given) = centroids;
  Matrix trials(2 + static_cast<int>(std::log(static_cast<double>(k))), tree_.dimensions());
  Forget();
  for (int i = 0; i < given; ++i) Adopt(&extended(i, 0));
  for (int i = given; i < k; ++i) {
    double total = 0.0;
    for (std::size_t leaf = 0; leaf < potential_.size(); ++leaf)
      cumulative_[leaf] = total += potential_[leaf];
    if (i == 0) {
      Read(RowNumber(random.Below(tree_.rows())), &extended(i, 0));
    } else if (total > 0.0) {
      for (int t = 0; t < trials.rows(); ++t) Read(Sample(random.Uniform() * total), &trials(t, 0));
      extended.row(i) = trials.row(BestOf(trials));
    } else {
      Read(Unused(extended, i), &extended(i, 0));
    }
    Adopt(&extended(i, 0));
  }
  return extended;
}

void Seeding::Forget() {
  for (std::size_t leaf = 0; leaf < farthest_.size(); ++leaf) {
    const auto& node = tree_.nodes()[tree_.leaves()[leaf]];
    double* const closest = &closest_[static_cast<std::size_t>(node.block) * kLanes];
    std::fill_n(closest, node.rows, kInfinity);
    std::fill(closest + node.rows, closest + std::size_t{node.blocks} * kLanes, 0.0);
    farthest_[leaf] = kInfinity;
  }
}

Seeding::Place Seeding::RowNumber(std::size_t number) const {
  for (const std::int32_t leaf : tree_.leaves()) {
    const auto& node = tree_.nodes()[leaf];
    if (number < node.rows) return {node.block + number / kLanes, static_cast<int>(number % kLanes)};
    number -= node.rows;
  }
  return {};
}

// The row where the running sum of the squared distances passes `at`.
Seeding::Place Seeding::Sample(double at) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  auto leaf = static_cast<std::size_t>(found - cumulative_.begin());
  // Rounding may carry `at` to the very end, where leaves without any potential may stand.
  leaf = std::min(leaf, cumulative_.size() - 1);
  while (!(potential_[leaf] > 0.0)) --leaf;
  const auto& node = tree_.nodes()[tree_.leaves()[leaf]];
  const double* const closest = &closest_[static_cast<std::size_t>(node.block) * kLanes];
  double left = at - (cumulative_[leaf] - potential_[leaf]);
  std::size_t last = 0;
  for (std::size_t i = 0; i < node.rows; ++i) {
    if (!(closest[i] > 0.0)) continue;
    last = i;
    left -= closest[i];
    if (left < 0.0) break;
  }
  return {node.block + last / kLanes, static_cast<int>(last % kLanes)};
}

// A row that is none of the first `used` centroids, where all squared distances have become zero.
Seeding::Place Seeding::Unused(const Matrix& centroids, int used) {
  Vector point(tree_.dimensions());
  Vector last;
  for (const std::int32_t leaf : tree_.leaves()) {
    const auto& node = tree_.nodes()[leaf];
    for (std::size_t i = 0; i < node.rows; ++i) {
      const Place place{node.block + i / kLanes, static_cast<int>(i % kLanes)};
      Read(place, point.data());
      work_.Done(static_cast<std::size_t>(point.size()));
      if (last.size() > 0 && point == last) continue;  // equal rows stand together
      last = point;
      work_.Done(static_cast<std::size_t>(point.size()) * static_cast<std::size_t>(used));
      bool taken = false;
      for (int c = 0; c < used && !taken; ++c)
        taken = (centroids.row(c).transpose().array() == point.array()).all();
      if (!taken) return place;
    }
  }
  throw Error(ErrorCode::kInvalidArgument, "k must not exceed the number of distinct rows",
              "k: " + std::to_string(centroids.rows()) + ", distinct rows: " + std::to_string(used) + ".",
              "Ask for fewer clusters.");
}

void Seeding::Read(Place place, double* out) const {
  const double* const block = tree_.Block(place.block);
  for (int j = 0; j < tree_.dimensions(); ++j) out[j] = block[j * kLanes + place.lane];
}

// Whether a centroid could be nearer to some point of the leaf than the nearest so far.
bool Seeding::Reaches(std::size_t leaf, const double* centroid) const {
  const int d = tree_.dimensions();
  const double* const box = tree_.Box(tree_.leaves()[leaf]);
  double bound = 0.0;
  for (int j = 0; j < d; ++j) {
    const double outside = std::max(std::abs(centroid[j] - box[j]) - box[d + j], 0.0);
    bound += outside * outside;
  }
  return bound * (1.0 - 16.0 * (d + 4) * 0x1.0p-53) < farthest_[leaf];
}

// The trial that leaves the smallest sum of squared distances, the first of equal ones.
int Seeding::BestOf(const Matrix& trials) {
  const int d = tree_.dimensions();
  int best = 0;
  double least = kInfinity;
  std::vector<double> total(trials.rows());
  for (std::size_t leaf = 0; leaf < farthest_.size(); ++leaf) {
    const auto& node = tree_.nodes()[tree_.leaves()[leaf]];
    work_.Done(3 * static_cast<std::size_t>(trials.size()) * node.rows);
    for (int t = 0; t < trials.rows(); ++t) {
      const double* const centroid = &trials(t, 0);
      total[t] += Reaches(leaf, centroid) ? TryLeaf(tree_.Block(node.block),
                                                    &closest_[static_cast<std::size_t>(node.block) * kLanes],
                                                    node.blocks, d, centroid)
                                          : potential_[leaf];
    }
  }
  for (int t = 0; t < trials.rows(); ++t) {
    if (total[t] < least) {
      least = total[t];
      best = t;
    }
  }
  return best;
}

void Seeding::Adopt(const double* centroid) {
  const int d = tree_.dimensions();
  for (std::size_t leaf = 0; leaf < farthest_.size(); ++leaf) {
    if (!Reaches(leaf, centroid)) continue;
    const auto& node = tree_.nodes()[tree_.leaves()[leaf]];
    work_.Done(3 * static_cast<std::size_t>(d) * node.rows);
    potential_[leaf] =
        AdoptLeaf(tree_.Block(node.block), &closest_[static_cast<std::size_t>(node.block) * kLanes],
                  node.blocks, d, centroid, &farthest_[leaf]);
  }
}

}  // namespace ecomm::core
