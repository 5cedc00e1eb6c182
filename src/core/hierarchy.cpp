#include "ecomm_analytics/core/hierarchy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// A dimension's values as their ranks among the distinct ones; dimensions not there have rank 0.
using Ranks = std::array<std::size_t, kMostDimensions>;
using Mask = unsigned;  // bit d: dimension d is named

void RequireNames(std::span<const std::vector<std::string>> names) {
  if (names.empty()) throw Error(ErrorCode::kInvalidArgument, "there are no series to add up");
  const std::size_t dimensions = names.front().size();
  if (dimensions < 1 || dimensions > kMostDimensions) {
    throw Error(ErrorCode::kInvalidArgument, "the number of dimensions is outside its range",
                "Dimensions: " + std::to_string(dimensions) + ", allowed: 1 to " +
                    std::to_string(kMostDimensions) + ".");
  }
  for (const auto& values : names) {
    if (values.size() == dimensions) continue;
    throw Error(ErrorCode::kInvalidArgument, "series are named by different numbers of dimensions",
                "Found: " + std::to_string(dimensions) + " and " + std::to_string(values.size()) + ".");
  }
}

std::vector<Ranks> RankNames(std::span<const std::vector<std::string>> names) {
  std::vector<Ranks> ranks(names.size(), Ranks{});
  for (std::size_t d = 0; d < names.front().size(); ++d) {
    std::map<std::string_view, std::size_t> known;
    for (const auto& values : names) known.emplace(values[d], 0);
    std::size_t next = 0;
    for (auto& [value, rank] : known) rank = next++;
    for (std::size_t i = 0; i < names.size(); ++i) ranks[i][d] = known.at(names[i][d]);
  }
  return ranks;
}

// The series of each combination of values of the dimensions in `mask`, in the order of these.
std::vector<std::vector<std::size_t>> Group(const std::vector<Ranks>& ranks, Mask mask) {
  const auto compare = [&](std::size_t a, std::size_t b) {
    for (std::size_t d = 0; d < kMostDimensions; ++d) {
      if ((mask >> d & 1U) != 0 && ranks[a][d] != ranks[b][d]) return ranks[a][d] < ranks[b][d] ? -1 : 1;
    }
    return 0;
  };
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t i : order) {
    if (groups.empty() || compare(groups.back().front(), i) != 0) groups.emplace_back();
    groups.back().push_back(i);
  }
  return groups;
}

void RequireDistinct(std::span<const std::vector<std::string>> names,
                     const std::vector<std::vector<std::size_t>>& groups) {
  for (const auto& group : groups) {
    if (group.size() == 1) continue;
    std::string list;
    for (const auto& value : names[group.front()]) list += (list.empty() ? "\"" : ", \"") + value + "\"";
    throw Error(ErrorCode::kInvalidArgument, "two series have the same names", "Names: " + list + ".");
  }
}

// Masks that part the series like no larger one, fewest dimensions first; the total is that of none.
std::vector<Mask> DistinctMasks(const std::vector<std::size_t>& groups) {
  const Mask all = static_cast<Mask>(groups.size()) - 1;
  std::vector<Mask> masks = {0};
  for (Mask mask = 1; mask < all; ++mask) {
    bool distinct = groups[mask] > 1;
    for (Mask bit = 1; bit < all; bit <<= 1) {
      if ((mask & bit) == 0 && groups[mask | bit] == groups[mask]) distinct = false;
    }
    if (distinct) masks.push_back(mask);
  }
  std::stable_sort(masks.begin(), masks.end(),
                   [](Mask a, Mask b) { return std::popcount(a) < std::popcount(b); });
  return masks;
}

}  // namespace

Hierarchy BuildHierarchy(std::span<const std::vector<std::string>> names) {
  RequireNames(names);
  const std::size_t dimensions = names.front().size();
  const Mask masks = 1U << dimensions;
  RequireMemory(400 * names.size() * masks, "the sums of series");
  const auto ranks = RankNames(names);
  std::vector<std::vector<std::vector<std::size_t>>> groups;
  std::vector<std::size_t> counts;
  for (Mask mask = 0; mask < masks; ++mask) {
    Poll();
    groups.push_back(Group(ranks, mask));
    counts.push_back(groups.back().size());
  }
  RequireDistinct(names, groups.back());

  Hierarchy hierarchy;
  hierarchy.bottoms = names.size();
  hierarchy.parents.resize(names.size());
  std::set<std::vector<std::size_t>> taken;
  for (const Mask mask : DistinctMasks(counts)) {
    Poll();
    for (auto& group : groups[mask]) {
      if (group.size() < 2 || !taken.insert(group).second) continue;
      for (const std::size_t bottom : group) hierarchy.parents[bottom].push_back(hierarchy.aggregates.size());
      std::vector<std::optional<std::string>> named(dimensions);
      for (std::size_t d = 0; d < dimensions; ++d) {
        if ((mask >> d & 1U) != 0) named[d] = names[group.front()][d];
      }
      hierarchy.aggregates.push_back({std::move(named), std::move(group)});
    }
  }
  return hierarchy;
}

Matrix SumUp(const Hierarchy& hierarchy, MatrixView bottoms) {
  const auto aggregates = static_cast<Eigen::Index>(hierarchy.aggregates.size());
  if (bottoms.rows() != static_cast<Eigen::Index>(hierarchy.bottoms)) {
    throw Error(ErrorCode::kInvalidArgument, "the number of series to add up does not fit",
                "Found: " + std::to_string(bottoms.rows()) +
                    ", expected: " + std::to_string(hierarchy.bottoms) + ".");
  }
  RequireMemory(sizeof(double) * hierarchy.size() * static_cast<std::size_t>(bottoms.cols()),
                "the sums of series");
  Matrix all = Matrix::Zero(aggregates + bottoms.rows(), bottoms.cols());
  all.bottomRows(bottoms.rows()) = bottoms;
  for (Eigen::Index i = 0; i < aggregates; ++i) {
    Poll();
    for (const std::size_t bottom : hierarchy.aggregates[static_cast<std::size_t>(i)].bottoms) {
      all.row(i) += bottoms.row(static_cast<Eigen::Index>(bottom));
    }
  }
  return all;
}

}  // namespace ecomm::core
