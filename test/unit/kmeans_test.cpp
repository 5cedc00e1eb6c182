#include "ecomm_analytics/core/kmeans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"

namespace ecomm::core {
namespace {

Matrix Blobs(std::size_t n, int d, int clusters, std::uint64_t seed) {
  Random random(seed);
  Matrix centres(clusters, d);
  for (double& x : centres.reshaped()) x = 4.0 * random.Normal();
  Matrix points(static_cast<Eigen::Index>(n), d);
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const auto cluster = static_cast<Eigen::Index>(random.Below(static_cast<std::uint64_t>(clusters)));
    for (int j = 0; j < d; ++j) points(i, j) = centres(cluster, j) + random.Normal();
  }
  return points;
}

KMeansOptions Options(int k, std::uint64_t seed = 0) {
  KMeansOptions options;
  options.k = k;
  options.seed = seed;
  return options;
}

// Labels, means, sizes and inertia fit each other, and no row is nearer to another centroid.
void ExpectFixedPoint(const Matrix& points, const KMeansResult& result) {
  const auto k = result.centroids.rows();
  Matrix sums = Matrix::Zero(k, points.cols());
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(k));
  double inertia = 0.0;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const std::int32_t label = result.labels[static_cast<std::size_t>(i)];
    sums.row(label) += points.row(i);
    ++sizes[static_cast<std::size_t>(label)];
    const Vector squares = (result.centroids.rowwise() - points.row(i)).rowwise().squaredNorm();
    EXPECT_LE(squares[label], squares.minCoeff() * (1 + 1e-12)) << i;
    inertia += squares[label];
  }
  EXPECT_EQ(sizes, result.sizes);
  EXPECT_NEAR(inertia, result.inertia, 1e-10 * inertia + 1e-25);
  const double extent = points.array().abs().maxCoeff();
  for (Eigen::Index c = 0; c < k; ++c) {
    const double size = static_cast<double>(sizes[static_cast<std::size_t>(c)]);
    EXPECT_LE((sums.row(c) / size - result.centroids.row(c)).norm(), 1e-11 * extent) << c;
  }
}

TEST(KMeans, InertiaIsNotAboveScikitLearns) {
  const auto reference = ReadReference("kmeans_reference.json");
  for (const auto& [name, set] : reference["sets"].items()) {
    const Matrix points = ToMatrix(set["x"]);
    for (const auto& [k, inertia] : set["inertia"].items()) {
      SCOPED_TRACE(name + ", k = " + k);
      const KMeansResult result = KMeans(points, Options(std::stoi(k)));
      EXPECT_LE(result.inertia, inertia.get<double>() * (1 + 1e-9) + 1e-20);
      EXPECT_TRUE(result.converged);
      ExpectFixedPoint(points, result);
      if (result.inertia > inertia.get<double>() * (1 - 1e-9)) {
        std::vector<std::int64_t> sizes = result.sizes;
        std::sort(sizes.begin(), sizes.end());
        EXPECT_EQ(sizes, set["sizes"][k].get<std::vector<std::int64_t>>());
      }
    }
  }
}

TEST(KMeans, FindsWellSeparatedBlobs) {
  const Matrix points = Blobs(5000, 3, 5, 8);
  const KMeansResult result = KMeans(points, Options(5));
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.inertia, 3.0 * 5000, 400);
  ExpectFixedPoint(points, result);
}

TEST(KMeans, DoesNotDependOnTheOrderOfTheRows) {
  Matrix points = Blobs(3000, 3, 4, 5);
  points.topRows(500) = points.topRows(500).array().round();  // some rows equal, some values tied
  const KMeansResult result = KMeans(points, Options(4, 3));
  std::vector<Eigen::Index> order(3000);
  std::iota(order.begin(), order.end(), 0);
  Random random(1);
  for (int repeat = 0; repeat < 3; ++repeat) {
    random.Shuffle(order);
    const KMeansResult shuffled = KMeans(points(order, Eigen::all), Options(4, 3));
    EXPECT_EQ(result.centroids, shuffled.centroids);
    EXPECT_EQ(result.inertia, shuffled.inertia);
    EXPECT_EQ(result.sizes, shuffled.sizes);
    for (std::size_t i = 0; i < order.size(); ++i) {
      ASSERT_EQ(shuffled.labels[i], result.labels[static_cast<std::size_t>(order[i])]);
    }
  }
}

TEST(KMeans, RepeatsUnderASeedAndVariesWithIt) {
  const Matrix points = Blobs(2000, 2, 9, 6);
  KMeansOptions options = Options(5, 11);
  options.n_init = 1;
  options.refine = false;
  const KMeansResult first = KMeans(points, options);
  EXPECT_EQ(first.labels, KMeans(points, options).labels);
  bool varies = false;
  for (options.seed = 12; options.seed < 20; ++options.seed)
    varies |= KMeans(points, options).labels != first.labels;
  EXPECT_TRUE(varies);
}

TEST(KMeans, MoreRestartsAreNeverWorse) {
  const Matrix points = Blobs(400, 2, 12, 7);
  KMeansOptions options = Options(9);
  options.tol = 0.0;
  options.refine = false;
  double last = std::numeric_limits<double>::infinity();
  for (options.n_init = 1; options.n_init <= 16; options.n_init *= 2) {
    const KMeansResult result = KMeans(points, options);
    EXPECT_LE(result.inertia, last);
    EXPECT_LT(result.best_restart, options.n_init);
    last = result.inertia;
  }
  options.n_init = 16;
  options.refine = true;
  EXPECT_LE(KMeans(points, options).inertia, last);
}

// With refinement no single row can move to another cluster at a gain.
TEST(KMeans, NoSingleMoveImprovesIt) {
  const Matrix points = Blobs(60, 2, 8, 9);
  for (int k = 2; k <= 6; ++k) {
    const KMeansResult result = KMeans(points, Options(k));
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const auto from = static_cast<std::size_t>(result.labels[static_cast<std::size_t>(i)]);
      if (result.sizes[from] == 1) continue;
      const auto squared = [&](std::size_t c) {
        return (result.centroids.row(static_cast<Eigen::Index>(c)) - points.row(i)).squaredNorm();
      };
      const auto size = [&](std::size_t c) { return static_cast<double>(result.sizes[c]); };
      const double saved = squared(from) * size(from) / (size(from) - 1);
      for (std::size_t to = 0; to < result.sizes.size(); ++to) {
        if (to == from) continue;
        EXPECT_GE(squared(to) * size(to) / (size(to) + 1), saved * (1 - 1e-11));
      }
    }
  }
}

TEST(KMeans, OneRowOneCluster) {
  const Matrix points = Matrix::Constant(1, 2, 7.5);
  const KMeansResult result = KMeans(points, Options(1));
  EXPECT_EQ(result.centroids, points);
  EXPECT_EQ(result.inertia, 0.0);
  EXPECT_EQ(result.sizes, std::vector<std::int64_t>{1});
  EXPECT_TRUE(result.converged);
}

TEST(KMeans, AsManyClustersAsDistinctRows) {
  Matrix points(9, 2);
  points << 0, 1, 0, 1, 0, 2, -0.0, 2, 5, 5, 5, 5, 5, 5, 6, 5, 1e-9, 1;
  const KMeansResult result = KMeans(points, Options(5));
  EXPECT_EQ(result.inertia, 0.0);
  EXPECT_EQ(result.labels[2], result.labels[3]);  // a negative zero is a zero
  EXPECT_NE(result.labels[0], result.labels[8]);
}

// Three times a number, divided by three, need not be the number.
TEST(KMeans, TheCentroidOfEqualRowsIsTheRow) {
  for (const int copies : {3, 7, 40, 200}) {
    Matrix points(2 * copies, 1);
    points.topRows(copies).setConstant(0.1);
    points.bottomRows(copies).setConstant(0.3);
    const KMeansResult result = KMeans(points, Options(2));
    EXPECT_EQ(result.inertia, 0.0) << copies;
    EXPECT_TRUE(result.converged);
    EXPECT_EQ(std::max(result.centroids(0, 0), result.centroids(1, 0)), 0.3);
    EXPECT_EQ(KMeans(points.topRows(copies), Options(1)).inertia, 0.0);
  }
}

TEST(KMeans, AsManyClustersAsRowsThatAreNeighboursAmongTheDoubles) {
  Random random(4);
  for (int repeat = 0; repeat < 100; ++repeat) {
    std::vector<double> values;
    int distinct = 0;
    for (int group = 0; group < 6; ++group) {
      double value = random.Uniform();
      for (auto neighbours = random.Below(3) + 1; neighbours > 0; --neighbours) {
        values.insert(values.end(), random.Below(repeat % 2 == 0 ? 9 : 40) + 1, value);
        value = std::nextafter(value, 2.0);
        ++distinct;
      }
    }
    const Matrix points = Eigen::Map<Matrix>(values.data(), static_cast<Eigen::Index>(values.size()), 1);
    EXPECT_EQ(KMeans(points, Options(distinct)).inertia, 0.0) << repeat;
    EXPECT_EQ(KMeans(points, Options(distinct - 1)).sizes.size(), static_cast<std::size_t>(distinct - 1));
  }
}

TEST(KMeans, RowsWhoseSquaredDistancesVanishCannotBeToldApart) {
  Matrix points(4, 1);
  points << 1.0, 0.0, 1e-170, 2e-170;
  EXPECT_EQ(KMeans(points, Options(2)).sizes.size(), 2U);
  EXPECT_EQ(Thrown([&] { KMeans(points, Options(4)); }).code(), ErrorCode::kUnusableData);
}

TEST(KMeans, MoreClustersThanDistinctRowsNamesBoth) {
  Matrix points = Matrix::Zero(10, 2);
  points(4, 0) = points(7, 0) = 1.0;
  const Error error = Thrown([&] { KMeans(points, Options(3)); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.detail(), "k: 3, distinct rows: 2.");
  EXPECT_EQ(KMeans(points, Options(2)).sizes.size(), 2U);
  EXPECT_EQ(Thrown([&] { KMeans(points, Options(11)); }).detail(), "k: 11, rows: 10.");
}

TEST(KMeans, RefusesOptionsOutOfRange) {
  const Matrix points = Blobs(20, 2, 2, 1);
  const auto refused = [&](auto change) {
    KMeansOptions options = Options(2);
    change(options);
    return Thrown([&] { KMeans(points, options); }).code() == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.k = 0; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.k = -3; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.n_init = 0; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.n_init = kMaxRestarts + 1; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.max_iter = 0; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.max_iter = kMaxIterations + 1; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.tol = -1e-9; }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.tol = std::numeric_limits<double>::quiet_NaN(); }));
  EXPECT_TRUE(refused([](KMeansOptions& o) { o.tol = std::numeric_limits<double>::infinity(); }));
  EXPECT_EQ(Thrown([] { KMeans(Matrix(0, 3), Options(1)); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([] { KMeans(Matrix(3, 0), Options(1)); }).code(), ErrorCode::kInvalidArgument);
}

TEST(KMeans, RefusesNaNAndInfinity) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity()}) {
    Matrix points = Blobs(20, 2, 2, 1);
    points(13, 1) = bad;
    EXPECT_EQ(Thrown([&] { KMeans(points, Options(2)); }).code(), ErrorCode::kUnusableData);
  }
}

TEST(KMeans, HugeAndTinyValuesGiveTheSameClusters) {
  const Matrix points = Blobs(500, 3, 3, 4);
  const KMeansResult result = KMeans(points, Options(3));
  for (const int exponent : {-900, -40, 40, 400}) {
    Matrix scaled = points;
    for (double& x : scaled.reshaped()) x = std::ldexp(x, exponent);
    const KMeansResult other = KMeans(scaled, Options(3));
    EXPECT_EQ(result.labels, other.labels);
    EXPECT_EQ(std::ldexp(result.centroids(0, 0), exponent), other.centroids(0, 0));
    EXPECT_EQ(std::ldexp(result.inertia, 2 * exponent), other.inertia);
    EXPECT_EQ(Assign(other.centroids, scaled).labels, other.labels);
  }
  Matrix overflowing = points;
  for (double& x : overflowing.reshaped()) x = std::ldexp(x, 1000);
  EXPECT_EQ(Thrown([&] { KMeans(overflowing, Options(3)); }).code(), ErrorCode::kNumericRange);
}

TEST(KMeans, AnOutlierDoesNoHarm) {
  Matrix points = Blobs(300, 2, 2, 3);
  points.row(17) << 1e12, -1e12;
  const KMeansResult result = KMeans(points, Options(3));
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(std::count(result.sizes.begin(), result.sizes.end(), 1), 1);
  ExpectFixedPoint(points, result);
}

TEST(KMeans, StopsAtMaxIter) {
  KMeansOptions options = Options(8);
  options.max_iter = 1;
  options.refine = false;
  const Matrix points = Blobs(3000, 2, 5, 2);
  const KMeansResult result = KMeans(points, options);
  EXPECT_EQ(result.iterations, 1);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(Assign(result.centroids, points).labels, result.labels);
}

TEST(KMeans, RefinementStopsAtMaxIterToo) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Matrix points = Blobs(60, 2, 1, seed);
    KMeansOptions options = Options(5, seed);
    options.n_init = 1;
    for (options.max_iter = 1; options.max_iter <= 8; ++options.max_iter) {
      const KMeansResult result = KMeans(points, options);
      EXPECT_LE(result.iterations, options.max_iter);
      EXPECT_EQ(Assign(result.centroids, points).labels, result.labels);
    }
  }
}

TEST(KMeans, AssignRepeatsTheLabels) {
  const Matrix points = Blobs(4000, 8, 5, 12);
  const KMeansResult result = KMeans(points, Options(5));
  const Assignments assigned = Assign(result.centroids, points);
  EXPECT_EQ(assigned.labels, result.labels);
  double inertia = 0.0;
  for (const double distance : assigned.distances) inertia += distance * distance;
  EXPECT_NEAR(inertia, result.inertia, 1e-9 * inertia);
}

TEST(KMeans, AssignOneTakesTheFirstOfEquals) {
  Matrix centroids(3, 1);
  centroids << 0.0, 2.0, 4.0;
  const double middle = 3.0;
  EXPECT_EQ(AssignOne(centroids, &middle).label, 1);
  EXPECT_EQ(AssignOne(centroids, &middle).distance, 1.0);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(AssignOne(centroids, &unknown).distance));
  const double far = 1e200;
  EXPECT_EQ(AssignOne(centroids, &far).distance, 1e200);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(AssignOne(centroids, &infinite).distance, infinite);
  EXPECT_EQ(Thrown([&] { Assign(centroids, Matrix::Zero(2, 2)); }).code(), ErrorCode::kInvalidArgument);
}

TEST(KMeans, AsksForMemoryBeforeItTakesIt) {
  const Matrix points = Blobs(10000, 3, 3, 1);
  CurrentHost().memory_limit = [] { return std::size_t{1} << 16; };
  const Error error = Thrown([&] { KMeans(points, Options(3)); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

int polls = 0;
int lines = 0;

TEST(KMeans, PollsAndTellsItsProgress) {
  const Matrix points = Blobs(20000, 3, 3, 1);
  polls = lines = 0;
  CurrentHost().poll = [] { ++polls; };
  CurrentHost().progress = [](const std::string&) { ++lines; };
  KMeans(points, Options(3));
  CurrentHost() = Host{};
  EXPECT_GE(polls, 20);
  EXPECT_GE(lines, 10);
}

}  // namespace
}  // namespace ecomm::core
