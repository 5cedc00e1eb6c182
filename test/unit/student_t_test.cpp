#include "ecomm_analytics/core/student_t.hpp"

#include <limits>

#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

TEST(StudentT, QuantilesEqualR) {
  const auto document = ReadReference("benchmarks_reference.json");
  for (const auto& row : document["quantiles"]) {
    const double expected = row[2].get<double>();
    const double actual = StudentQuantile(row[0].get<double>(), row[1].get<double>());
    EXPECT_NEAR(actual, expected, 1e-9 * std::fabs(expected)) << row.dump();
  }
}

TEST(StudentT, Edges) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(StudentQuantile(0.5, 3), 0);
  EXPECT_EQ(StudentQuantile(0, 3), -kInfinity);
  EXPECT_EQ(StudentQuantile(1, 3), kInfinity);
  EXPECT_NEAR(StudentQuantile(0.75, 1), 1, 1e-12);
  EXPECT_EQ(StudentQuantile(0.25, 5), -StudentQuantile(0.75, 5));
  for (const double p : {kNaN, -0.1, 1.1}) EXPECT_TRUE(std::isnan(StudentQuantile(p, 3)));
  for (const double degrees : {kNaN, 0.0, -1.0, kInfinity}) {
    EXPECT_TRUE(std::isnan(StudentQuantile(0.9, degrees)));
  }
}

}  // namespace
}  // namespace ecomm::core
