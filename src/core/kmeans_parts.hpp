// The parts of k-means over a PointTree: seeding, Lloyd's iteration, and the search among its results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/point_tree.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {

// Greedy k-means++ (Arthur & Vassilvitskii 2007): each new centroid is the best of 2 + ⌊ln k⌋ rows drawn
// with probability proportional to the squared distance from the nearest centroid there is.
class Seeding {
 public:
  explicit Seeding(const PointTree& tree);

  // The given centroids (none: 0 × d) and as many rows more as make k; the first of all is drawn evenly.
  // Throws Error(kInvalidArgument) if there are not enough distinct rows.
  Matrix Extend(const Matrix& centroids, int k, Random& random);

  static std::size_t Bytes(std::size_t n);

 private:
  struct Place {
    std::size_t block = 0;
    int lane = 0;
  };

  void Forget();
  Place RowNumber(std::size_t number) const;
  Place Sample(double at) const;
  Place Unused(const Matrix& centroids, int used);
  void Read(Place place, double* out) const;
  bool Reaches(std::size_t leaf, const double* centroid) const;
  int BestOf(const Matrix& trials);
  void Adopt(const double* centroid);

  const PointTree& tree_;
  std::vector<double> closest_;     // per lane: the squared distance to the nearest centroid; 0 without a row
  std::vector<double> potential_;   // per leaf: their sum
  std::vector<double> farthest_;    // per leaf: their maximum
  std::vector<double> cumulative_;  // per leaf: the potentials up to and with it
  Work work_;
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
  // One iteration: every point to its nearest centroid (ties: the first), every centroid to its mean, of
  // equal points to the point itself. A centroid without points goes to the point farthest from its own, one
  // after the other.
  Step Iterate(Matrix& centroids);

  // The nearest centroid of every row, at its row number (null: not wanted). Returns the inertia.
  double Assign(const Matrix& centroids, std::int32_t* labels);

  // Moves single points, in the order of the tree, to where the inertia falls by it, the two means that
  // change taken into account (Hartigan & Wong 1979, doi:10.2307/2346830): possible at a fixed point of
  // Lloyd's, which does not see that a mean follows its point. Returns the number of moves.
  std::size_t MoveSingly(Matrix& centroids);

  // Off: every centroid is compared with every point, for tests and measurements.
  void set_filtering(bool on) { filtering_ = on; }

  static std::size_t Bytes(std::size_t n, std::size_t d, int k);

 private:
  // Candidates and sums are kept on two stacks that may move as they grow: they are passed as positions.
  void Worked(int candidates, std::size_t points) {
    work_.Done(4 * static_cast<std::size_t>(candidates) * static_cast<std::size_t>(d_) * points);
  }
  int Filter(std::int32_t node, std::size_t candidates, int count);
  struct Moves;
  void MoveIn(std::int32_t node, std::size_t candidates, int count, Moves& moves);
  void Sum(std::int32_t node, std::size_t candidates, int count, std::size_t sums);
  double Label(std::int32_t node, std::size_t candidates, int count, std::int32_t* labels);
  std::size_t PushAll(const Matrix& centroids);
  void FoundIn(std::int32_t node, std::int32_t cluster) {
    std::int32_t& place = places_[cluster];
    place = place == kNowhere ? node : kScattered;
  }
  void MakeExact(int cluster, double* mean);
  void Refill(const Matrix& centroids, std::vector<double>& sums);

  static constexpr std::int32_t kNowhere = -1;
  static constexpr std::int32_t kScattered = -2;

  const PointTree& tree_;
  int k_ = 0;
  int d_;
  bool filtering_ = true;
  double slack_ = 0.0;                 // Filter keeps candidates farther by up to this share, too
  const double* centroids_ = nullptr;  // of the iteration under way
  std::vector<double> node_sums_;      // per node: the sum of its points
  std::vector<double> distances_;      // of the candidates, in Filter
  std::vector<std::int32_t> candidates_;
  std::vector<double> sums_;
  std::vector<std::int32_t> places_;  // per cluster: the leaf, or the node taken whole, with all its points
  Work work_;
};

// Where a descent ended.
struct Descent {
  Matrix centroids;
  double inertia = 0.0;
  int iterations = 0;
  bool settled = false;
};

// Iterates until the squared moves of the centroids sum to at most `tolerance`, or max_iter times.
Descent Descend(Lloyd& lloyd, Matrix centroids, double tolerance, int max_iter);

// Looks for a lower inertia by combining descents (Gribel & Vidal 2019, doi:10.1016/j.patcog.2018.12.022):
// the centroids of two are paired by nearness and one of each pair is taken, one of them is dropped and
// another drawn, and Lloyd's iteration descends from there. Ends after `patience` descents in a row that
// find nothing better. `found`: the descents so far, not empty. Returns the best.
Descent Combine(std::vector<Descent> found, int patience, double tolerance, int max_iter, Lloyd& lloyd,
                Seeding& seeding, Random& random);

struct Labels {
  std::vector<std::int32_t> labels;
  std::vector<std::int64_t> sizes;  // per centroid, none 0
  double inertia = 0.0;
  bool refilled = false;  // centroids have changed
};

// The nearest centroid of every row. A centroid without rows, where max_iter ended a descent before it could
// be given some, becomes a row, drawn as in seeding. Throws Error(kUnusableData) where squared distances do
// not tell rows apart that would have to be.
Labels LabelRows(std::size_t rows, Matrix& centroids, Lloyd& lloyd, Seeding& seeding, Random& random);

}  // namespace ecomm::core
