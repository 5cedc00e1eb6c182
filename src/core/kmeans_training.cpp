#include "ecomm_analytics/core/kmeans_training.hpp"

#include <cmath>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/scaler.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {
namespace {

Matrix MemberMeans(const Matrix& raw, const std::vector<std::int32_t>& labels,
                   const std::vector<std::int64_t>& sizes) {
  Matrix means = Matrix::Zero(static_cast<Eigen::Index>(sizes.size()), raw.cols());
  Work work;
  for (Eigen::Index i = 0; i < raw.rows(); ++i) {
    work.Done(2 * static_cast<std::size_t>(raw.cols()));
    // Each addend is divided first, so that values near the largest double do not overflow.
    means.row(labels[static_cast<std::size_t>(i)]) +=
        raw.row(i) /
        static_cast<double>(sizes[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])]);
  }
  return means;
}

}  // namespace

PreparedFeatures PrepareFeatures(const MatrixView& raw, const std::vector<std::string>& features,
                                 Transform transform) {
  if (raw.rows() == 0) {
    throw Error(ErrorCode::kUnusableData, "no row has usable values for every feature");
  }
  RequireMemory(2 * static_cast<std::size_t>(raw.size()) * sizeof(double), "scaled features");
  const std::vector<std::uint32_t> order = CanonicalOrder(raw);
  PreparedFeatures prepared;
  prepared.raw.resize(raw.rows(), raw.cols());
  Work work;
  for (Eigen::Index i = 0; i < raw.rows(); ++i) {
    work.Done(static_cast<std::size_t>(raw.cols()));
    prepared.raw.row(i) = raw.row(order[static_cast<std::size_t>(i)]);
  }
  prepared.transforms = FitFeatures(prepared.raw, transform, features);
  prepared.scaled = prepared.raw;
  ApplyFeaturesInPlace(prepared.transforms, prepared.scaled);
  return prepared;
}

void CheckTrainingOptions(const std::vector<std::string>& features, const KMeansTrainingOptions& options) {
  if (options.kmeans.k < 1) {
    throw Error(ErrorCode::kInvalidArgument, "k must be at least 1",
                "It is " + std::to_string(options.kmeans.k) + ".");
  }
  // What a stored model may have; training more would make one that cannot be read back.
  if (static_cast<std::size_t>(options.kmeans.k) > kMaxModelClusters || features.size() > kMaxModelFeatures) {
    throw Error(ErrorCode::kInvalidArgument, "too many clusters or features for a model",
                std::to_string(options.kmeans.k) + " clusters and " + std::to_string(features.size()) +
                    " features, allowed: " + std::to_string(kMaxModelClusters) + " and " +
                    std::to_string(kMaxModelFeatures) + ".");
  }
  CheckFeatureNames(features);
  CheckOptions(options.kmeans);
  if (!options.cluster_names.empty()) {
    CheckClusterNames(options.cluster_names, static_cast<std::size_t>(options.kmeans.k));
  }
  if (!options.value_weights.empty() && options.value_weights.size() != features.size()) {
    throw Error(ErrorCode::kInvalidArgument, "value_weights must have one entry per feature",
                std::to_string(options.value_weights.size()) + " weights for " +
                    std::to_string(features.size()) + " features.");
  }
  for (const double weight : options.value_weights) {
    if (std::isfinite(weight)) continue;
    throw Error(ErrorCode::kInvalidArgument, "value_weights must be finite",
                "One is " + ToText(weight) + ".");
  }
}

KMeansModel TrainKMeans(const MatrixView& raw, const std::vector<std::string>& features,
                        const KMeansTrainingOptions& options) {
  CheckTrainingOptions(features, options);
  const KMeansOptions& kmeans = options.kmeans;
  const auto k = static_cast<std::size_t>(kmeans.k);
  const auto weights = options.value_weights.empty() ? DefaultValueWeights(features) : options.value_weights;

  Progress("transforming " + std::to_string(raw.rows()) + " rows");
  const PreparedFeatures prepared = PrepareFeatures(raw, features, options.transform);
  const KMeansResult result = KMeans(prepared.scaled, kmeans);

  KMeansModel model;
  model.features = features;
  model.transforms = prepared.transforms;
  model.centroids = result.centroids;
  model.sizes = result.sizes;
  model.names = options.cluster_names.empty() ? DefaultClusterNames(k, features) : options.cluster_names;
  model.means = MemberMeans(prepared.raw, result.labels, result.sizes);
  ComputeCenters(&model);
  ReorderClusters(&model, ValueOrder(result.centroids, weights));
  model.parameters = KMeansModel::Parameters{.n_init = kmeans.n_init,
                                             .max_iter = kmeans.max_iter,
                                             .tol = kmeans.tol,
                                             .seed = static_cast<std::int64_t>(kmeans.seed),
                                             .transform = options.transform};
  model.training = KMeansModel::Training{.rows = raw.rows(), .used = raw.rows(), .left_out = {}};
  model.metrics = MeasureClusters(prepared.scaled, result.labels, result.inertia, kmeans.seed);
  return model;
}

}  // namespace ecomm::core
