#include "ecomm_analytics/core/kmeans_training.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

const std::vector<std::string> kRfm = {"recency", "frequency", "monetary"};

// Three groups: bought long ago and little, between, lately and much.
Matrix ThreeGroups(int rows) {
  constexpr double kRecency[] = {300, 60, 5};
  constexpr double kFrequency[] = {1, 6, 40};
  constexpr double kMonetary[] = {30, 500, 9000};
  Random random(5);
  Matrix x(rows, 3);
  for (int i = 0; i < rows; ++i) {
    const int group = i % 3;
    x(i, 0) = kRecency[group] * std::exp(0.1 * random.Normal());
    x(i, 1) = kFrequency[group] + static_cast<double>(random.Below(2));
    x(i, 2) = kMonetary[group] * std::exp(0.1 * random.Normal());
  }
  return x;
}

TEST(KMeansTraining, OrdersFromBestToWorst) {
  const KMeansModel model = TrainKMeans(ThreeGroups(300), kRfm, {});
  EXPECT_EQ(model.names, (std::vector<std::string>{"Champions", "At-Risk", "Occasional"}));
  EXPECT_EQ(model.sizes, (std::vector<std::int64_t>{100, 100, 100}));
  EXPECT_LT(model.means(0, 0), model.means(1, 0));
  EXPECT_GT(model.means(0, 2), model.means(2, 2));
  EXPECT_GT(model.metrics.silhouette, 0.6);
  EXPECT_EQ(Predict(model, std::vector<double>{4, 45, 8000})->cluster, 0);
  EXPECT_EQ(Predict(model, std::vector<double>{400, 1, 20})->cluster, 2);
}

TEST(KMeansTraining, MeansAreThoseOfTheMembers) {
  const Matrix x = ThreeGroups(300);
  const KMeansModel model = TrainKMeans(x, kRfm, {});
  Vector sum = Vector::Zero(3);
  for (int i = 2; i < 300; i += 3) sum += x.row(i).transpose();
  for (int j = 0; j < 3; ++j) EXPECT_NEAR(model.means(0, j), sum[j] / 100, 1e-9 * sum[j]);
}

TEST(KMeansTraining, TheOrderOfRowsDoesNotMatter) {
  const Matrix x = ThreeGroups(500);
  const std::string expected = ToJson(TrainKMeans(x, kRfm, {})).dump();
  std::vector<Eigen::Index> order(500);
  std::iota(order.begin(), order.end(), 0);
  Random random(9);
  random.Shuffle(order);
  Matrix shuffled(500, 3);
  for (Eigen::Index i = 0; i < 500; ++i) shuffled.row(i) = x.row(order[static_cast<std::size_t>(i)]);
  EXPECT_EQ(ToJson(TrainKMeans(shuffled, kRfm, {})).dump(), expected);
}

TEST(KMeansTraining, WeightsTurnTheOrder) {
  KMeansTrainingOptions options;
  options.value_weights = {1, -1, -1};
  options.cluster_names = {"lost", "fading", "alive"};
  const KMeansModel model = TrainKMeans(ThreeGroups(300), kRfm, options);
  EXPECT_GT(model.means(0, 0), model.means(2, 0));
  EXPECT_EQ(model.names.front(), "lost");
}

TEST(KMeansTraining, FaultsOfTheCallAreTold) {
  const Matrix x = ThreeGroups(30);
  KMeansTrainingOptions options;
  options.value_weights = {1};
  EXPECT_THROW(TrainKMeans(x, kRfm, options), Error);
  options = {};
  options.cluster_names = {"one"};
  EXPECT_THROW(TrainKMeans(x, kRfm, options), Error);
  options = {};
  options.kmeans.k = -1;
  EXPECT_THROW(TrainKMeans(x, kRfm, options), Error);
  EXPECT_THROW(TrainKMeans(Matrix(0, 3), kRfm, {}), Error);
  Matrix constant = x;
  constant.col(1).setConstant(2);
  EXPECT_THROW(TrainKMeans(constant, kRfm, {}), Error);
}

// What is trained is also read.
TEST(KMeansTraining, NamesOfFeaturesAreThoseADocumentMayHave) {
  const auto refused = [](const std::vector<std::string>& features) {
    return Thrown([&] { CheckTrainingOptions(features, {}); }).code() == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({"a\tb", "c"}));
  EXPECT_TRUE(refused({"a", ""}));
  EXPECT_TRUE(refused({"a", std::string(kMaxModelNameBytes + 1, 'x')}));
  EXPECT_TRUE(refused({"a", "b", "a"}));
  const std::vector<std::string> odd = {"größe", "a \"b\"", std::string(kMaxModelNameBytes, 'x')};
  const KMeansModel model = TrainKMeans(ThreeGroups(60), odd, {});
  EXPECT_EQ(KMeansModelFromJson(ToJson(model)).features, odd);
}

TEST(KMeansTraining, OptionsAreCheckedWithoutTheData) {
  const auto refused = [](auto change) {
    KMeansTrainingOptions options;
    change(options);
    return Thrown([&] { CheckTrainingOptions(kRfm, options); }).code() == ErrorCode::kInvalidArgument;
  };
  EXPECT_NO_THROW(CheckTrainingOptions(kRfm, {}));
  EXPECT_TRUE(refused([](auto& o) { o.kmeans.n_init = 0; }));
  EXPECT_TRUE(refused([](auto& o) { o.kmeans.n_init = kMaxRestarts + 1; }));
  EXPECT_TRUE(refused([](auto& o) { o.kmeans.max_iter = 0; }));
  EXPECT_TRUE(refused([](auto& o) { o.kmeans.tol = -1; }));
  EXPECT_TRUE(refused([](auto& o) { o.kmeans.tol = std::nan(""); }));
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_TRUE(refused([&](auto& o) { o.value_weights = {1, bad, 1}; }));
  }
}

}  // namespace
}  // namespace ecomm::core
