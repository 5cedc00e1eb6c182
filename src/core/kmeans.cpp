#include "ecomm_analytics/core/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "kmeans_parts.hpp"

namespace ecomm::core {
namespace {

void CheckRange(const char* name, int value, int least, int most) {
  if (value >= least && value <= most) return;
  throw Error(ErrorCode::kInvalidArgument, std::string(name) + " is out of range",
              std::string(name) + ": " + std::to_string(value) + ", allowed: " + std::to_string(least) +
                  " to " + std::to_string(most) + ".");
}

void CheckPoints(const MatrixView& points, const KMeansOptions& options) {
  if (points.rows() < 1 || points.cols() < 1) {
    throw Error(
        ErrorCode::kInvalidArgument, "k-means needs at least one row and one feature",
        "Rows: " + std::to_string(points.rows()) + ", features: " + std::to_string(points.cols()) + ".");
  }
  if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::kInvalidArgument, "too many rows for k-means",
                "Rows: " + std::to_string(points.rows()) + ", allowed: 2147483647.");
  }
  if (options.k > points.rows()) {
    throw Error(ErrorCode::kInvalidArgument, "k must not exceed the number of rows",
                "k: " + std::to_string(options.k) + ", rows: " + std::to_string(points.rows()) + ".",
                "Ask for fewer clusters.");
  }
}

std::string Describe(int restart, const KMeansOptions& options, double inertia) {
  char text[128];
  std::snprintf(text, sizeof text, "k-means: restart %d of %d, inertia %.6g", restart + 1, options.n_init,
                inertia);
  return text;
}

std::size_t Bytes(std::size_t n, std::size_t d, const KMeansOptions& options) {
  const auto k = static_cast<std::size_t>(options.k);
  const auto kept = static_cast<std::size_t>(options.n_init) + 20;
  return PointTree::Bytes(n, d) + Seeding::Bytes(n) + Lloyd::Bytes(n, d, options.k) +
         n * sizeof(std::int32_t) + kept * k * d * sizeof(double);
}

// How many descents without progress end the search for something better than the restarts found. Where
// several of them have come to the same best, another is unlikely: none; where there is little data, looking
// costs nothing: more.
int Patience(const std::vector<Descent>& found, double least, std::size_t size) {
  constexpr double kSameBasin = 2e-4;  // of the inertia: what `tol` leaves
  constexpr std::size_t kLittle = 300000;
  const auto restarts = static_cast<int>(found.size());
  if (size <= kLittle) return 6 * restarts;
  const auto hits = std::count_if(found.begin(), found.end(), [&](const Descent& descent) {
    return descent.inertia <= least * (1.0 + kSameBasin);
  });
  constexpr double kEnough = 0.3;  // of the restarts
  const bool agreed = restarts > 1 && static_cast<double>(hits) >= kEnough * restarts;
  return agreed ? 0 : 2 * restarts;
}

// On to a fixed point of Lloyd's, and to one that no single move improves.
void Settle(Lloyd& lloyd, const KMeansOptions& options, Descent& best) {
  if (!best.settled && best.iterations < options.max_iter) {
    const int before = best.iterations;
    best = Descend(lloyd, std::move(best.centroids), -1.0, options.max_iter - before);
    best.iterations += before;
  }
  while (options.refine && best.settled && best.iterations < options.max_iter) {
    Matrix centroids = best.centroids;
    if (lloyd.MoveSingly(centroids) == 0) return;
    Descent moved = Descend(lloyd, std::move(centroids), -1.0, options.max_iter - best.iterations);
    if (!(moved.inertia < best.inertia)) return;
    moved.iterations += best.iterations;
    best = std::move(moved);
  }
}

double SquaredDistance(const double* a, const double* b, Eigen::Index d, double scale) {
  double sum = 0.0;
  for (Eigen::Index j = 0; j < d; ++j) {
    const double difference = a[j] * scale - b[j] * scale;
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

void CheckOptions(const KMeansOptions& options) {
  CheckRange("k", options.k, 1, std::numeric_limits<std::int32_t>::max());
  CheckRange("n_init", options.n_init, 1, kMaxRestarts);
  CheckRange("max_iter", options.max_iter, 1, kMaxIterations);
  if (!(options.tol >= 0.0) || !std::isfinite(options.tol)) {
    throw Error(ErrorCode::kInvalidArgument, "tol must be finite and not negative",
                "tol: " + std::to_string(options.tol) + ".");
  }
}

KMeansResult KMeans(const MatrixView& points, const KMeansOptions& options) {
  CheckOptions(options);
  CheckPoints(points, options);
  const auto n = static_cast<std::size_t>(points.rows());
  const auto d = static_cast<std::size_t>(points.cols());
  RequireMemory(Bytes(n, d, options), "k-means");
  const int exponent = CommonExponent(points, "k-means");
  const PointTree tree(points, std::ldexp(1.0, -exponent));
  Lloyd lloyd(tree);
  Seeding seeding(tree);
  Random random(options.seed);

  const Descent whole = Descend(lloyd, Matrix::Zero(1, points.cols()), 0.0, 1);
  const double tolerance = options.tol * whole.inertia / static_cast<double>(n * d);

  KMeansResult result;
  std::vector<Descent> found;
  for (int restart = 0; restart < options.n_init; ++restart) {
    Poll();
    const Matrix start = seeding.Extend(Matrix(0, points.cols()), options.k, random);
    found.push_back(Descend(lloyd, start, tolerance, options.max_iter));
    Progress(Describe(restart, options, std::ldexp(found.back().inertia, 2 * exponent)));
    if (found.back().inertia < found[result.best_restart].inertia) result.best_restart = restart;
  }
  Descent best = found[result.best_restart];
  const int patience = Patience(found, best.inertia, n * d * options.k);
  if (options.refine && options.k > 1 && patience > 0) {
    Progress("k-means: combining restarts");
    best = Combine(std::move(found), patience, tolerance, options.max_iter, lloyd, seeding, random);
  }
  Settle(lloyd, options, best);

  Labels labels = LabelRows(n, best.centroids, lloyd, seeding, random);
  result.labels = std::move(labels.labels);
  result.sizes = std::move(labels.sizes);
  result.inertia = std::ldexp(labels.inertia, 2 * exponent);
  if (!std::isfinite(result.inertia)) {
    throw Error(ErrorCode::kNumericRange, "the squared distances between the rows overflow", {},
                "Scale the features first.");
  }
  result.centroids = best.centroids.unaryExpr([&](double x) { return std::ldexp(x, exponent); });
  result.iterations = best.iterations;
  result.converged = best.settled && !labels.refilled;
  return result;
}

Assignment AssignOne(const MatrixView& centroids, const double* row) {
  const Eigen::Index d = centroids.cols();
  double scale = 1.0;
  for (;;) {
    Assignment nearest{0, std::numeric_limits<double>::quiet_NaN()};
    double best = std::numeric_limits<double>::infinity();
    bool known = true;
    for (Eigen::Index i = 0; i < centroids.rows(); ++i) {
      const double distance = SquaredDistance(row, centroids.data() + i * centroids.outerStride(), d, scale);
      known &= !std::isnan(distance);
      if (distance < best) {
        best = distance;
        nearest.label = static_cast<std::int32_t>(i);
      }
    }
    if (!known) return {0, std::numeric_limits<double>::quiet_NaN()};
    nearest.distance = std::sqrt(best) / scale;
    // Only where squares leave the range of a double do they have to be taken of smaller or larger numbers.
    if (scale != 1.0 || (best > 1e-280 && best < 1e280)) return nearest;
    double most = centroids.array().abs().maxCoeff();
    for (Eigen::Index j = 0; j < d; ++j) most = std::max(most, std::abs(row[j]));
    int exponent = 0;
    std::frexp(most, &exponent);
    if (most == 0.0 || !std::isfinite(most) || exponent == 0) return nearest;
    scale = std::ldexp(1.0, -std::max(exponent, -1000));
  }
}

Assignments Assign(const MatrixView& centroids, const MatrixView& points) {
  if (centroids.rows() < 1 || centroids.cols() != points.cols()) {
    throw Error(ErrorCode::kInvalidArgument, "the points do not have the features of the centroids",
                "Features: " + std::to_string(points.cols()) +
                    ", centroids: " + std::to_string(centroids.rows()) + " of " +
                    std::to_string(centroids.cols()) + " features.");
  }
  const auto n = static_cast<std::size_t>(points.rows());
  RequireMemory(n * (sizeof(std::int32_t) + sizeof(double)), "assigning rows to centroids");
  Assignments assignments;
  assignments.labels.resize(n);
  assignments.distances.resize(n);
  Work work;
  for (std::size_t i = 0; i < n; ++i) {
    const auto [label, distance] =
        AssignOne(centroids, points.data() + static_cast<std::ptrdiff_t>(i) * points.outerStride());
    assignments.labels[i] = label;
    assignments.distances[i] = distance;
    work.Done(3 * static_cast<std::size_t>(centroids.size()));
  }
  return assignments;
}

}  // namespace ecomm::core
