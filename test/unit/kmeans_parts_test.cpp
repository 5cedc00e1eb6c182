#include "../../src/core/kmeans_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

enum class Shape { kNormal, kSkewed, kTied, kConstant, kLine };

Matrix Points(Shape shape, Eigen::Index n, Eigen::Index d, std::uint64_t seed) {
  Random random(seed);
  Matrix points(n, d);
  for (double& x : points.reshaped()) {
    const double normal = random.Normal();
    switch (shape) {
      case Shape::kNormal:
        x = normal;
        break;
      case Shape::kSkewed:
        x = std::exp(4.0 * normal);
        break;
      case Shape::kTied:
        x = std::round(2.0 * normal);
        break;
      case Shape::kConstant:
        x = 3.25;
        break;
      case Shape::kLine:
        x = 0.0;
        break;
    }
  }
  if (shape == Shape::kLine) {
    for (Eigen::Index i = 0; i < n; ++i) points(i, 0) = std::ldexp(1.0, -static_cast<int>(i % 900));
  }
  return points;
}

constexpr Shape kShapes[] = {Shape::kNormal, Shape::kSkewed, Shape::kTied, Shape::kConstant, Shape::kLine};

TEST(PointTree, HoldsEveryRowOnceInsideItsBox) {
  for (const Shape shape : kShapes) {
    for (const Eigen::Index n : {1, 2, 32, 33, 1000}) {
      for (const Eigen::Index d : {1, 2, 3, 5}) {
        const Matrix points = Points(shape, n, d, 3);
        const PointTree tree(points, 1.0);
        ASSERT_EQ(tree.rows(), static_cast<std::size_t>(n));
        std::set<std::uint32_t> rows;
        for (std::size_t id = 0; id < tree.nodes().size(); ++id) {
          const auto& node = tree.nodes()[id];
          std::size_t held = 0;
          for (std::size_t block = node.block; block < node.block + node.blocks; ++block) {
            for (int lane = 0; lane < kLanes; ++lane) {
              const std::uint32_t row = tree.BlockRows(block)[lane];
              if (row == PointTree::kNoRow) continue;
              ++held;
              if (node.leaf()) rows.insert(row);
              for (Eigen::Index j = 0; j < d; ++j) {
                const double x = tree.Block(block)[j * kLanes + lane];
                ASSERT_EQ(x, points(row, j));
                ASSERT_LE(std::abs(x - tree.Box(id)[j]), tree.Box(id)[d + j]);
              }
            }
          }
          ASSERT_EQ(held, node.rows);
          if (node.leaf()) {
            ASSERT_LE(node.rows, static_cast<std::uint32_t>(PointTree::kLeafRows));
          }
        }
        ASSERT_EQ(rows.size(), static_cast<std::size_t>(n));
      }
    }
  }
}

TEST(PointTree, HoldsTheSamePointsInTheSamePlacesForAnyOrder) {
  for (const Shape shape : kShapes) {
    const Matrix points = Points(shape, 700, 3, 4);
    std::vector<Eigen::Index> order(700);
    std::iota(order.begin(), order.end(), 0);
    Random(5).Shuffle(order);
    const Matrix shuffled = points(order, Eigen::all);
    const PointTree a(points, 0.5);
    const PointTree b(shuffled, 0.5);
    ASSERT_EQ(a.blocks(), b.blocks());
    EXPECT_TRUE(std::equal(a.Block(0), a.Block(0) + a.blocks() * 3 * kLanes, b.Block(0)));
  }
}

// The filter drops only what cannot be nearest and does not change the order of a sum: to the bit, the same
// centroids, labels and inertia as from comparing everything with everything.
TEST(Lloyd, FilteringChangesNothing) {
  for (const Shape shape : {Shape::kNormal, Shape::kSkewed, Shape::kTied}) {
    for (const Eigen::Index d : {1, 2, 3, 4, 8}) {
      for (const int k : {2, 3, 10}) {
        const Matrix points = Points(shape, 2000, d, static_cast<std::uint64_t>(d + k));
        const PointTree tree(points, 1.0);
        Random random(1);
        Matrix filtered = Seeding(tree).Extend(Matrix(0, d), k, random);
        Matrix plain = filtered;
        Lloyd with(tree);
        Lloyd without(tree);
        without.set_filtering(false);
        for (int i = 0; i < 8; ++i) {
          with.Iterate(filtered);
          without.Iterate(plain);
          ASSERT_EQ(filtered, plain);
        }
        std::vector<std::int32_t> labels_with(2000);
        std::vector<std::int32_t> labels_without(2000);
        ASSERT_EQ(with.Assign(filtered, labels_with.data()), without.Assign(plain, labels_without.data()));
        ASSERT_EQ(labels_with, labels_without);
      }
    }
  }
}

TEST(Lloyd, IsTheTextbookIteration) {
  const Matrix points = Points(Shape::kNormal, 900, 3, 6);
  const PointTree tree(points, 1.0);
  Lloyd lloyd(tree);
  Matrix centroids = points.topRows(4);
  for (int iteration = 0; iteration < 10; ++iteration) {
    Matrix sums = Matrix::Zero(4, 3);
    Vector counts = Vector::Zero(4);
    for (const auto& point : points.rowwise()) {
      Eigen::Index nearest;
      (centroids.rowwise() - point).rowwise().squaredNorm().minCoeff(&nearest);
      sums.row(nearest) += point;
      counts[nearest] += 1.0;
    }
    const Matrix means = sums.array().colwise() / counts.array();
    const double shift = (means - centroids).squaredNorm();
    const Lloyd::Step step = lloyd.Iterate(centroids);
    EXPECT_LT((centroids - means).norm(), 1e-13);
    EXPECT_NEAR(step.shift, shift, 1e-13);
  }
}

TEST(Lloyd, SettlesAtAFixedPoint) {
  const Matrix points = Points(Shape::kNormal, 500, 2, 7);
  const PointTree tree(points, 1.0);
  Lloyd lloyd(tree);
  Descent descent = Descend(lloyd, points.topRows(5), -1.0, 1000);
  ASSERT_TRUE(descent.settled);
  const Matrix before = descent.centroids;
  EXPECT_TRUE(lloyd.Iterate(descent.centroids).settled);
  EXPECT_EQ(before, descent.centroids);
}

TEST(Lloyd, AnEmptyClusterTakesTheFarthestPoint) {
  Matrix points(6, 1);
  points << 0.0, 0.1, 0.2, 1.0, 1.1, 9.0;
  const PointTree tree(points, 1.0);
  Lloyd lloyd(tree);
  Matrix centroids(4, 1);
  centroids << 0.1, 1.0, 500.0, 600.0;
  lloyd.Iterate(centroids);
  EXPECT_NEAR(centroids(0, 0), 0.1, 1e-15);
  EXPECT_EQ(centroids(2, 0), 9.0);
  EXPECT_TRUE((points.array() == centroids(3, 0)).any());
  const Descent descent = Descend(lloyd, centroids, -1.0, 100);
  std::vector<std::int32_t> labels(6);
  lloyd.Assign(descent.centroids, labels.data());
  EXPECT_EQ(std::set<std::int32_t>(labels.begin(), labels.end()).size(), 4U);
}

// 2.5 lies nearer to the mean of the first two, but that mean would follow it.
TEST(Lloyd, MovesSinglePointsWhereItPays) {
  Matrix points(4, 1);
  points << 0.0, 2.5, 4.0, 4.5;
  const PointTree tree(points, 1.0);
  Lloyd lloyd(tree);
  Matrix start(2, 1);
  start << 1.25, 4.25;
  Descent stuck = Descend(lloyd, start, -1.0, 100);
  ASSERT_TRUE(stuck.settled);
  ASSERT_EQ(stuck.centroids, start);
  EXPECT_EQ(lloyd.MoveSingly(stuck.centroids), 1U);
  const Descent after = Descend(lloyd, stuck.centroids, -1.0, 100);
  EXPECT_LT(after.inertia, stuck.inertia);
  EXPECT_EQ(after.centroids(0, 0), 0.0);
}

TEST(Seeding, DrawsDistinctRows) {
  for (const Shape shape : {Shape::kNormal, Shape::kTied, Shape::kLine}) {
    const Matrix points = Points(shape, 400, 2, 8);
    const PointTree tree(points, 1.0);
    Seeding seeding(tree);
    Random random(2);
    const Matrix centroids = seeding.Extend(Matrix(0, 2), 12, random);
    std::set<std::pair<double, double>> distinct;
    for (const auto& row : centroids.rowwise()) distinct.emplace(row[0], row[1]);
    EXPECT_EQ(distinct.size(), 12U);
    const Matrix more = seeding.Extend(centroids, 14, random);
    EXPECT_EQ(more.topRows(12), centroids);
  }
}

TEST(LabelRows, GivesEveryCentroidRows) {
  Matrix points(6, 1);
  points << 0.0, 0.1, 0.2, 1.0, 1.1, 9.0;
  const PointTree tree(points, 1.0);
  Lloyd lloyd(tree);
  Seeding seeding(tree);
  Random random(1);
  Matrix centroids(4, 1);
  centroids << 500.0, 0.1, 600.0, 1.0;
  const Labels refilled = LabelRows(6, centroids, lloyd, seeding, random);
  EXPECT_TRUE(refilled.refilled);
  EXPECT_EQ(std::count(refilled.sizes.begin(), refilled.sizes.end(), 0), 0);
  EXPECT_EQ(refilled.inertia, lloyd.Assign(centroids, nullptr));
  const Matrix before = centroids;
  const Labels same = LabelRows(6, centroids, lloyd, seeding, random);
  EXPECT_FALSE(same.refilled);
  EXPECT_EQ(centroids, before);
  EXPECT_EQ(same.labels, refilled.labels);
}

// Every cut splits off one row: leaves of one row, as many nodes as can be.
TEST(PointTree, AsksForWhatPathologicalPointsTake) {
  constexpr Eigen::Index kRows = 200;
  Matrix points = Matrix::Zero(kRows, kRows);
  for (Eigen::Index i = 0; i < kRows; ++i) points(i, i) = 1.0 + static_cast<double>(i);
  const PointTree tree(points, 1.0);
  constexpr std::size_t d = kRows;
  const std::size_t held = tree.blocks() * kLanes * (d * sizeof(double) + sizeof(std::uint32_t)) +
                           tree.nodes().size() * (sizeof(PointTree::Node) + (2 * d + 1) * sizeof(double));
  ASSERT_GT(held, PointTree::Bytes(d, d));
  CurrentHost().memory_limit = [] { return PointTree::Bytes(d, d); };
  const Error error = Thrown([&] { PointTree(points, 1.0); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

// Cuts that split off one row take turns with such that halve: the leaves are half empty.
TEST(PointTree, CountsOnHalfEmptyLeaves) {
  std::vector<double> values;
  const auto fill = [&](auto&& self, int rows, double low, double width) -> void {
    if (rows < 36) {
      for (int i = 0; i < rows; ++i) values.push_back(low + width * i / rows);
      return;
    }
    values.push_back(low + width);
    self(self, (rows - 1) / 2, low, width / 64);
    self(self, rows - 1 - (rows - 1) / 2, low + width / 32, width / 64);
  };
  fill(fill, (36 << 7) - 1, 0.0, 1.0);
  const std::size_t n = values.size();
  constexpr std::size_t d = 64;
  Matrix points = Matrix::Zero(static_cast<Eigen::Index>(n), d);
  points.col(0) = Eigen::Map<Vector>(values.data(), static_cast<Eigen::Index>(n));
  const PointTree tree(points, 1.0);
  EXPECT_GT(tree.blocks() * kLanes, n + n / 2 + PointTree::kLeafRows);
  EXPECT_LE(tree.blocks() * kLanes, 2 * n);
  constexpr std::size_t row = d * sizeof(double) + sizeof(std::uint32_t);
  const std::size_t nodes = tree.nodes().size() * (sizeof(PointTree::Node) + (2 * d + 1) * sizeof(double));
  EXPECT_LE(2 * n * row + tree.blocks() * kLanes * row + nodes, PointTree::Bytes(n, d));
}

TEST(CanonicalOrder, PollsWhileItReads) {
  const Matrix points = Matrix::Random(100, 10'000);
  static int polls;
  polls = 0;
  CurrentHost().poll = [] { ++polls; };
  CanonicalOrder(points);
  CurrentHost().poll = nullptr;
  EXPECT_GE(polls, 5);
}

TEST(CanonicalOrder, SortsRowsLexicographically) {
  for (const Shape shape : kShapes) {
    const Matrix points = Points(shape, 600, 3, 9);
    const std::vector<std::uint32_t> order = CanonicalOrder(points);
    std::vector<std::uint32_t> expected(600);
    std::iota(expected.begin(), expected.end(), 0U);
    std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto left = points.row(a);
      const auto right = points.row(b);
      return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
    });
    EXPECT_EQ(order, expected);
  }
  EXPECT_TRUE(CanonicalOrder(Matrix(0, 3)).empty());
}

}  // namespace
}  // namespace ecomm::core
