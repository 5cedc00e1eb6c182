#include "ecomm_analytics/core/dbscan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kLeafRows = 16;
constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::max();

// A k-d tree that answers DBSCAN's three questions about the rows within eps of one. Rows are known by their
// slot, their place in the tree's order.
class NeighbourTree {
 public:
  static std::size_t Bytes(std::size_t n, std::size_t d) {
    const std::size_t nodes = 4 * n / kLeafRows + 2;
    return n * (d * sizeof(double) + 4 * sizeof(std::uint32_t) + 1) +
           nodes * (sizeof(Node) + 2 * d * sizeof(double));
  }

  NeighbourTree(const MatrixView& points, double scale, double eps)
      : width_(static_cast<std::size_t>(points.cols())),
        reach_(eps * eps),
        rows_(static_cast<std::size_t>(points.rows())),
        sets_(rows_.size()) {
    std::iota(rows_.begin(), rows_.end(), 0U);
    Build(points, 0, rows_.size());
    values_.reserve(rows_.size() * width_);
    for (const std::uint32_t row : rows_) {
      for (Eigen::Index j = 0; j < points.cols(); ++j) values_.push_back(points(row, j) * scale);
    }
    Bound(0);
  }

  const std::vector<std::uint32_t>& rows() const { return rows_; }

  // Whether at least `least` rows are near, the row itself included.
  bool IsDense(std::size_t slot, std::size_t least) { return Count(0, slot, least) >= least; }

  // From here on only the slots marked so are dense.
  void SetDense(std::vector<std::uint8_t> dense) {
    dense_ = std::move(dense);
    Summarise(0);
  }

  // Joins the sets of all dense rows within eps of this dense one.
  void JoinNear(std::size_t slot) { Join(0, slot); }
  std::uint32_t SetOf(std::size_t slot) { return sets_.Find(static_cast<std::uint32_t>(slot)); }

  // The lowest number (by set) of a dense row near; kNone where there is none.
  std::int32_t LowestNear(std::size_t slot, const std::vector<std::int32_t>& number_of_set) {
    std::int32_t lowest = kNone;
    Lowest(0, slot, number_of_set, &lowest);
    return lowest;
  }

 private:
  struct Node {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t right;        // the left child is the next node; 0 in a leaf
    std::uint32_t dense = 0;    // how many of its rows are
    std::uint32_t witness = 0;  // one of them
    bool one_set = false;       // all of them are known to be in one set
  };

  bool IsLeaf(const Node& node) const { return node.right == 0; }
  const double* Row(std::size_t slot) const { return values_.data() + slot * width_; }
  double* Low(std::size_t node) { return bounds_.data() + node * 2 * width_; }
  double* High(std::size_t node) { return Low(node) + width_; }

  std::uint32_t Build(const MatrixView& points, std::size_t begin, std::size_t end) {
    const auto id = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), 0});
    const Eigen::Index axis = end - begin > kLeafRows ? WidestAxis(points, begin, end) : -1;
    if (axis >= 0) {
      const std::size_t middle = begin + (end - begin) / 2;
      const auto at = [&](std::size_t i) { return rows_.begin() + static_cast<std::ptrdiff_t>(i); };
      std::nth_element(at(begin), at(middle), at(end),
                       [&](std::uint32_t a, std::uint32_t b) { return points(a, axis) < points(b, axis); });
      Build(points, begin, middle);
      const std::uint32_t right = Build(points, middle, end);
      nodes_[id].right = right;
    }
    return id;
  }

  // -1 where all rows are the same: those stay one leaf, however many they are.
  Eigen::Index WidestAxis(const MatrixView& points, std::size_t begin, std::size_t end) {
    Eigen::Index widest = -1;
    double extent = 0;
    for (Eigen::Index j = 0; j < points.cols(); ++j) {
      double low = points(rows_[begin], j);
      double high = low;
      for (std::size_t i = begin; i < end; ++i) {
        low = std::min(low, points(rows_[i], j));
        high = std::max(high, points(rows_[i], j));
      }
      if (high / 2 - low / 2 > extent) {
        extent = high / 2 - low / 2;
        widest = j;
      }
      work_.Done(2 * (end - begin));
    }
    return widest;
  }

  void Bound(std::size_t id) {
    bounds_.resize(std::max(bounds_.size(), nodes_.size() * 2 * width_));
    const Node& node = nodes_[id];
    double* low = Low(id);
    double* high = High(id);
    std::copy_n(Row(node.begin), width_, low);
    std::copy_n(Row(node.begin), width_, high);
    if (!IsLeaf(node)) {
      for (const std::size_t child : {id + 1, static_cast<std::size_t>(node.right)}) {
        Bound(child);
        for (std::size_t j = 0; j < width_; ++j) {
          low[j] = std::min(low[j], Low(child)[j]);
          high[j] = std::max(high[j], High(child)[j]);
        }
      }
      return;
    }
    for (std::size_t slot = node.begin; slot < node.end; ++slot) {
      for (std::size_t j = 0; j < width_; ++j) {
        low[j] = std::min(low[j], Row(slot)[j]);
        high[j] = std::max(high[j], Row(slot)[j]);
      }
      work_.Done(2 * width_);
    }
  }

  void Summarise(std::size_t id) {
    Node& node = nodes_[id];
    if (IsLeaf(node)) {
      for (std::uint32_t slot = node.begin; slot < node.end; ++slot) {
        if (dense_[slot] == 0) continue;
        ++node.dense;
        node.witness = slot;
      }
    } else {
      for (const std::size_t child : {id + 1, static_cast<std::size_t>(node.right)}) {
        Summarise(child);
        node.dense += nodes_[child].dense;
        if (nodes_[child].dense > 0) node.witness = nodes_[child].witness;
      }
    }
    // No two rows of a box that small are further apart than eps, rounding included.
    double diagonal = 0;
    for (std::size_t j = 0; j < width_; ++j) {
      const double side = High(id)[j] - Low(id)[j];
      diagonal += side * side;
    }
    if (diagonal > reach_) return;
    node.one_set = true;
    for (std::uint32_t slot = node.begin; slot < node.end; ++slot) {
      if (dense_[slot] != 0) sets_.Join(slot, node.witness);
    }
    work_.Done(node.end - node.begin);
  }

  // Squared distances, summed in the order of the features. A box's least and greatest are rounded as those
  // of its rows are, so they are true bounds.
  bool Near(std::size_t a, std::size_t b) {
    work_.Done(3 * width_);
    double square = 0;
    for (std::size_t j = 0; j < width_; ++j) {
      const double difference = Row(a)[j] - Row(b)[j];
      square += difference * difference;
    }
    return square <= reach_;
  }

  enum class Overlap { kApart, kPartly, kWhole };

  Overlap OverlapWith(std::size_t id, std::size_t slot) {
    work_.Done(6 * width_);
    const double* low = Low(id);
    const double* high = High(id);
    const double* row = Row(slot);
    double least = 0;
    double greatest = 0;
    for (std::size_t j = 0; j < width_; ++j) {
      const double below = low[j] - row[j];
      const double above = row[j] - high[j];
      const double outside = std::max(0.0, std::max(below, above));
      const double across = std::max(std::abs(below), std::abs(above));
      least += outside * outside;
      greatest += across * across;
    }
    if (least > reach_) return Overlap::kApart;
    return greatest <= reach_ ? Overlap::kWhole : Overlap::kPartly;
  }

  // How many rows of the node are near, or at least `least` of them.
  std::size_t Count(std::size_t id, std::size_t slot, std::size_t least) {
    const Node& node = nodes_[id];
    const Overlap overlap = OverlapWith(id, slot);
    if (overlap == Overlap::kApart) return 0;
    if (overlap == Overlap::kWhole) return node.end - node.begin;
    std::size_t count = 0;
    if (IsLeaf(node)) {
      for (std::size_t i = node.begin; i < node.end && count < least; ++i) count += Near(slot, i) ? 1 : 0;
      return count;
    }
    count = Count(id + 1, slot, least);
    return count >= least ? count : count + Count(node.right, slot, least - count);
  }

  bool InOneSet(std::size_t id) {
    Node& node = nodes_[id];
    if (node.one_set || IsLeaf(node)) return node.one_set;
    const Node& left = nodes_[id + 1];
    const Node& right = nodes_[node.right];
    const auto settled = [](const Node& child) { return child.dense == 0 || child.one_set; };
    node.one_set = settled(left) && settled(right) &&
                   (left.dense == 0 || right.dense == 0 || SetOf(left.witness) == SetOf(right.witness));
    return node.one_set;
  }

  void Join(std::size_t id, std::size_t slot) {
    Node& node = nodes_[id];
    if (node.dense == 0) return;
    const bool one_set = InOneSet(id);
    if (one_set && SetOf(node.witness) == SetOf(slot)) return;
    const Overlap overlap = OverlapWith(id, slot);
    if (overlap == Overlap::kApart) return;
    if (!IsLeaf(node) && !(one_set && overlap == Overlap::kWhole)) {
      Join(id + 1, slot);
      Join(node.right, slot);
      InOneSet(id);
      return;
    }
    for (std::uint32_t i = node.begin; i < node.end; ++i) {
      if (dense_[i] == 0 || (overlap != Overlap::kWhole && !Near(slot, i))) continue;
      sets_.Join(static_cast<std::uint32_t>(slot), i);
      if (one_set) return;
    }
    if (overlap == Overlap::kWhole) node.one_set = true;
  }

  void Lowest(std::size_t id, std::size_t slot, const std::vector<std::int32_t>& number_of_set,
              std::int32_t* lowest) {
    const Node& node = nodes_[id];
    if (node.dense == 0) return;
    if (InOneSet(id) && number_of_set[SetOf(node.witness)] >= *lowest) return;
    if (OverlapWith(id, slot) == Overlap::kApart) return;
    if (!IsLeaf(node)) {
      Lowest(id + 1, slot, number_of_set, lowest);
      Lowest(node.right, slot, number_of_set, lowest);
      return;
    }
    for (std::size_t i = node.begin; i < node.end; ++i) {
      if (dense_[i] != 0 && number_of_set[SetOf(i)] < *lowest && Near(slot, i)) {
        *lowest = number_of_set[SetOf(i)];
      }
    }
  }

  std::size_t width_;
  double reach_;
  std::vector<std::uint32_t> rows_;  // slot -> row of the points
  DisjointSets sets_;
  std::vector<double> values_;  // slot × feature
  std::vector<Node> nodes_;
  std::vector<double> bounds_;  // per node: least, then greatest of each feature
  std::vector<std::uint8_t> dense_;
  Work work_;
};

void CheckPoints(const MatrixView& points) {
  if (points.cols() == 0) {
    throw Error(ErrorCode::kInvalidArgument, "clustering needs at least one feature");
  }
  if (points.rows() > static_cast<Eigen::Index>(kMaxDbscanRows)) {
    throw Error(
        ErrorCode::kInvalidArgument, "too many rows for DBSCAN",
        "Rows: " + std::to_string(points.rows()) + ", allowed: " + std::to_string(kMaxDbscanRows) + ".",
        "Cluster a sample, or use k-means.");
  }
}

}  // namespace

void CheckOptions(const DbscanOptions& options) {
  if (!(options.eps > 0) || !std::isfinite(options.eps)) {
    throw Error(ErrorCode::kInvalidArgument, "eps must be finite and greater than 0",
                "eps: " + ToText(options.eps) + ".");
  }
  if (options.min_points < 1) {
    throw Error(ErrorCode::kInvalidArgument, "min_points must be at least 1",
                "min_points: " + std::to_string(options.min_points) + ".");
  }
}

DbscanResult Dbscan(const MatrixView& points, const DbscanOptions& options) {
  CheckOptions(options);
  CheckPoints(points);
  const int exponent = CommonExponent(points, "DBSCAN");
  const auto n = static_cast<std::size_t>(points.rows());
  DbscanResult result;
  if (n == 0) return result;
  RequireMemory(NeighbourTree::Bytes(n, static_cast<std::size_t>(points.cols())), "DBSCAN");
  // All scaled values are within (-1, 1): no distance is near 1e100.
  const double eps = std::min(std::ldexp(options.eps, -exponent), 1e100);
  NeighbourTree tree(points, std::ldexp(1.0, -exponent), eps);

  std::vector<std::uint8_t> dense(n);
  for (std::size_t slot = 0; slot < n; ++slot) {
    dense[slot] = tree.IsDense(slot, static_cast<std::size_t>(options.min_points)) ? 1 : 0;
  }
  tree.SetDense(dense);
  std::vector<std::uint32_t> slots(n);
  for (std::size_t slot = 0; slot < n; ++slot) {
    if (dense[slot] != 0) tree.JoinNear(slot);
    slots[tree.rows()[slot]] = static_cast<std::uint32_t>(slot);
  }

  std::vector<std::int32_t> number_of_set(n, kNone);
  result.labels.assign(n, kNoiseLabel);
  for (std::size_t i = 0; i < n; ++i) {
    if (dense[slots[i]] == 0) continue;
    std::int32_t& number = number_of_set[tree.SetOf(slots[i])];
    if (number == kNone) number = result.clusters++;
    result.labels[i] = number;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (dense[slots[i]] != 0) continue;
    const std::int32_t number = tree.LowestNear(slots[i], number_of_set);
    if (number != kNone) result.labels[i] = number;
  }
  return result;
}

}  // namespace ecomm::core
