#include "ecomm_analytics/core/ward.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The different rows of a matrix.
struct DistinctRows {
  std::vector<std::uint32_t> first;   // a row of `points` for each, in lexicographic order of values
  std::vector<std::uint32_t> counts;  // how many there are of each
  std::vector<std::uint32_t> place;   // per row of `points`: which of them it is
};

DistinctRows FindDistinct(const MatrixView& points) {
  const std::vector<std::uint32_t> order = CanonicalOrder(points);
  DistinctRows distinct;
  distinct.place.resize(order.size());
  for (const std::uint32_t row : order) {
    if (distinct.first.empty() || points.row(row) != points.row(distinct.first.back())) {
      distinct.first.push_back(row);
      distinct.counts.push_back(0);
    }
    ++distinct.counts.back();
    distinct.place[row] = static_cast<std::uint32_t>(distinct.first.size() - 1);
  }
  return distinct;
}

struct Merge {
  double height;  // what it adds to the sum of squares
  std::uint32_t a;
  std::uint32_t b;  // a row of each of the two clusters
};

// Clusters as centroid and size, one per place. Places of clusters that are merged away hold infinities,
// which are never nearest, until Compact closes the gaps.
class Clusters {
 public:
  static constexpr Index kBlock = 16;

  Clusters(const MatrixView& points, const DistinctRows& distinct, double scale)
      : width_(points.cols()),
        places_(static_cast<Index>(distinct.first.size())),
        live_(places_),
        columns_(Matrix::Constant(width_, places_ + kBlock, kInfinity)),
        sizes_(Vector::Ones(places_ + kBlock)),
        members_(distinct.first.size()),
        anchor_(width_) {
    std::iota(members_.begin(), members_.end(), 0U);
    for (Index i = 0; i < places_; ++i) {
      columns_.col(i).head(width_) =
          points.row(distinct.first[static_cast<std::size_t>(i)]).transpose() * scale;
      sizes_[i] = distinct.counts[static_cast<std::size_t>(i)];
    }
  }

  Index live() const { return live_; }
  Index First() {
    while (columns_(0, first_) == kInfinity) ++first_;
    return first_;
  }

  // The place of the cluster nearest to that at `from`; of equally near ones `preferred` (or -1), else the
  // first.
  Index Nearest(Index from, Index preferred) {
    anchor_ = columns_.col(from);
    anchor_size_ = sizes_[from];
    Index nearest = preferred;
    double least = preferred < 0 ? kInfinity : Increase(from, preferred);
    columns_.col(from).setConstant(kInfinity);
    for (Index at = 0; at < places_; at += kBlock) {
      const Block increases = Increases(at);
      if (!(increases < least).any()) continue;
      for (Index i = 0; i < kBlock; ++i) {
        if (increases[i] < least) {
          least = increases[i];
          nearest = at + i;
        }
      }
    }
    columns_.col(from) = anchor_;
    work_.Done(static_cast<std::size_t>(places_ * (3 * width_ + 4)));
    return nearest;
  }

  // The union takes the higher place.
  Merge Unite(Index a, Index b) {
    const Merge merge{Increase(a, b), members_[static_cast<std::size_t>(a)],
                      members_[static_cast<std::size_t>(b)]};
    const Index into = std::max(a, b);
    const Index gone = std::min(a, b);
    const double size = sizes_[a] + sizes_[b];
    columns_.col(into) += (columns_.col(gone) - columns_.col(into)) * (sizes_[gone] / size);
    sizes_[into] = size;
    columns_.col(gone).setConstant(kInfinity);
    --live_;
    return merge;
  }

  // Closes the gaps once they are a quarter of all, and takes the places in `chain` along.
  void Compact(std::vector<Index>* chain) {
    if (live_ * 4 > places_ * 3) return;
    std::vector<Index> moved(static_cast<std::size_t>(places_), -1);
    Index to = 0;
    for (Index from = 0; from < places_; ++from) {
      if (columns_(0, from) == kInfinity) continue;
      moved[static_cast<std::size_t>(from)] = to;
      columns_.col(to) = columns_.col(from);
      sizes_[to] = sizes_[from];
      members_[static_cast<std::size_t>(to)] = members_[static_cast<std::size_t>(from)];
      ++to;
    }
    columns_.middleCols(to, places_ - to).setConstant(kInfinity);
    places_ = to;
    first_ = 0;
    for (Index& place : *chain) place = moved[static_cast<std::size_t>(place)];
  }

 private:
  using Block = Eigen::Array<double, kBlock, 1>;

  // The same operations in the same order as Increases, so that the chain sees one value for a pair from
  // both ends and cannot run in circles.
  double Increase(Index a, Index b) const {
    double square = 0;
    for (Index j = 0; j < width_; ++j) {
      const double difference = columns_(j, b) - columns_(j, a);
      square += difference * difference;
    }
    return square * (sizes_[b] * sizes_[a] / (sizes_[b] + sizes_[a]));
  }

  Block Increases(Index at) const {
    Block square = Block::Zero();
    for (Index j = 0; j < width_; ++j) {
      square += (columns_.row(j).segment<kBlock>(at).transpose().array() - anchor_[j]).square();
    }
    const auto sizes = sizes_.segment<kBlock>(at).array();
    return square * (sizes * anchor_size_ / (sizes + anchor_size_));
  }

  Index width_;
  Index places_;
  Index live_;
  Index first_ = 0;
  Matrix columns_;  // feature × place
  Vector sizes_;
  std::vector<std::uint32_t> members_;  // one row of each cluster
  Vector anchor_;
  double anchor_size_ = 0;
  Work work_;
};

std::vector<Merge> AllMerges(Clusters& clusters) {
  std::vector<Merge> merges;
  const auto total = static_cast<std::size_t>(clusters.live()) - 1;
  merges.reserve(total);
  std::vector<Index> chain;
  std::size_t tenth = 1;
  while (merges.size() < total) {
    if (chain.empty()) chain.push_back(clusters.First());
    const Index before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
    const Index nearest = clusters.Nearest(chain.back(), before);
    if (nearest != before) {
      chain.push_back(nearest);
      continue;
    }
    merges.push_back(clusters.Unite(chain.back(), before));
    chain.resize(chain.size() - 2);
    clusters.Compact(&chain);
    if (merges.size() * 10 >= tenth * total && total >= 10'000) {
      Progress("ward: " + std::to_string(10 * tenth++) + " % of the merges");
    }
  }
  return merges;
}

void CheckArguments(const MatrixView& points, int k) {
  if (points.rows() == 0 || points.cols() == 0) {
    throw Error(
        ErrorCode::kInvalidArgument, "clustering needs at least one row and one feature",
        "Rows: " + std::to_string(points.rows()) + ", features: " + std::to_string(points.cols()) + ".");
  }
  if (k < 1) {
    throw Error(ErrorCode::kInvalidArgument, "k must be at least 1", "k: " + std::to_string(k) + ".");
  }
}

void CheckDistinct(std::size_t rows, int k) {
  if (static_cast<std::size_t>(k) > rows) {
    throw Error(ErrorCode::kInvalidArgument, "k must not exceed the number of different rows",
                "k: " + std::to_string(k) + ", different rows: " + std::to_string(rows) + ".",
                "Ask for fewer clusters.");
  }
  if (rows > kMaxWardRows) {
    throw Error(
        ErrorCode::kInvalidArgument, "too many rows for Ward's method",
        "Different rows: " + std::to_string(rows) + ", allowed: " + std::to_string(kMaxWardRows) + ".",
        "Cluster a sample, or use k-means.");
  }
}

}  // namespace

std::vector<std::int32_t> Ward(const MatrixView& points, int k) {
  CheckArguments(points, k);
  const int exponent = CommonExponent(points, "Ward's method");
  const auto n = static_cast<std::size_t>(points.rows());
  RequireMemory(n * 4 * sizeof(std::uint32_t), "Ward's method");
  const DistinctRows distinct = FindDistinct(points);
  const std::size_t m = distinct.first.size();
  CheckDistinct(m, k);
  RequireMemory(m * (static_cast<std::size_t>(points.cols() + 3) * sizeof(double) + sizeof(Merge)),
                "Ward's method");
  Clusters clusters(points, distinct, std::ldexp(1.0, -exponent));
  std::vector<Merge> merges = AllMerges(clusters);

  // The chain finds the merges out of order; the lowest m - k of them leave k clusters.
  std::stable_sort(merges.begin(), merges.end(),
                   [](const Merge& a, const Merge& b) { return a.height < b.height; });
  merges.resize(m - static_cast<std::size_t>(k));
  DisjointSets sets(m);
  for (const Merge& merge : merges) sets.Join(merge.a, merge.b);

  std::vector<std::int32_t> numbers(m, -1);
  std::int32_t next = 0;
  std::vector<std::int32_t> labels(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::int32_t& number = numbers[sets.Find(distinct.place[i])];
    if (number < 0) number = next++;
    labels[i] = number;
  }
  return labels;
}

}  // namespace ecomm::core
