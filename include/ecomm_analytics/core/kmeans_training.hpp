// From raw features to a whole k-means model: transform, scale, cluster, order, name, measure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecomm_analytics/core/kmeans.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"

namespace ecomm::core {

struct KMeansTrainingOptions {
  KMeansOptions kmeans;
  Transform transform = Transform::kBoxCox;
  std::vector<std::string> cluster_names;  // best to worst; empty: DefaultClusterNames
  std::vector<double> value_weights;       // per feature; empty: DefaultValueWeights
};

// Faults of the call that need no data to be seen: names and weights that do not fit, options of k-means out
// of range, a model that could be stored but not read back. Raises Error(kInvalidArgument).
void CheckTrainingOptions(const std::vector<std::string>& features, const KMeansTrainingOptions& options);

// `raw` is n rows × d features in original units, every value usable for the transform. The model is the same
// to the bit for the same rows and options, in whatever order the rows come. `name`, `training.rows` and
// `training.left_out` are the caller's to fill. Raises what FitFeatures, KMeans, ValueOrder and
// CheckClusterNames raise.
KMeansModel TrainKMeans(const MatrixView& raw, const std::vector<std::string>& features,
                        const KMeansTrainingOptions& options);

// The features of `raw` as the clustering sees them, rows in canonical order.
struct PreparedFeatures {
  Matrix raw;
  Matrix scaled;
  std::vector<FeatureTransform> transforms;
};
PreparedFeatures PrepareFeatures(const MatrixView& raw, const std::vector<std::string>& features,
                                 Transform transform);

}  // namespace ecomm::core
