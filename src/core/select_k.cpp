#include "ecomm_analytics/core/select_k.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/pca.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/scaler.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

std::size_t DistinctRows(const MatrixView& points) {
  const std::vector<std::uint32_t> order = CanonicalOrder(points);
  std::size_t distinct = order.empty() ? 0 : 1;
  Work work;
  for (std::size_t i = 1; i < order.size(); ++i) {
    work.Done(static_cast<std::size_t>(points.cols()));
    if (points.row(order[i]) != points.row(order[i - 1])) ++distinct;
  }
  return distinct;
}

// The rows along their principal components, and near 1: k-means sees neither a rotation nor a power of two,
// so there is no way back.
Matrix Rotated(Matrix sample) {
  sample *= std::ldexp(1.0, -CommonExponent(sample, "the gap statistic"));
  const bool varies = (ColumnMoments(sample).scale.array() > 0).any();
  return varies ? FitPca(sample).Scores(sample) : sample;
}

class GapStatistic {
 public:
  GapStatistic(const MatrixView& points, const KMeansOptions& kmeans)
      : kmeans_(kmeans), random_(kmeans.seed) {
    const auto n = static_cast<std::size_t>(points.rows());
    const std::vector<std::uint32_t> rows = SampleRows(n, std::min(n, kGapRows), random_);
    const auto d = static_cast<std::size_t>(points.cols());
    RequireMemory(2 * rows.size() * d * sizeof(double), "the gap statistic");
    Matrix sample(static_cast<Index>(rows.size()), points.cols());
    Work work;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      work.Done(d);
      sample.row(static_cast<Index>(i)) = points.row(rows[i]);
    }
    sample_ = Rotated(std::move(sample));
    // Rows that were different may have become equal; equal ones have stayed so.
    distinct_ = DistinctRows(sample_);
    const double rounding = 2 * std::numeric_limits<double>::epsilon() * sample_.cwiseAbs().maxCoeff();
    negligible_ = static_cast<double>(sample_.size()) * rounding * rounding;
    least_ = sample_.colwise().minCoeff();
    extent_ = sample_.colwise().maxCoeff() - least_;
    for (int b = 0; b < kGapReferences; ++b) seeds_.push_back(random_.Bits());
  }

  // Leaves the gap of a row NaN where it is undefined.
  void Fill(SelectKRow* row) {
    if (static_cast<std::size_t>(row->k) > distinct_) return;
    try {
      Measure(row);
    } catch (const Error& error) {
      // Too few rows, of the sample or of a reference, that can be told apart.
      if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kInvalidArgument) throw;
    }
  }

 private:
  void Measure(SelectKRow* row) {
    const double inertia = Inertia(sample_, row->k);
    if (inertia <= negligible_) return;
    const double own = std::log(inertia);
    std::vector<double> references;
    for (const std::uint64_t seed : seeds_) {
      references.push_back(std::log(Inertia(Reference(seed), row->k)));
    }
    double mean = 0;
    for (const double value : references) mean += value / kGapReferences;
    double variance = 0;
    for (const double value : references) variance += (value - mean) * (value - mean) / kGapReferences;
    if (!std::isfinite(mean - own)) return;
    row->gap = mean - own;
    row->gap_error = std::sqrt(variance * (1.0 + 1.0 / kGapReferences));
  }

  double Inertia(const MatrixView& points, int k) {
    KMeansOptions options = kmeans_;
    options.k = k;
    const QuietProgress quiet;
    return KMeans(points, options).inertia;
  }

  Matrix Reference(std::uint64_t seed) const {
    Random random(seed);
    Matrix reference(sample_.rows(), sample_.cols());
    for (Index i = 0; i < reference.rows(); ++i) {
      for (Index j = 0; j < reference.cols(); ++j) {
        reference(i, j) = least_[j] + extent_[j] * random.Uniform();
      }
    }
    return reference;
  }

  // The thousands of small clusterings are not worth a line each.
  class QuietProgress {
   public:
    QuietProgress() { CurrentHost().progress = nullptr; }
    ~QuietProgress() { CurrentHost().progress = before_; }
    QuietProgress(const QuietProgress&) = delete;
    QuietProgress& operator=(const QuietProgress&) = delete;

   private:
    void (*before_)(const std::string&) = CurrentHost().progress;
  };

  KMeansOptions kmeans_;
  Random random_;
  Matrix sample_;
  std::size_t distinct_ = 0;
  double negligible_ = 0;  // a sum of squares that rounding can leave
  Eigen::RowVectorXd least_;
  Eigen::RowVectorXd extent_;
  std::vector<std::uint64_t> seeds_;
};

void Recommend(std::vector<SelectKRow>* rows) {
  SelectKRow* best = nullptr;
  for (SelectKRow& row : *rows) {
    if (std::isnan(row.metrics.silhouette)) continue;
    if (best == nullptr || row.metrics.silhouette > best->metrics.silhouette) best = &row;
  }
  if (best != nullptr) best->recommended = true;
}

}  // namespace

void CheckOptions(const SelectKOptions& options) {
  const auto check = [&](bool good, const std::string& message) {
    if (good) return;
    throw Error(
        ErrorCode::kInvalidArgument, message,
        "k_min: " + std::to_string(options.k_min) + ", k_max: " + std::to_string(options.k_max) + ".");
  };
  check(options.k_min >= 1, "k_min must be at least 1");
  check(options.k_max >= options.k_min, "k_max must not be less than k_min");
  const std::string most = "k_max must be at most " + std::to_string(kMaxModelClusters);
  check(options.k_max <= static_cast<int>(kMaxModelClusters), most);
  KMeansOptions kmeans = options.kmeans;
  kmeans.k = options.k_min;
  CheckOptions(kmeans);
}

std::vector<SelectKRow> SelectK(const MatrixView& points, const SelectKOptions& options) {
  CheckOptions(options);
  const std::size_t distinct = DistinctRows(points);
  if (static_cast<std::size_t>(options.k_max) > distinct) {
    throw Error(
        ErrorCode::kInvalidArgument, "k_max must not exceed the number of different rows",
        "k_max: " + std::to_string(options.k_max) + ", different rows: " + std::to_string(distinct) + ".",
        "Pass a smaller k_max.");
  }
  GapStatistic gap(points, options.kmeans);
  std::vector<SelectKRow> rows;
  for (int k = options.k_min; k <= options.k_max; ++k) {
    KMeansOptions kmeans = options.kmeans;
    kmeans.k = k;
    const KMeansResult result = KMeans(points, kmeans);
    SelectKRow row;
    row.k = k;
    row.metrics = MeasureClusters(points, result.labels, result.inertia, kmeans.seed);
    gap.Fill(&row);
    rows.push_back(row);
    Progress("measured k = " + std::to_string(k) + " of " + std::to_string(options.k_max));
  }
  Recommend(&rows);
  return rows;
}

}  // namespace ecomm::core
