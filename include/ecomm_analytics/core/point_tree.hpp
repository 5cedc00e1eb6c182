// Points in a binary tree of boxes, each leaf a few lanes-wide blocks: what k-means and DBSCAN search in.
// The tree, and the order of the points in it, depends on the set of points only, not on the order the rows
// come in: whatever is computed over it is the same for any permutation of the rows.
// (Bentley 1975, doi:10.1145/361002.361007; boxes cut at the middle of their longest side.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/lanes.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

class PointTree {
 public:
  static constexpr int kLeafRows = 32;
  static constexpr int kLeafBlocks = kLeafRows / kLanes;
  static constexpr std::uint32_t kNoRow = UINT32_MAX;

  // Blocks [block, block + blocks) hold the node's `rows` points. In a leaf they lie in the first lanes and
  // the lanes left over repeat its last point; an inner node's blocks are its children's.
  struct Node {
    std::int32_t left = -1;  // -1: a leaf
    std::int32_t right = -1;
    std::uint32_t block = 0;
    std::uint32_t blocks = 0;
    std::uint32_t rows = 0;
    bool leaf() const { return left < 0; }
  };

  // `points`: n × d, finite, 1 <= n < 2^31, d >= 1; each is multiplied by `scale`. Throws
  // Error(kMemoryLimit).
  PointTree(const MatrixView& points, double scale);

  int dimensions() const { return dimensions_; }
  std::size_t rows() const { return nodes_[0].rows; }
  std::size_t blocks() const { return nodes_[0].blocks; }
  const std::vector<Node>& nodes() const { return nodes_; }  // the root first, parents before children
  const std::vector<std::int32_t>& leaves() const { return leaves_; }

  // Coordinate j of a block's points are the kLanes values at Block(block) + j * kLanes.
  const double* Block(std::size_t block) const { return &values_[block * dimensions_ * kLanes]; }
  // The row each lane came from, kNoRow in a lane left over.
  const std::uint32_t* BlockRows(std::size_t block) const { return &rows_[block * kLanes]; }

  // The box around a node's points: d centres, then d half widths (rounded up), then their sum of squares.
  const double* Box(std::size_t node) const { return &boxes_[node * (2 * dimensions_ + 1)]; }

  // Whether all points of a node are equal; they are then the centre of its box.
  bool AllEqual(std::size_t node) const {
    const double* const half = Box(node) + dimensions_;
    if (half[dimensions_] != 0.0) return false;
    for (int j = 0; j < dimensions_; ++j) {  // squares may have vanished
      if (half[j] != 0.0) return false;
    }
    return true;
  }

  // Bytes the tree of n points takes, and while it is built, with all but pathological points (of many
  // features, most of them 0, say): for these the constructor asks again.
  static std::size_t Bytes(std::size_t n, std::size_t d);

 private:
  friend class PointTreeBuilder;
  int dimensions_;
  std::vector<Node> nodes_;
  std::vector<std::int32_t> leaves_;
  std::vector<double> boxes_;
  std::vector<double> values_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace ecomm::core
