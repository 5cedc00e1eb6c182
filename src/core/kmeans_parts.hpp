// The two halves of k-means over a PointTree: seeding, and Lloyd's iteration.
#pragma once

#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/point_tree.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {

// Calls Poll() about every 10^5 operations.
class PollEvery {
 public:
  void Count(double operations);

 private:
  double operations_ = 0.0;
};

// Greedy k-means++ (Arthur & Vassilvitskii 2007): each centre is the best of 2 + ⌊ln k⌋ rows drawn with
// probability proportional to the squared distance from the nearest centre so far.
class Seeding {
 public:
  Seeding(const PointTree& tree, int k);

  // k distinct rows as centroids. Throws Error(kInvalidArgument) if there are fewer.
  Matrix Draw(Random& random);
  Matrix Extend(const Matrix& centroids, int more, Random& random);

  static std::size_t Bytes(std::size_t n, int k);

 private:
  struct Place {
    std::size_t block = 0;
    int lane = 0;
  };

  void Forget();
  Place RowNumber(std::size_t number) const;
  Place Sample(double at) const;
  Place Unused(const Matrix& centroids, int used) const;
  void Read(Place place, double* out) const;
  bool Reaches(std::size_t leaf, const double* centre) const;
  int BestOf(const Matrix& trials);
  void Adopt(const double* centre);

  const PointTree& tree_;
  int k_;
  std::vector<double> closest_;     // per lane: the squared distance to the nearest centre; 0 where no row is
  std::vector<double> potential_;   // per leaf: their sum
  std::vector<double> farthest_;    // per leaf: their maximum
  std::vector<double> cumulative_;  // per leaf: the potentials up to and with it
  PollEvery poll_;
};

// Lloyd's iteration by filtering: centroids that cannot be nearest anywhere in a box are dropped on the way
// down the tree, and a box left with one is taken whole (Pelleg & Moore 1999, doi:10.1145/312129.312248;
// Kanungo et al. 2002, doi:10.1109/TPAMI.2002.1017616). Sums run up the tree in an order that does not
// depend on what was dropped, so that the result is, to the bit, the one of comparing every point with
// every centroid.
class Lloyd {
 public:
  explicit Lloyd(const PointTree& tree);

  struct Step {
    double shift = 0.0;    // the sum of squared moves of the centroids
    bool settled = false;  // no centroid moved: a fixed point
  };
  // One iteration: every point to its nearest centroid (ties: the first), every centroid to its mean. A
  // centroid without points goes to the point farthest from its own, one after the other.
  Step Iterate(Matrix& centroids);

  // The nearest centroid of every row, at its row number (null: not wanted). Returns the inertia.
  double Assign(const Matrix& centroids, std::int32_t* labels);

  // Per centroid, by how much the inertia would grow without it.
  std::vector<double> Losses(const Matrix& centroids);

  int Sweep(Matrix& centroids);

  // Off: every centroid is compared with every point, for tests and measurements.
  void set_filtering(bool on) { filtering_ = on; }

  static std::size_t Bytes(std::size_t n, std::size_t d, int k);

 private:
  // Candidates and sums are kept on two stacks that may move as they grow: they are passed as positions.
  int Filter(std::int32_t node, std::size_t candidates, int count);
  void Sum(std::int32_t node, std::size_t candidates, int count, std::size_t sums);
  double Label(std::int32_t node, std::size_t candidates, int count, std::int32_t* labels);
  std::size_t PushAll(const Matrix& centroids);
  void Refill(const Matrix& centroids, std::vector<double>& sums);

  const PointTree& tree_;
  int k_ = 0;
  int d_;
  bool filtering_ = true;
  const double* centroids_ = nullptr;  // of the iteration under way
  std::vector<double> node_sums_;      // per node: the sum of its points
  std::vector<double> distances_;      // of the candidates, in Filter
  std::vector<std::int32_t> candidates_;
  std::vector<double> sums_;
  PollEvery poll_;
};

}  // namespace ecomm::core
