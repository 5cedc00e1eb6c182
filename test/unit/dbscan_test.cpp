#include "ecomm_analytics/core/dbscan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"

namespace ecomm::core {
namespace {

using Labels = std::vector<std::int32_t>;

TEST(Dbscan, EqualsScikitLearn) {
  const auto reference = ReadReference("density_ward_reference.json");
  for (const auto& example : reference["dbscan"]) {
    const auto name = example["set"].get<std::string>();
    const DbscanOptions options{example["eps"], example["min_points"]};
    SCOPED_TRACE(name + " " + std::to_string(options.eps) + " " + std::to_string(options.min_points));
    const DbscanResult result = Dbscan(ToMatrix(reference["sets"][name]), options);
    const auto labels = example["labels"].get<Labels>();
    EXPECT_EQ(result.labels, labels);
    EXPECT_EQ(result.clusters, 1 + *std::max_element(labels.begin(), labels.end()));
  }
}

// The definition, word for word.
Labels ByDefinition(const Matrix& x, const DbscanOptions& options) {
  const auto n = static_cast<std::size_t>(x.rows());
  std::vector<std::vector<std::size_t>> near(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double square = 0;
      for (Eigen::Index c = 0; c < x.cols(); ++c) {
        const double difference = x(static_cast<Eigen::Index>(i), c) - x(static_cast<Eigen::Index>(j), c);
        square += difference * difference;
      }
      if (square <= options.eps * options.eps) near[i].push_back(j);
    }
  }
  const auto dense = [&](std::size_t i) { return static_cast<int>(near[i].size()) >= options.min_points; };
  Labels labels(n, kNoiseLabel);
  std::int32_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (labels[i] != kNoiseLabel || !dense(i)) continue;
    std::vector<std::size_t> open{i};
    labels[i] = next;
    while (!open.empty()) {
      const std::size_t from = open.back();
      open.pop_back();
      if (!dense(from)) continue;
      for (const std::size_t to : near[from]) {
        if (labels[to] != kNoiseLabel) continue;
        labels[to] = next;
        open.push_back(to);
      }
    }
    ++next;
  }
  return labels;
}

TEST(Dbscan, EqualsTheDefinitionAtAllDensities) {
  Random random(8);
  for (int round = 0; round < 60; ++round) {
    Matrix x(300, 1 + round % 4);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const double value = random.Normal() * (random.Below(3) == 0 ? 2.0 : 0.4);
      x.data()[i] = round % 5 == 0 ? std::round(value * 4) / 4 : value;
    }
    const DbscanOptions options{0.02 * std::exp(0.08 * round), 1 + static_cast<int>(random.Below(15))};
    SCOPED_TRACE(std::to_string(round));
    EXPECT_EQ(Dbscan(x, options).labels, ByDefinition(x, options));
  }
}

TEST(Dbscan, EdgeCases) {
  EXPECT_TRUE(Dbscan(Matrix(0, 2), {}).labels.empty());
  EXPECT_EQ(Dbscan(Matrix::Zero(1, 2), {0.5, 1}).labels, Labels{0});
  EXPECT_EQ(Dbscan(Matrix::Zero(1, 2), {0.5, 2}).labels, Labels{-1});
  EXPECT_EQ(Dbscan(Matrix::Constant(500, 2, 7.5), {1e-300, 500}).labels, Labels(500, 0));
  EXPECT_EQ(Dbscan(Matrix::Random(50, 2), {1e308, 50}).clusters, 1);
  EXPECT_EQ(Dbscan(Matrix::Random(50, 2), {1, std::numeric_limits<int>::max()}).clusters, 0);
  Matrix far(2, 1);
  far << -1.5e308, 1.5e308;
  EXPECT_EQ(Dbscan(far, {1e308, 1}).labels, (Labels{0, 1}));
}

TEST(Dbscan, ADenseHeapIsNotQuadratic) {
  Matrix x(50'000, 2);
  Random random(5);
  for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = random.Normal();
  static std::int64_t polls = 0;
  polls = 0;
  CurrentHost().poll = [] { ++polls; };
  EXPECT_EQ(Dbscan(x, {1.0, 10}).clusters, 1);
  CurrentHost().poll = nullptr;
  // 50,000 rows squared at 6 operations per pair would poll 150,000 times.
  EXPECT_LT(polls, 3000);
}

TEST(Dbscan, RefusesWhatItCannotUse) {
  Matrix x = Matrix::Random(5, 2);
  const double bad_eps[] = {0.0, -1.0, std::nan(""), HUGE_VAL};
  for (const double eps : bad_eps) {
    EXPECT_EQ(Thrown([&] { Dbscan(x, {eps, 5}); }).code(), ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(Thrown([&] { Dbscan(x, {0.5, 0}); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Dbscan(Matrix(3, 0), {}); }).code(), ErrorCode::kInvalidArgument);
  const Matrix many = Matrix::Zero(static_cast<Eigen::Index>(kMaxDbscanRows) + 1, 1);
  EXPECT_STREQ(Thrown([&] { Dbscan(many, {}); }).what(), "too many rows for DBSCAN");
  x(1, 0) = HUGE_VAL;
  EXPECT_EQ(Thrown([&] { Dbscan(x, {}); }).code(), ErrorCode::kUnusableData);
  CurrentHost().memory_limit = [] { return std::size_t{100}; };
  EXPECT_EQ(Thrown([] { Dbscan(Matrix::Zero(100, 2), {}); }).code(), ErrorCode::kMemoryLimit);
  CurrentHost().memory_limit = nullptr;
}

TEST(Dbscan, CanBeCancelled) {
  static int polls = 0;
  polls = 0;
  CurrentHost().poll = [] {
    if (++polls > 10) throw std::runtime_error("cancelled");
  };
  EXPECT_THROW(Dbscan(Matrix::Random(20000, 3), {0.1, 10}), std::runtime_error);
  CurrentHost().poll = nullptr;
}

}  // namespace
}  // namespace ecomm::core
