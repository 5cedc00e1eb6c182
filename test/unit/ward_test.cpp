#include "ecomm_analytics/core/ward.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"

namespace ecomm::core {
namespace {

using Labels = std::vector<std::int32_t>;

TEST(Ward, EqualsScikitLearn) {
  const auto reference = ReadReference("density_ward_reference.json");
  for (const auto& example : reference["ward"]) {
    const auto name = example["set"].get<std::string>();
    const int k = example["k"];
    SCOPED_TRACE(name + " " + std::to_string(k));
    EXPECT_EQ(Ward(ToMatrix(reference["sets"][name]), k), Renumbered(example["labels"].get<Labels>()));
  }
}

TEST(Ward, TheSamePartitionInAnyOrderOfRows) {
  const auto reference = ReadReference("density_ward_reference.json");
  const Matrix x = ToMatrix(reference["sets"]["lattice"]);
  const Labels expected = Ward(x, 5);
  std::vector<Eigen::Index> order(static_cast<std::size_t>(x.rows()));
  std::iota(order.begin(), order.end(), 0);
  Random(4).Shuffle(order);
  Matrix shuffled(x.rows(), x.cols());
  Labels expected_shuffled;
  for (std::size_t i = 0; i < order.size(); ++i) {
    shuffled.row(static_cast<Eigen::Index>(i)) = x.row(order[i]);
    expected_shuffled.push_back(expected[static_cast<std::size_t>(order[i])]);
  }
  EXPECT_EQ(Ward(shuffled, 5), Renumbered(expected_shuffled));
}

TEST(Ward, OneClusterAndOneRowEach) {
  const Matrix x = Matrix::Random(37, 3);
  EXPECT_EQ(Ward(x, 1), Labels(37, 0));
  Labels all(37);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(Ward(x, 37), all);
  EXPECT_EQ(Ward(Matrix::Constant(1, 1, 5), 1), Labels{0});
}

TEST(Ward, RepeatedRowsCountAsOften) {
  Matrix x(6, 1);
  x << 0, 1, 10, 0, 0, 1;
  EXPECT_EQ(Ward(x, 2), (Labels{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(Ward(x, 3), (Labels{0, 1, 2, 0, 0, 1}));
  EXPECT_EQ(Thrown([&] { Ward(x, 4); }).detail(), "k: 4, different rows: 3.");
}

TEST(Ward, TheSameAtAnyScale) {
  const Matrix x = Matrix::Random(60, 2);
  const Labels expected = Ward(x, 4);
  EXPECT_EQ(Ward(x * 0x1p1000, 4), expected);
  EXPECT_EQ(Ward(x * 0x1p-1000, 4), expected);
}

TEST(Ward, RefusesWhatItCannotUse) {
  Matrix x = Matrix::Random(5, 2);
  EXPECT_EQ(Thrown([&] { Ward(x, 0); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Ward(x, 6); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Ward(Matrix(0, 2), 1); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Ward(Matrix(2, 0), 1); }).code(), ErrorCode::kInvalidArgument);
  x(2, 1) = std::nan("");
  EXPECT_EQ(Thrown([&] { Ward(x, 2); }).code(), ErrorCode::kUnusableData);
  const Matrix many = Vector::LinSpaced(static_cast<Eigen::Index>(kMaxWardRows) + 1, 0, 3);
  EXPECT_STREQ(Thrown([&] { Ward(many, 2); }).what(), "too many rows for Ward's method");
  EXPECT_NO_THROW(Ward(many.array().round(), 2));
}

TEST(Ward, CanBeCancelledAndAsksForMemory) {
  const Matrix x = Matrix::Random(3000, 2);
  static int polls = 0;
  polls = 0;
  CurrentHost().poll = [] {
    if (++polls > 30) throw std::runtime_error("cancelled");
  };
  EXPECT_THROW(Ward(x, 2), std::runtime_error);
  CurrentHost().poll = nullptr;
  CurrentHost().memory_limit = [] { return std::size_t{60000}; };
  EXPECT_EQ(Thrown([&] { Ward(x, 2); }).code(), ErrorCode::kMemoryLimit);
  CurrentHost().memory_limit = nullptr;
}

}  // namespace
}  // namespace ecomm::core
