#include "ecomm_analytics/core/kmeans_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "ecomm_analytics/core/error.hpp"
#include "kmeans_model_example.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<KMeansPrediction> PredictRow(const KMeansModel& model, std::vector<double> row) {
  return Predict(model, row);
}

// --- prediction --------------------------------------------------------------------------------------------

TEST(KMeansPredict, TakesTheNearestCentroidInScaledSpace) {
  const auto model = ExampleModel();
  const auto nearest = PredictRow(model, {25, 7, 900});
  ASSERT_TRUE(nearest);
  EXPECT_EQ(nearest->cluster, 0);
  double sum = 0;
  const double row[] = {25, 7, 900};
  for (int j = 0; j < 3; ++j) {
    const double difference =
        model.transforms[static_cast<std::size_t>(j)].Apply(row[j]) - model.centroids(0, j);
    sum += difference * difference;
  }
  EXPECT_DOUBLE_EQ(nearest->distance, std::sqrt(sum));
  EXPECT_EQ(PredictRow(model, {300, 1, 40})->cluster, 2);
}

TEST(KMeansPredict, ACentreBelongsToItsCluster) {
  const auto model = ExampleModel();
  for (int i = 0; i < 3; ++i) {
    const auto nearest = PredictRow(model, {model.centers(i, 0), model.centers(i, 1), model.centers(i, 2)});
    ASSERT_TRUE(nearest);
    EXPECT_EQ(nearest->cluster, i);
    EXPECT_NEAR(nearest->distance, 0, 1e-9);
  }
}

TEST(KMeansPredict, GivesNoLabelForWhatTheTransformsCannotTake) {
  const auto model = ExampleModel();
  for (const double bad : {kNaN, kInfinity, -kInfinity, 0.0, -5.0}) {
    EXPECT_FALSE(PredictRow(model, {25, 7, bad})) << bad;
    EXPECT_FALSE(PredictRow(model, {bad, 7, 900})) << bad;
  }
  auto plain = ExampleModel();
  for (auto& transform : plain.transforms) transform = FeatureTransform{};
  EXPECT_TRUE(PredictRow(plain, {0, -5, -0.0}));
  EXPECT_TRUE(PredictRow(plain, {1e200, 1, 1}));
  EXPECT_FALSE(PredictRow(plain, {1.7e308, 1.7e308, 1.7e308})) << "the distance overflows";
}

TEST(KMeansPredict, ATieGoesToTheBetterCluster) {
  auto model = ExampleModel();
  model.centroids.row(2) = model.centroids.row(1);
  EXPECT_EQ(PredictRow(model, {300, 1, 40})->cluster, 1);
}

TEST(KMeansPredict, RefusesAWrongNumberOfFeatures) {
  const auto model = ExampleModel();
  EXPECT_THROW(PredictRow(model, {}), Error);
  EXPECT_THROW(PredictRow(model, {1, 2}), Error);
  EXPECT_THROW(PredictRow(model, {1, 2, 3, 4}), Error);
}

TEST(KMeansPredict, TakesManyFeatures) {
  KMeansModel model;
  model.centroids = Matrix::Zero(2, 40);
  model.centroids.row(1).setOnes();
  model.names = {"a", "b"};
  model.sizes = {1, 1};
  for (int j = 0; j < 40; ++j) model.features.push_back("f" + std::to_string(j));
  model.transforms.resize(40);
  EXPECT_EQ(PredictRow(model, std::vector<double>(40, 0.9))->cluster, 1);
  EXPECT_DOUBLE_EQ(PredictRow(model, std::vector<double>(40, 0.25))->distance, std::sqrt(40 * 0.0625));
}

// --- order and names ---------------------------------------------------------------------------------------

TEST(KMeansOrder, RecencyCountsAgainstAClusterAndEverythingElseForIt) {
  EXPECT_EQ(DefaultValueWeights({"recency", "frequency", "monetary"}), (std::vector<double>{-1, 1, 1}));
  EXPECT_EQ(DefaultValueWeights({"Recency", "age"}), (std::vector<double>{-1, 1}));
  Matrix centroids(3, 3);
  centroids << 1, -1, -1, /**/ -1, 1, 1, /**/ 0, 0.1, 0;
  EXPECT_EQ(ValueOrder(centroids, {-1, 1, 1}), (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(ValueOrder(centroids, {1, -1, -1}), (std::vector<std::size_t>{0, 2, 1}));
}

TEST(KMeansOrder, TiesDoNotDependOnWhereAClusterStands) {
  Matrix centroids(3, 2);
  centroids << 1, 3, /**/ 3, 1, /**/ 2, 2;
  Matrix shuffled(3, 2);
  shuffled << 2, 2, /**/ 1, 3, /**/ 3, 1;
  EXPECT_EQ(ValueOrder(centroids, {1, 1}), (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(ValueOrder(shuffled, {1, 1}), (std::vector<std::size_t>{2, 0, 1}));
}

TEST(KMeansOrder, RefusesWeightsThatDoNotFit) {
  const Matrix centroids = Matrix::Zero(2, 2);
  EXPECT_THROW(ValueOrder(centroids, {1}), Error);
  EXPECT_THROW(ValueOrder(centroids, {1, kNaN}), Error);
}

TEST(KMeansOrder, ReorderMovesAllOfACluster) {
  auto model = ExampleModel();
  const auto before = model;
  ReorderClusters(&model, {2, 0, 1});
  EXPECT_EQ(model.centroids.row(0), before.centroids.row(2));
  EXPECT_EQ(model.centers.row(1), before.centers.row(0));
  EXPECT_EQ(model.means.row(2), before.means.row(1));
  EXPECT_EQ(model.sizes, (std::vector<std::int64_t>{before.sizes[2], before.sizes[0], before.sizes[1]}));
  EXPECT_EQ(model.names, before.names);
}

TEST(KMeansNames, AreOfCustomersForRfmFeatures) {
  const std::vector<std::string> rfm = {"recency", "frequency", "monetary"};
  EXPECT_EQ(DefaultClusterNames(3, rfm), (std::vector<std::string>{"Champions", "At-Risk", "Occasional"}));
  for (std::size_t k = 1; k <= 8; ++k) {
    const auto names = DefaultClusterNames(k, rfm);
    EXPECT_NO_THROW(CheckClusterNames(names, k)) << k;
  }
  EXPECT_EQ(DefaultClusterNames(7, rfm)[6], "Cluster 7");
  EXPECT_EQ(DefaultClusterNames(2, {"age", "income"}), (std::vector<std::string>{"Cluster 1", "Cluster 2"}));
}

TEST(KMeansNames, AreCountedAndUnique) {
  EXPECT_NO_THROW(CheckClusterNames({"Złoto", "金"}, 2));
  for (const auto& names : std::vector<std::vector<std::string>>{
           {"a"}, {"a", "b", "c"}, {"a", "a"}, {"a", ""}, {"a", "b\n"}, {"a", std::string(201, 'x')}}) {
    EXPECT_THROW(CheckClusterNames(names, 2), Error) << names.size() << ' ' << names.back();
  }
}

TEST(KMeansCenters, AreNaNWhereNoValueHasSuchATransform) {
  auto model = ExampleModel();
  model.centroids(0, 0) = -1e6;
  ComputeCenters(&model);
  EXPECT_TRUE(std::isnan(model.centers(0, 0)));
  EXPECT_TRUE(std::isfinite(model.centers(1, 0)));
}

}  // namespace
}  // namespace ecomm::core
