#include "ecomm_analytics/core/hierarchy.hpp"

#include <string>
#include <vector>

#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

using Names = std::vector<std::vector<std::string>>;

// "a,*: 0 1" per aggregate.
std::vector<std::string> Shown(const Hierarchy& hierarchy) {
  std::vector<std::string> lines;
  for (const auto& aggregate : hierarchy.aggregates) {
    std::string line;
    for (const auto& name : aggregate.names) line += (line.empty() ? "" : ",") + name.value_or("*");
    line += ":";
    for (const auto bottom : aggregate.bottoms) line += " " + std::to_string(bottom);
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Hierarchy, CrossedDimensionsHaveEverySum) {
  const auto h = BuildHierarchy(Names{{"b", "x"}, {"b", "y"}, {"a", "x"}, {"a", "y"}});
  EXPECT_EQ(Shown(h), (Lines{"*,*: 0 1 2 3", "a,*: 2 3", "b,*: 0 1", "*,x: 0 2", "*,y: 1 3"}));
  EXPECT_EQ(h.size(), 9U);
  EXPECT_EQ(h.parents[0], (std::vector<std::size_t>{0, 2, 3}));
}

TEST(Hierarchy, SingleSeriesAreNotSums) {
  const auto h = BuildHierarchy(Names{{"a", "x"}, {"a", "y"}, {"b", "x"}});
  EXPECT_EQ(Shown(h), (Lines{"*,*: 0 1 2", "a,*: 0 1", "*,x: 0 2"}));
}

TEST(Hierarchy, NestedDimensionsAreNamedTogether) {
  // category, product, state: the product tells the category.
  const auto h = BuildHierarchy(Names{{"toys", "ball", "N"},
                                      {"toys", "ball", "S"},
                                      {"toys", "kite", "N"},
                                      {"toys", "kite", "S"},
                                      {"food", "bone", "N"},
                                      {"food", "bone", "S"}});
  EXPECT_EQ(Shown(h),
            (Lines{"*,*,*: 0 1 2 3 4 5", "food,*,*: 4 5", "toys,*,*: 0 1 2 3", "*,*,N: 0 2 4", "*,*,S: 1 3 5",
                   "toys,ball,*: 0 1", "toys,kite,*: 2 3", "toys,*,N: 0 2", "toys,*,S: 1 3"}));
}

TEST(Hierarchy, ADimensionOfOneValueAddsNothing) {
  EXPECT_EQ(Shown(BuildHierarchy(Names{{"a", "x"}, {"b", "x"}})), Lines{"*,*: 0 1"});
  EXPECT_EQ(Shown(BuildHierarchy(Names{{"a"}, {"b"}})), Lines{"*: 0 1"});
}

TEST(Hierarchy, OneSeriesHasNoSums) {
  const auto h = BuildHierarchy(Names{{"a", "x", "", "4"}});
  EXPECT_TRUE(h.aggregates.empty());
  EXPECT_EQ(h.size(), 1U);
}

TEST(Hierarchy, FourDimensions) {
  Names names;
  for (const char* a : {"0", "1"}) {
    for (const char* b : {"0", "1"}) {
      for (const char* c : {"0", "1"}) {
        for (const char* d : {"0", "1"}) names.push_back({a, b, c, d});
      }
    }
  }
  const auto h = BuildHierarchy(names);
  EXPECT_EQ(h.aggregates.size(), 1U + 4 * 2 + 6 * 4 + 4 * 8);
  for (const auto& parents : h.parents) EXPECT_EQ(parents.size(), 15U);
}

TEST(Hierarchy, SumsUp) {
  const auto h = BuildHierarchy(Names{{"a", "x"}, {"a", "y"}, {"b", "x"}});
  Matrix bottoms(3, 2);
  bottoms << 1, 2, 10, 20, 100, std::nan("");
  const Matrix all = SumUp(h, bottoms);
  ASSERT_EQ(all.rows(), 6);
  EXPECT_EQ(all.col(0), (Vector(6) << 111, 11, 101, 1, 10, 100).finished());
  EXPECT_TRUE(std::isnan(all(0, 1)));
  EXPECT_EQ(all(1, 1), 22);
  ExpectError(ErrorCode::kInvalidArgument, "does not fit", "Found: 2, expected: 3",
              [&] { SumUp(h, bottoms.topRows(2)); });
}

TEST(Hierarchy, Refuses) {
  ExpectError(ErrorCode::kInvalidArgument, "no series", "", [] { BuildHierarchy({}); });
  ExpectError(ErrorCode::kInvalidArgument, "dimensions", "Dimensions: 0", [] { BuildHierarchy(Names{{}}); });
  ExpectError(ErrorCode::kInvalidArgument, "dimensions", "Dimensions: 5", [] {
    BuildHierarchy(Names{{"", "", "", "", ""}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "different numbers", "1 and 2", [] {
    BuildHierarchy(Names{{"a"}, {"a", "b"}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "same names", "\"a\", \"b\"", [] {
    BuildHierarchy(Names{{"a", "b"}, {"c", "d"}, {"a", "b"}});
  });
}

}  // namespace
}  // namespace ecomm::core
