#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "kmeans_parts.hpp"

namespace ecomm::core {
namespace {

// Descents kept to combine.
constexpr std::size_t kKept = 20;
// Nearer than this share, two inertias are taken for the same solution; better by it, for progress.
constexpr double kSame = 1e-9;
constexpr double kProgress = 1e-5;

// Sorted, the best first, without doubles, and not too many.
void Select(std::vector<Descent>& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Descent& a, const Descent& b) { return a.inertia < b.inertia; });
  const auto same = [](const Descent& a, const Descent& b) { return b.inertia <= a.inertia * (1.0 + kSame); };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  if (found.size() > kKept) found.resize(kKept);
}

Matrix Cross(const Matrix& mother, const Matrix& father, Random& random) {
  Matrix child = mother;
  std::vector<bool> paired(father.rows());
  for (Eigen::Index i = 0; i < mother.rows(); ++i) {
    Poll();
    Eigen::Index nearest = -1;
    double least = std::numeric_limits<double>::infinity();
    for (Eigen::Index j = 0; j < father.rows(); ++j) {
      if (paired[j]) continue;
      const double distance = (mother.row(i) - father.row(j)).squaredNorm();
      if (distance < least) {
        least = distance;
        nearest = j;
      }
    }
    paired[nearest] = true;
    if (random.Below(2) == 1) child.row(i) = father.row(nearest);
  }
  return child;
}

Matrix Without(const Matrix& centroids, Eigen::Index dropped) {
  Matrix rest(centroids.rows() - 1, centroids.cols());
  rest << centroids.topRows(dropped), centroids.bottomRows(rest.rows() - dropped);
  return rest;
}

}  // namespace

Descent Descend(Lloyd& lloyd, Matrix centroids, double tolerance, int max_iter) {
  Descent descent;
  Lloyd::Step step;
  do {
    step = lloyd.Iterate(centroids);
    ++descent.iterations;
  } while (!step.settled && step.shift > tolerance && descent.iterations < max_iter);
  descent.settled = step.settled;
  descent.inertia = lloyd.Assign(centroids, nullptr);
  descent.centroids = std::move(centroids);
  return descent;
}

Descent Combine(std::vector<Descent> found, int patience, double tolerance, int max_iter, Lloyd& lloyd,
                Seeding& seeding, Random& random) {
  const auto k = static_cast<int>(found[0].centroids.rows());
  Select(found);
  for (int failures = 0; failures < patience; ++failures) {
    // The better of two drawn, for each parent.
    const auto draw = [&] { return std::min(random.Below(found.size()), random.Below(found.size())); };
    const std::size_t mother = draw();
    const std::size_t father = draw();
    const Matrix child = Cross(found[mother].centroids, found[father].centroids, random);
    const auto dropped = static_cast<Eigen::Index>(random.Below(k));
    Descent descent = Descend(lloyd, seeding.Extend(Without(child, dropped), k, random), tolerance, max_iter);
    if (descent.inertia < found[0].inertia * (1.0 - kProgress)) failures = -1;
    found.push_back(std::move(descent));
    Select(found);
  }
  return std::move(found[0]);
}

Labels LabelRows(std::size_t rows, Matrix& centroids, Lloyd& lloyd, Seeding& seeding, Random& random) {
  Labels result;
  result.labels.resize(rows);
  const auto k = static_cast<int>(centroids.rows());
  // At most k rounds: a centroid that is a row keeps that row.
  for (std::ptrdiff_t kept = k;;) {
    result.inertia = lloyd.Assign(centroids, result.labels.data());
    result.sizes.assign(static_cast<std::size_t>(k), 0);
    for (const std::int32_t label : result.labels) ++result.sizes[static_cast<std::size_t>(label)];
    const auto empty = std::count(result.sizes.begin() + kept, result.sizes.end(), 0);
    if (empty > 0) {
      throw Error(ErrorCode::kUnusableData, "the rows are too close together for k clusters",
                  "k: " + std::to_string(k) + ", clusters left empty: " + std::to_string(empty) + ".",
                  "Ask for fewer clusters.");
    }
    std::vector<Eigen::Index> used;
    for (Eigen::Index c = 0; c < k; ++c) {
      if (result.sizes[static_cast<std::size_t>(c)] > 0) used.push_back(c);
    }
    kept = static_cast<std::ptrdiff_t>(used.size());
    if (kept == k) return result;
    const Matrix rest = centroids(used, Eigen::all);
    centroids = seeding.Extend(rest, k, random);
    result.refilled = true;
  }
}

}  // namespace ecomm::core
