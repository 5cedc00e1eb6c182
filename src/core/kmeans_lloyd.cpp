#include <algorithm>
#include <cmath>
#include <numeric>

#include "kmeans_parts.hpp"

namespace ecomm::core {
namespace {

constexpr int kBlocks = PointTree::kLeafBlocks;
constexpr LaneMask kLaneNumbers = {0, 1, 2, 3, 4, 5, 6, 7};

// The nearest of the candidates for a block's points, by its place among them; the first of equally near
// ones.
ECOMM_INLINE void Nearest(const double* block, std::ptrdiff_t d, const double* centroids,
                          const std::int32_t* candidates, int count, LaneMask& nearest, Lanes& best) {
  SquaredDistances(block, centroids + candidates[0] * d, d, best);
  nearest = LaneMask{};
  for (int i = 1; i < count; ++i) {
    Lanes distance;
    SquaredDistances(block, centroids + candidates[i] * d, d, distance);
    const LaneMask closer = distance < best;
    best = closer ? distance : best;
    nearest = closer ? LaneMask{} + i : nearest;
  }
}

// Per candidate, the sums of the points nearest to it and their number: d + 1 values each.
ECOMM_CLONES void SumLeaf(const double* values, std::ptrdiff_t rows, std::ptrdiff_t d,
                          const double* centroids, const std::int32_t* candidates, int count, double* sums) {
  LaneMask nearest[kBlocks];
  const std::ptrdiff_t blocks = (rows + kLanes - 1) / kLanes;
  for (std::ptrdiff_t b = 0; b < blocks; ++b) {
    Lanes best;
    Nearest(values + b * d * kLanes, d, centroids, candidates, count, nearest[b], best);
    nearest[b] = kLaneNumbers < rows - b * kLanes ? nearest[b] : LaneMask{} - 1;
  }
  for (int i = 0; i < count; ++i) {
    LaneMask members[kBlocks];
    LaneMask total = {};
    for (std::ptrdiff_t b = 0; b < blocks; ++b) {
      members[b] = nearest[b] == i;
      total -= members[b];
    }
    double* const out = sums + i * (d + 1);
    for (std::ptrdiff_t j = 0; j < d; ++j) {
      Lanes sum = {};
      for (std::ptrdiff_t b = 0; b < blocks; ++b) {
        Lanes x;
        LoadLanes(values + (b * d + j) * kLanes, x);
        sum += members[b] ? x : Lanes{};
      }
      out[j] = SumLanes(sum);
    }
    std::int64_t n = 0;
    for (int l = 0; l < kLanes; ++l) n += total[l];
    out[d] = static_cast<double>(n);
  }
}

// Each point's nearest candidate, by its place among them; returns the sum of the squared distances.
ECOMM_CLONES double LabelLeaf(const double* values, std::ptrdiff_t rows, std::ptrdiff_t d,
                              const double* centroids, const std::int32_t* candidates, int count,
                              std::int64_t* labels) {
  Lanes sum = {};
  for (std::ptrdiff_t b = 0; b * kLanes < rows; ++b) {
    LaneMask nearest;
    Lanes best;
    Nearest(values + b * d * kLanes, d, centroids, candidates, count, nearest, best);
    sum += kLaneNumbers < rows - b * kLanes ? best : Lanes{};
    __builtin_memcpy(labels + b * kLanes, &nearest, sizeof nearest);
  }
  return SumLanes(sum);
}

}  // namespace

Lloyd::Lloyd(const PointTree& tree) : tree_(tree), d_(tree.dimensions()) {
  const auto& nodes = tree.nodes();
  node_sums_.resize(nodes.size() * d_);
  const std::int32_t only = 0;
  std::vector<double> sums(d_ + 1);
  // Backwards, because children come after their parents.
  for (std::size_t id = nodes.size(); id-- > 0;) {
    const auto& node = nodes[id];
    double* const sum = &node_sums_[id * d_];
    if (node.leaf()) {
      SumLeaf(tree.Block(node.block), node.rows, d_, sum, &only, 1, sums.data());
      std::copy_n(sums.begin(), d_, sum);
      Worked(1, node.rows);
    } else {
      const double* const left = &node_sums_[static_cast<std::size_t>(node.left) * d_];
      const double* const right = &node_sums_[static_cast<std::size_t>(node.right) * d_];
      for (int j = 0; j < d_; ++j) sum[j] = left[j] + right[j];
    }
  }
}

std::size_t Lloyd::Bytes(std::size_t n, std::size_t d, int k) {
  const std::size_t sums = (n / 3 + 1) * d * sizeof(double);
  const std::size_t labels = n * sizeof(std::int32_t) + n / 8;
  return sums + labels + static_cast<std::size_t>(k) * (d + 1) * 128 * sizeof(double);
}

std::size_t Lloyd::PushAll(const Matrix& centroids) {
  centroids_ = centroids.data();
  k_ = static_cast<int>(centroids.rows());
  distances_.resize(k_);
  candidates_.resize(k_);
  std::iota(candidates_.begin(), candidates_.end(), 0);
  return 0;
}

// Pushes those of the candidates that may be nearest to some point of the node; returns how many.
int Lloyd::Filter(std::int32_t node, std::size_t candidates, int count) {
  const std::size_t kept = candidates_.size();
  candidates_.resize(kept + count);
  const std::int32_t* const from = &candidates_[candidates];
  std::int32_t* const to = &candidates_[kept];
  if (count == 1 || !filtering_) {
    std::copy_n(from, count, to);
    return count;
  }
  const double* const centre = tree_.Box(node);
  const double* const half = centre + d_;
  const double half_squared = half[d_];
  int nearest = 0;
  for (int i = 0; i < count; ++i) {
    const double* const centroid = centroids_ + static_cast<std::ptrdiff_t>(from[i]) * d_;
    double distance = 0.0;
    for (int j = 0; j < d_; ++j) distance += (centroid[j] - centre[j]) * (centroid[j] - centre[j]);
    distances_[i] = distance;
    if (distance < distances_[nearest]) nearest = i;
  }
  const double* const winner = centroids_ + static_cast<std::ptrdiff_t>(from[nearest]) * d_;
  const double least = distances_[nearest];
  // Covers the rounding of both distances at any point of the box, and of what is computed here; the
  // constant, their underflow.
  const double relative = 16.0 * (d_ + 4) * 0x1.0p-53 + slack_;
  int left = 0;
  for (int i = 0; i < count; ++i) {
    if (i != nearest) {
      // The difference of the two squared distances is linear in the point: least in a corner of the box.
      const double* const centroid = centroids_ + static_cast<std::ptrdiff_t>(from[i]) * d_;
      double reach = 0.0;
      for (int j = 0; j < d_; ++j) reach += half[j] * std::abs(centroid[j] - winner[j]);
      const double rounding = relative * (distances_[i] + least + half_squared) + 1e-290;
      if (distances_[i] - least - 2.0 * reach > rounding) continue;
    }
    to[left++] = from[i];
  }
  candidates_.resize(kept + left);
  Worked(count, 2);
  return left;
}

// The sums of the node's points by nearest candidate, d + 1 values each, to position `sums` on.
void Lloyd::Sum(std::int32_t id, std::size_t candidates, int count, std::size_t sums) {
  const auto& node = tree_.nodes()[id];
  const auto width = static_cast<std::size_t>(d_) + 1;
  const std::size_t kept = candidates_.size();
  const std::size_t top = sums_.size();
  int left = Filter(id, candidates, count);
  if (left > 1 && tree_.AllEqual(id)) {
    std::int64_t nearest[PointTree::kLeafRows];
    LabelLeaf(tree_.Block(node.block), 1, d_, centroids_, &candidates_[kept], left, nearest);
    candidates_[kept] = candidates_[kept + nearest[0]];
    left = 1;
  }
  if (left == 1) {
    sums_.resize(top + width);
    std::copy_n(&node_sums_[static_cast<std::size_t>(id) * d_], d_, &sums_[top]);
    sums_[top + d_] = node.rows;
    FoundIn(id, candidates_[kept]);
  } else if (node.leaf()) {
    sums_.resize(top + left * width);
    SumLeaf(tree_.Block(node.block), node.rows, d_, centroids_, &candidates_[kept], left, &sums_[top]);
    Worked(left, node.rows);
    for (int i = 0; i < left; ++i) {
      if (sums_[top + i * width + d_] > 0.0) FoundIn(id, candidates_[kept + i]);
    }
  } else {
    sums_.resize(top + 2 * (left * width));
    Sum(node.left, kept, left, top);
    Sum(node.right, kept, left, top + left * width);
    for (std::size_t i = 0; i < left * width; ++i) sums_[top + i] += sums_[top + left * width + i];
  }
  int from = 0;
  for (int i = 0; i < count; ++i) {
    double* const to = &sums_[sums + i * width];
    if (from < left && candidates_[candidates + i] == candidates_[kept + from]) {
      std::copy_n(&sums_[top + from * width], width, to);
      ++from;
    } else {
      std::fill_n(to, width, 0.0);
    }
  }
  candidates_.resize(kept);
  sums_.resize(top);
}

Lloyd::Step Lloyd::Iterate(Matrix& centroids) {
  const auto width = static_cast<std::size_t>(d_) + 1;
  const std::size_t all = PushAll(centroids);
  sums_.resize(k_ * width);
  places_.assign(k_, kNowhere);
  Sum(0, all, k_, 0);
  std::vector<double> sums(sums_);
  Step step;
  bool empty = false;
  for (int i = 0; i < k_; ++i) empty |= sums[i * width + d_] == 0.0;
  if (empty) Refill(centroids, sums);
  for (int i = 0; i < k_; ++i) {
    double* const mean = &sums[i * width];
    if (mean[d_] == 0.0) continue;
    for (int j = 0; j < d_; ++j) mean[j] /= mean[d_];
    if (!empty) MakeExact(i, mean);
  }
  step.settled = true;
  for (int i = 0; i < k_; ++i) {
    const double* const mean = &sums[i * width];
    if (mean[d_] == 0.0) continue;
    for (int j = 0; j < d_; ++j) {
      const double move = mean[j] - centroids(i, j);
      if (move != 0.0) step.settled = false;
      step.shift += move * move;
      centroids(i, j) = mean[j];
    }
  }
  return step;
}

// The mean of equal points, moved off them by rounding, goes back: else nothing left within the clusters
// would not be nothing, and a point beside them could take them over. Equal points are a node or stand
// together in one leaf.
void Lloyd::MakeExact(int cluster, double* mean) {
  const std::int32_t id = places_[cluster];
  if (id < 0 || mean[d_] < 3.0) return;  // of one or two it is exact
  if (tree_.AllEqual(id)) {
    std::copy_n(tree_.Box(id), d_, mean);
    return;
  }
  const auto& node = tree_.nodes()[id];
  if (!node.leaf()) return;
  const auto point = [&](std::size_t i, int j) {
    return tree_.Block(node.block + i / kLanes)[j * kLanes + i % kLanes];
  };
  const auto all = [&](auto&& holds) {
    for (int j = 0; j < d_; ++j) {
      if (!holds(j)) return false;
    }
    return true;
  };
  // As many equal points as the cluster has, and no farther from the mean than rounding moves it.
  std::size_t runs[PointTree::kLeafRows];
  int found = 0;
  for (std::size_t begin = 0, end; begin < node.rows; begin = end) {
    end = begin + 1;
    while (end < node.rows && all([&](int j) { return point(begin, j) == point(end, j); })) ++end;
    if (static_cast<double>(end - begin) != mean[d_]) continue;
    const auto is_near = [&](int j) {
      return std::abs(point(begin, j) - mean[j]) <= 0x1.0p-49 * std::abs(mean[j]) + 0x1.0p-1074;
    };
    if (all(is_near)) runs[found++] = begin;
  }
  if (found == 0 || (found == 1 && all([&](int j) { return point(runs[0], j) == mean[j]; }))) return;
  // Are they the cluster's?
  std::int64_t labels[PointTree::kLeafRows];
  const std::size_t kept = candidates_.size();
  const int left = Filter(id, 0, k_);
  LabelLeaf(tree_.Block(node.block), node.rows, d_, centroids_, &candidates_[kept], left, labels);
  for (int r = 0; r < found; ++r) {
    if (candidates_[kept + labels[runs[r]]] != cluster) continue;
    for (int j = 0; j < d_; ++j) mean[j] = point(runs[r], j);
  }
  candidates_.resize(kept);
}

// Gives every centroid without points the point farthest from its own centroid, taken out of a cluster that
// has others.
void Lloyd::Refill(const Matrix& centroids, std::vector<double>& sums) {
  const auto width = static_cast<std::size_t>(d_) + 1;
  std::vector<std::int32_t> labels(tree_.rows());
  Assign(centroids, labels.data());
  std::vector<bool> moved(tree_.rows());
  Vector point(d_);
  for (int i = 0; i < k_; ++i) {
    if (sums[i * width + d_] > 0.0) continue;
    double most = 0.0;
    std::uint32_t row = PointTree::kNoRow;
    Vector farthest;
    for (std::size_t block = 0; block < tree_.blocks(); ++block) {
      Worked(1, kLanes);
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::uint32_t candidate = tree_.BlockRows(block)[lane];
        if (candidate == PointTree::kNoRow || moved[candidate]) continue;
        if (sums[labels[candidate] * width + d_] < 2.0) continue;
        for (int j = 0; j < d_; ++j) point[j] = tree_.Block(block)[j * kLanes + lane];
        const double distance = (point - centroids.row(labels[candidate]).transpose()).squaredNorm();
        if (distance > most) {
          most = distance;
          row = candidate;
          farthest = point;
        }
      }
    }
    if (row == PointTree::kNoRow) return;
    double* const from = &sums[labels[row] * width];
    double* const to = &sums[i * width];
    for (int j = 0; j < d_; ++j) {
      from[j] -= farthest[j];
      to[j] = farthest[j];
    }
    from[d_] -= 1.0;
    to[d_] = 1.0;
    moved[row] = true;
  }
}

double Lloyd::Assign(const Matrix& centroids, std::int32_t* labels) {
  const std::size_t all = PushAll(centroids);
  return Label(0, all, k_, labels);
}

double Lloyd::Label(std::int32_t id, std::size_t candidates, int count, std::int32_t* labels) {
  const auto& node = tree_.nodes()[id];
  const std::size_t kept = candidates_.size();
  const int left = Filter(id, candidates, count);
  double inertia;
  if (node.leaf()) {
    std::int64_t places[PointTree::kLeafRows];
    inertia = LabelLeaf(tree_.Block(node.block), node.rows, d_, centroids_, &candidates_[kept], left, places);
    Worked(left, node.rows);
    if (labels) {
      const std::uint32_t* const rows = tree_.BlockRows(node.block);
      for (std::size_t i = 0; i < node.rows; ++i) labels[rows[i]] = candidates_[kept + places[i]];
    }
  } else {
    inertia = Label(node.left, kept, left, labels) + Label(node.right, kept, left, labels);
  }
  candidates_.resize(kept);
  return inertia;
}

struct Lloyd::Moves {
  Matrix& centroids;
  std::vector<std::int32_t> labels;
  std::vector<double> sizes;
  std::size_t made = 0;
};

std::size_t Lloyd::MoveSingly(Matrix& centroids) {
  Moves moves{centroids, std::vector<std::int32_t>(tree_.rows()), std::vector<double>(centroids.rows())};
  Assign(centroids, moves.labels.data());
  for (const std::int32_t label : moves.labels) moves.sizes[label] += 1.0;
  // By what share the nearest centroid may be the nearer one, and a move away from it still pay.
  const double least = std::max(*std::min_element(moves.sizes.begin(), moves.sizes.end()), 1.0);
  slack_ = 2.0 * ((1.0 + 1.0 / std::max(least - 1.0, 1.0)) * (1.0 + 1.0 / least) - 1.0);
  const std::size_t all = PushAll(centroids);
  MoveIn(0, all, k_, moves);
  slack_ = 0.0;
  return moves.made;
}

void Lloyd::MoveIn(std::int32_t id, std::size_t candidates, int count, Moves& moves) {
  const auto& node = tree_.nodes()[id];
  const std::size_t kept = candidates_.size();
  const int left = Filter(id, candidates, count);
  if (left > 1 && node.leaf()) {
    Worked(left, node.rows);
    Vector point(d_);
    for (std::size_t i = 0; i < node.rows; ++i) {
      const std::size_t block = node.block + i / kLanes;
      const std::uint32_t row = tree_.BlockRows(block)[i % kLanes];
      const std::int32_t from = moves.labels[row];
      if (moves.sizes[from] < 2.0) continue;
      for (std::size_t j = 0; j < static_cast<std::size_t>(d_); ++j) {
        point[static_cast<Eigen::Index>(j)] = tree_.Block(block)[j * kLanes + i % kLanes];
      }
      const auto distance = [&](std::int32_t c) {
        return (moves.centroids.row(c).transpose() - point).squaredNorm();
      };
      // What is saved must exceed its rounding.
      double least = distance(from) * moves.sizes[from] / (moves.sizes[from] - 1.0) * (1.0 - 1e-12);
      std::int32_t to = from;
      for (int c = 0; c < left; ++c) {
        const std::int32_t other = candidates_[kept + c];
        if (other == from) continue;
        const double added = distance(other) * moves.sizes[other] / (moves.sizes[other] + 1.0);
        if (added < least) {
          least = added;
          to = other;
        }
      }
      if (to == from) continue;
      moves.labels[row] = to;
      moves.sizes[from] -= 1.0;
      moves.sizes[to] += 1.0;
      moves.centroids.row(from) -= (point.transpose() - moves.centroids.row(from)) / moves.sizes[from];
      moves.centroids.row(to) += (point.transpose() - moves.centroids.row(to)) / moves.sizes[to];
      ++moves.made;
    }
  } else if (left > 1) {
    MoveIn(node.left, kept, left, moves);
    MoveIn(node.right, kept, left, moves);
  }
  candidates_.resize(kept);
}

}  // namespace ecomm::core
