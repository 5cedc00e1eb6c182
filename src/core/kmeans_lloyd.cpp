#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ecomm_analytics/core/host.hpp"
#include "kmeans_parts.hpp"

namespace ecomm::core {
namespace {

constexpr int kBlocks = PointTree::kLeafBlocks;
constexpr LaneMask kLaneNumbers = {0, 1, 2, 3, 4, 5, 6, 7};

// The nearest of the candidates for a block's points, by its place among them; the first of equally near
// ones.
ECOMM_INLINE void Nearest(const double* block, int d, const double* centroids, const std::int32_t* candidates,
                          int count, LaneMask& nearest, Lanes& best) {
  SquaredDistances(block, centroids + static_cast<std::ptrdiff_t>(candidates[0]) * d, d, best);
  nearest = LaneMask{};
  for (int i = 1; i < count; ++i) {
    Lanes distance;
    SquaredDistances(block, centroids + static_cast<std::ptrdiff_t>(candidates[i]) * d, d, distance);
    const LaneMask closer = distance < best;
    best = closer ? distance : best;
    nearest = closer ? LaneMask{} + i : nearest;
  }
}

// Per candidate, the sums of the points nearest to it and their number: d + 1 values each.
ECOMM_CLONES void SumLeaf(const double* values, int rows, int d, const double* centroids,
                          const std::int32_t* candidates, int count, double* sums) {
  LaneMask nearest[kBlocks];
  const int blocks = (rows + kLanes - 1) / kLanes;
  for (int b = 0; b < blocks; ++b) {
    Lanes best;
    Nearest(values + b * d * kLanes, d, centroids, candidates, count, nearest[b], best);
    nearest[b] = kLaneNumbers < rows - b * kLanes ? nearest[b] : LaneMask{} - 1;
  }
  for (int i = 0; i < count; ++i) {
    LaneMask members[kBlocks];
    LaneMask total = {};
    for (int b = 0; b < blocks; ++b) {
      members[b] = nearest[b] == i;
      total -= members[b];
    }
    double* const out = sums + i * (d + 1);
    for (int j = 0; j < d; ++j) {
      Lanes sum = {};
      for (int b = 0; b < blocks; ++b) {
        const Lanes& x = LoadLanes(values + (b * d + j) * kLanes);
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
ECOMM_CLONES double LabelLeaf(const double* values, int rows, int d, const double* centroids,
                              const std::int32_t* candidates, int count, std::int64_t* labels) {
  Lanes sum = {};
  for (int b = 0; b * kLanes < rows; ++b) {
    LaneMask nearest;
    Lanes best;
    Nearest(values + b * d * kLanes, d, centroids, candidates, count, nearest, best);
    sum += kLaneNumbers < rows - b * kLanes ? best : Lanes{};
    *reinterpret_cast<LaneMask*>(labels + b * kLanes) = nearest;
  }
  return SumLanes(sum);
}

// Adds per centroid, lane by lane, what its points' squared distances would grow by without it.
ECOMM_CLONES void AddLosses(const double* values, int rows, int d, const double* centroids, int k,
                            double* losses) {
  for (int b = 0; b * kLanes < rows; ++b) {
    Lanes best = Lanes{} + std::numeric_limits<double>::infinity();
    Lanes second = best;
    LaneMask nearest = {};
    for (int i = 0; i < k; ++i) {
      Lanes distance;
      SquaredDistances(values + b * d * kLanes, centroids + static_cast<std::ptrdiff_t>(i) * d, d, distance);
      const LaneMask closer = distance < best;
      second = closer ? best : (distance < second ? distance : second);
      best = closer ? distance : best;
      nearest = closer ? LaneMask{} + i : nearest;
    }
    const Lanes loss = kLaneNumbers < rows - b * kLanes ? second - best : Lanes{};
    for (int l = 0; l < kLanes; ++l) losses[nearest[l] * kLanes + l] += loss[l];
  }
}

}  // namespace

void PollEvery::Count(double operations) {
  operations_ += operations;
  if (operations_ < 1e5) return;
  operations_ = 0.0;
  Poll();
}

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
      SumLeaf(tree.Block(node.block), static_cast<int>(node.rows), d_, sum, &only, 1, sums.data());
      std::copy_n(sums.begin(), d_, sum);
      poll_.Count(4.0 * d_ * node.rows);
    } else {
      const double* const left = &node_sums_[static_cast<std::size_t>(node.left) * d_];
      const double* const right = &node_sums_[static_cast<std::size_t>(node.right) * d_];
      for (int j = 0; j < d_; ++j) sum[j] = left[j] + right[j];
    }
  }
}

std::size_t Lloyd::Bytes(std::size_t n, std::size_t d, int k) {
  const std::size_t nodes = n / 4 + 1;
  return nodes * d * sizeof(double) + static_cast<std::size_t>(k) * (d + 1) * 128 * sizeof(double);
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
  const double relative = 16.0 * (d_ + 4) * 0x1.0p-53;
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
  poll_.Count(5.0 * count * d_);
  return left;
}

// The sums of the node's points by nearest candidate, d + 1 values each, to position `sums` on.
void Lloyd::Sum(std::int32_t id, std::size_t candidates, int count, std::size_t sums) {
  const auto& node = tree_.nodes()[id];
  const int width = d_ + 1;
  const std::size_t kept = candidates_.size();
  const std::size_t top = sums_.size();
  const int left = Filter(id, candidates, count);
  if (left == 1) {
    sums_.resize(top + width);
    std::copy_n(&node_sums_[static_cast<std::size_t>(id) * d_], d_, &sums_[top]);
    sums_[top + d_] = node.rows;
  } else if (node.leaf()) {
    sums_.resize(top + left * width);
    SumLeaf(tree_.Block(node.block), static_cast<int>(node.rows), d_, centroids_, &candidates_[kept], left,
            &sums_[top]);
    poll_.Count(4.0 * left * d_ * node.rows);
  } else {
    sums_.resize(top + 2 * left * width);
    Sum(node.left, kept, left, top);
    Sum(node.right, kept, left, top + left * width);
    for (int i = 0; i < left * width; ++i) sums_[top + i] += sums_[top + left * width + i];
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
  const int width = d_ + 1;
  const std::size_t all = PushAll(centroids);
  sums_.resize(k_ * width);
  Sum(0, all, k_, 0);
  std::vector<double> sums(sums_.begin(), sums_.begin() + k_ * width);
  Step step;
  bool empty = false;
  for (int i = 0; i < k_; ++i) empty |= sums[i * width + d_] == 0.0;
  if (empty) Refill(centroids, sums);
  step.settled = true;
  for (int i = 0; i < k_; ++i) {
    const double* const sum = &sums[i * width];
    if (sum[d_] == 0.0) continue;
    for (int j = 0; j < d_; ++j) {
      const double mean = sum[j] / sum[d_];
      const double move = mean - centroids(i, j);
      if (move != 0.0) step.settled = false;
      step.shift += move * move;
      centroids(i, j) = mean;
    }
  }
  return step;
}

// Gives every centroid without points the point farthest from its own centroid, taken out of a cluster that
// has others.
void Lloyd::Refill(const Matrix& centroids, std::vector<double>& sums) {
  const int width = d_ + 1;
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
      poll_.Count(3.0 * d_ * kLanes);
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

std::vector<double> Lloyd::Losses(const Matrix& centroids) {
  const auto k = static_cast<int>(centroids.rows());
  std::vector<double> losses(k * kLanes);
  for (const std::int32_t leaf : tree_.leaves()) {
    const auto& node = tree_.nodes()[leaf];
    AddLosses(tree_.Block(node.block), static_cast<int>(node.rows), d_, centroids.data(), k, losses.data());
    poll_.Count(4.0 * k * d_ * node.rows);
  }
  std::vector<double> sums(k);
  for (int i = 0; i < k; ++i) sums[i] = SumLanes(LoadLanes(&losses[i * kLanes]));
  return sums;
}

int Lloyd::Sweep(Matrix& c) {
  const int k = c.rows();
  std::vector<std::int32_t> labels(tree_.rows());
  Assign(c, labels.data());
  std::vector<double> cnt(k);
  for (auto l : labels) cnt[l]++;
  int moves = 0;
  Vector x(d_);
  for (std::size_t b = 0; b < tree_.blocks(); ++b)
    for (int l = 0; l < kLanes; ++l) {
      auto row = tree_.BlockRows(b)[l];
      if (row == PointTree::kNoRow) continue;
      int a = labels[row];
      if (cnt[a] < 2) continue;
      for (int j = 0; j < d_; ++j) x[j] = tree_.Block(b)[j * kLanes + l];
      double out = cnt[a] / (cnt[a] - 1) * (c.row(a).transpose() - x).squaredNorm();
      double best = out * (1 - 1e-12);
      int to = -1;
      for (int i = 0; i < k; ++i)
        if (i != a) {
          double in = cnt[i] / (cnt[i] + 1) * (c.row(i).transpose() - x).squaredNorm();
          if (in < best) best = in, to = i;
        }
      if (to >= 0) {
        ++moves;
        for (int j = 0; j < d_; ++j) {
          c(a, j) -= (x[j] - c(a, j)) / (cnt[a] - 1);
          c(to, j) += (x[j] - c(to, j)) / (cnt[to] + 1);
        }
        cnt[a]--;
        cnt[to]++;
        labels[row] = to;
      }
    }
  return moves;
}

double Lloyd::Assign(const Matrix& centroids, std::int32_t* labels) {
  return Label(0, PushAll(centroids), k_, labels);
}

double Lloyd::Label(std::int32_t id, std::size_t candidates, int count, std::int32_t* labels) {
  const auto& node = tree_.nodes()[id];
  const std::size_t kept = candidates_.size();
  const int left = Filter(id, candidates, count);
  double inertia;
  if (node.leaf()) {
    std::int64_t places[PointTree::kLeafRows];
    inertia = LabelLeaf(tree_.Block(node.block), static_cast<int>(node.rows), d_, centroids_,
                        &candidates_[kept], left, places);
    poll_.Count(3.0 * left * d_ * node.rows);
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

}  // namespace ecomm::core
