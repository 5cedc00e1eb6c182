#include "ecomm_analytics/core/rfm_score.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ecomm::core {
namespace {

std::vector<int> Scores(std::vector<double> values) {
  std::vector<double> sorted = values;
  const auto breaks = FindBreaks(sorted);
  std::vector<int> scores;
  for (const double value : values) scores.push_back(Score(breaks, value));
  return scores;
}

TEST(RfmScore, SplitsDistinctValuesIntoFifths) {
  EXPECT_EQ(Scores({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), (std::vector<int>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
}

// numpy 1.24.2: [1 + (x > np.quantile(v, [.2, .4, .6, .8])).sum() for x in v]
TEST(RfmScore, EqualsInterpolatedQuantilesWithTies) {
  EXPECT_EQ(Scores({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}), (std::vector<int>{2, 1, 3, 1, 3, 5, 1, 5, 3, 2, 3}));
}

TEST(RfmScore, OneValueOrEqualValuesScoreOne) {
  EXPECT_EQ(Scores({42}), (std::vector<int>{1}));
  EXPECT_EQ(Scores({7, 7, 7}), (std::vector<int>{1, 1, 1}));
}

TEST(RfmScore, MostlyOneValueLeavesGapsInTheScores) {
  EXPECT_EQ(Scores({1, 1, 1, 1, 1, 1, 1, 2, 3, 3}), (std::vector<int>{1, 1, 1, 1, 1, 1, 1, 4, 5, 5}));
}

}  // namespace
}  // namespace ecomm::core
