#include "ecomm_analytics/core/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

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

void CheckOptions(const MatrixView& points, const KMeansOptions& options) {
  if (points.rows() < 1 || points.cols() < 1) {
    throw Error(
        ErrorCode::kInvalidArgument, "k-means needs at least one row and one feature",
        "Rows: " + std::to_string(points.rows()) + ", features: " + std::to_string(points.cols()) + ".");
  }
  if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::kInvalidArgument, "too many rows for k-means",
                "Rows: " + std::to_string(points.rows()) + ", allowed: 2147483647.");
  }
  CheckRange("k", options.k, 1, std::numeric_limits<std::int32_t>::max());
  if (options.k > points.rows()) {
    throw Error(ErrorCode::kInvalidArgument, "k must not exceed the number of rows",
                "k: " + std::to_string(options.k) + ", rows: " + std::to_string(points.rows()) + ".",
                "Ask for fewer clusters.");
  }
  CheckRange("n_init", options.n_init, 1, kMaxRestarts);
  CheckRange("max_iter", options.max_iter, 1, kMaxIterations);
  if (!(options.tol >= 0.0) || !std::isfinite(options.tol)) {
    throw Error(ErrorCode::kInvalidArgument, "tol must be finite and not negative",
                "tol: " + std::to_string(options.tol) + ".");
  }
}

// The exponent e for which all values times 2^-e lie within (-1, 1): squares then neither overflow nor lose
// the digits that matter, and the results are the same but for that factor.
int CommonExponent(const MatrixView& points) {
  double most = 0.0;
  PollEvery poll;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    double sum = 0.0;
    for (Eigen::Index j = 0; j < points.cols(); ++j) {
      most = std::max(most, std::abs(points(i, j)));
      sum += points(i, j) - points(i, j);
    }
    if (sum != 0.0) {
      throw Error(ErrorCode::kUnusableData, "k-means cannot use rows with NaN or infinity",
                  "First such row: " + std::to_string(i + 1) + ".",
                  "Leave these rows out or fill in values.");
    }
    poll.Count(2.0 * static_cast<double>(points.cols()));
  }
  int exponent = 0;
  std::frexp(most, &exponent);
  return std::max(exponent, -1000);
}

std::string Describe(int restart, const KMeansOptions& options, double inertia) {
  char text[128];
  std::snprintf(text, sizeof text, "k-means: restart %d of %d, inertia %.6g", restart + 1, options.n_init,
                inertia);
  return text;
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

KMeansResult KMeans(const MatrixView& points, const KMeansOptions& options) {
  CheckOptions(points, options);
  const auto n = static_cast<std::size_t>(points.rows());
  const auto d = static_cast<std::size_t>(points.cols());
  RequireMemory(PointTree::Bytes(n, d) + Seeding::Bytes(n, options.k) + Lloyd::Bytes(n, d, options.k) +
                    n * sizeof(std::int32_t),
                "k-means");
  const int exponent = CommonExponent(points);
  const PointTree tree(points, std::ldexp(1.0, -exponent));
  Lloyd lloyd(tree);

  Matrix mean = Matrix::Zero(1, points.cols());
  lloyd.Iterate(mean);
  const double tolerance = options.tol * lloyd.Assign(mean, nullptr) / static_cast<double>(n * d);

  KMeansResult result;
  double least = std::numeric_limits<double>::infinity();
  Random random(options.seed);
  Seeding seeding(tree, options.k);
  std::vector<std::pair<double, Matrix>> pop;
  for (int restart = 0; restart < options.n_init; ++restart) {
    Poll();
    Matrix centroids = seeding.Draw(random);
    int iterations = 0;
    Lloyd::Step step;
    do {
      step = lloyd.Iterate(centroids);
      ++iterations;
    } while (!step.settled && step.shift > tolerance && iterations < options.max_iter);
    static int hw = getenv("HW") ? atoi(getenv("HW")) : 0;
    if (hw & 1)
      for (int t = 0; t < 20 && lloyd.Sweep(centroids); ++t) {
        int q = 0;
        while (!lloyd.Iterate(centroids).settled && q++ < 300) {
        }
      }
    const double inertia = lloyd.Assign(centroids, nullptr);
    Progress(Describe(restart, options, std::ldexp(inertia, 2 * exponent)));
    pop.push_back({inertia, centroids});
    if (inertia < least) {
      least = inertia;
      result.centroids = std::move(centroids);
      result.iterations = iterations;
      result.converged = step.settled;
      result.best_restart = restart;
    }
  }
  auto converge = [&](Matrix& c, double tl) {
    int it = 0;
    Lloyd::Step st;
    do {
      st = lloyd.Iterate(c);
      ++it;
    } while (!st.settled && st.shift > tl && it < options.max_iter);
    return it;
  };
  auto env = [](const char* x, double y) { return getenv(x) ? atof(getenv(x)) : y; };
  static const int rounds = env("ROUNDS", 0), m0 = env("M", 1);
  static const double tlf = env("TLF", 1);
  static const int consec = env("CONSEC", 0);
  static const int hg = env("HG", 0);
  static int hw = getenv("HW") ? atoi(getenv("HW")) : 0;
  int hf = 0;
  auto bydist = [](auto& a, auto& b) { return a.first < b.first; };
  for (int round = 0; hf < hg; ++round) {
    auto pick = [&] { return std::min(random.Below(pop.size()), random.Below(pop.size())); };
    std::sort(pop.begin(), pop.end(), bydist);
    for (std::size_t i = 1; i < pop.size();)
      if (pop[i].first <= pop[i - 1].first * (1 + 1e-9))
        pop.erase(pop.begin() + i);
      else
        ++i;
    while (pop.size() > (size_t)options.n_init) pop.pop_back();
    auto p1 = pick(), p2 = pick();
    Matrix a = pop[p1].second;
    const Matrix& b = pop[p2].second;
    std::vector<bool> used(options.k);
    for (int i = 0; i < options.k; ++i) {
      int best = -1;
      double bd = 1e300;
      for (int j = 0; j < options.k; ++j)
        if (!used[j]) {
          double dd = (a.row(i) - b.row(j)).squaredNorm();
          if (dd < bd) bd = dd, best = j;
        }
      used[best] = true;
      if (random.Bits() >> 63) a.row(i) = b.row(best);
    }
    static const int hm = env("HM", 0);
    Matrix c;
    int it = 0;
    if (!hm || (hm >= 10 && round % 2)) {
      int drop = random.Below(options.k);
      Matrix c2(options.k - 1, a.cols());
      c2 << a.topRows(drop), a.bottomRows(options.k - 1 - drop);
      c = seeding.Extend(c2, 1, random);
      it = converge(c, tolerance * tlf);
    } else {
      c = seeding.Extend(a, hm % 10, random);
      it = converge(c, tolerance * tlf);
      for (int r = 0; r < hm % 10; ++r) {
        auto loss = lloyd.Losses(c);
        auto w = std::min_element(loss.begin(), loss.end()) - loss.begin();
        Matrix c2(c.rows() - 1, c.cols());
        c2 << c.topRows(w), c.bottomRows(c.rows() - 1 - w);
        c = c2;
      }
      it += converge(c, tolerance * tlf);
    }
    if (hw & 1)
      for (int t = 0; t < 20 && lloyd.Sweep(c); ++t) {
        int q = 0;
        while (!lloyd.Iterate(c).settled && q++ < 300) {
        }
      }
    double in = lloyd.Assign(c, nullptr);
    Progress("hg it " + std::to_string(it) + " inertia " + std::to_string(std::ldexp(in, 2 * exponent)));
    ++hf;
    pop.push_back({in, c});
    if (in < least) {
      if (in < least * (1 - 1e-5)) hf = 0;
      least = in;
      result.centroids = c;
      result.converged = false;
      result.iterations = 0;
    }
  }
  int m = std::min(m0, options.k), fails = 0;
  for (int round = 0; (consec ? fails : round) < rounds; ++round) {
    Matrix c = seeding.Extend(result.centroids, m, random);
    int it = converge(c, tolerance * tlf);
    for (int r = 0; r < m; ++r) {
      auto loss = lloyd.Losses(c);
      auto w = std::min_element(loss.begin(), loss.end()) - loss.begin();
      Matrix c2(c.rows() - 1, c.cols());
      c2 << c.topRows(w), c.bottomRows(c.rows() - 1 - w);
      c = c2;
    }
    it += converge(c, tolerance);
    double in = lloyd.Assign(c, nullptr);
    Progress("breathe m=" + std::to_string(m) + " it " + std::to_string(it) + " inertia " +
             std::to_string(std::ldexp(in, 2 * exponent)));
    ++fails;
    if (in < least) {
      if (in < least * (1 - 1e-5)) fails = 0;
      least = in;
      result.centroids = c;
      result.converged = false;
      result.iterations = 0;
    }
  }
  while (!result.converged && result.iterations < options.max_iter) {
    result.converged = lloyd.Iterate(result.centroids).settled;
    ++result.iterations;
  }

  if (hw & 2)
    for (int t = 0; t < 20 && lloyd.Sweep(result.centroids); ++t) {
      int q = 0;
      while (!lloyd.Iterate(result.centroids).settled && q++ < 300) {
      }
    }
  result.labels.resize(n);
  result.inertia = std::ldexp(lloyd.Assign(result.centroids, result.labels.data()), 2 * exponent);
  if (!std::isfinite(result.inertia)) {
    throw Error(ErrorCode::kNumericRange, "the squared distances between the rows overflow", {},
                "Scale the features first.");
  }
  for (double& x : result.centroids.reshaped()) x = std::ldexp(x, exponent);
  result.sizes.resize(options.k);
  for (const std::int32_t label : result.labels) ++result.sizes[label];
  const auto empty = std::count(result.sizes.begin(), result.sizes.end(), 0);
  if (empty > 0) {
    throw Error(ErrorCode::kUnusableData, "the rows are too close together for k clusters",
                "k: " + std::to_string(options.k) + ", clusters left empty: " + std::to_string(empty) + ".",
                "Ask for fewer clusters.");
  }
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
  PollEvery poll;
  for (std::size_t i = 0; i < n; ++i) {
    const auto [label, distance] =
        AssignOne(centroids, points.data() + static_cast<std::ptrdiff_t>(i) * points.outerStride());
    assignments.labels[i] = label;
    assignments.distances[i] = distance;
    poll.Count(3.0 * static_cast<double>(centroids.size()));
  }
  return assignments;
}

}  // namespace ecomm::core
