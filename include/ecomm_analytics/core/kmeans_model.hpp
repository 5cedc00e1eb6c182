// A trained k-means segmentation as one value: how raw features become scaled ones, the centroids, what the
// clusters are called, and how the training went. It is what `ecomm.model` keeps and what a prediction needs.
//
// In C++ clusters are counted from 0; SQL shows them from 1. They are ordered from best to worst by value,
// see ValueOrder.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {

inline constexpr int kKMeansFormatVersion = 1;
inline constexpr const char* kKMeansKind = "kmeans";

// Beyond these a document is refused before anything is allocated for it.
inline constexpr std::size_t kMaxModelClusters = 10'000;
inline constexpr std::size_t kMaxModelFeatures = 1000;
inline constexpr std::size_t kMaxModelNameBytes = 200;
inline constexpr std::int64_t kMaxModelRows = 100'000'000'000'000;

struct KMeansModel {
  // What the training was asked to do.
  struct Parameters {
    int n_init = 0;
    int max_iter = 0;
    double tol = 0;
    std::int64_t seed = 0;
    Transform transform = Transform::kNone;
  };

  // What became of the rows it was given: rows == used + the sum of left_out.
  struct Training {
    std::int64_t rows = 0;
    std::int64_t used = 0;
    std::map<std::string, std::int64_t> left_out;  // reason -> rows
  };

  // NaN: undefined (one cluster has no silhouette) or not computed.
  struct Metrics {
    double inertia = std::numeric_limits<double>::quiet_NaN();
    double silhouette = std::numeric_limits<double>::quiet_NaN();
    std::int64_t silhouette_sample = 0;  // rows the silhouette was taken from; 0 where there is none
    double davies_bouldin = std::numeric_limits<double>::quiet_NaN();
    double calinski_harabasz = std::numeric_limits<double>::quiet_NaN();
  };

  std::string name;                          // what it was saved as; may be empty
  std::vector<std::string> features;         // d names
  std::vector<FeatureTransform> transforms;  // d, in the order of `features`
  Matrix centroids;                          // k × d, in scaled space
  Matrix centers;                            // k × d, original units: the centroids taken back
  Matrix means;                          // k × d, original units: means of the members; 0 × 0 if unknown
  std::vector<std::string> names;        // k
  std::vector<std::int64_t> sizes;       // k, rows of the training in each cluster
  std::optional<Parameters> parameters;  // none in a model that was not trained here
  std::optional<Training> training;      // likewise
  Metrics metrics;

  std::size_t ClusterCount() const noexcept { return names.size(); }
  std::size_t FeatureCount() const noexcept { return features.size(); }
};

// --- documents ---------------------------------------------------------------------------------------------

// FromJson(ToJson(model)) is the same model, bit for bit.
Json ToJson(const KMeansModel& model);

// Reads and validates a whole document. Only format_version, kind, the features and each cluster's centroid
// and name are required: a missing centre is computed, a missing size is 0. Throws Error(kBadData) that names
// the place for an unknown format_version, kind or member, wrong shapes, duplicate names, negative or
// contradictory counts, non-finite centroids, a scale that is not positive and sizes beyond the limits above.
KMeansModel KMeansModelFromJson(const Json& document);

// The parts that stand in columns of their own in `ecomm.model`. An undefined metric is a JSON null.
Json ParametersToJson(const KMeansModel& model);
Json MetricsToJson(const KMeansModel::Metrics& metrics);

// --- prediction --------------------------------------------------------------------------------------------

struct KMeansPrediction {
  int cluster = 0;      // from 0
  double distance = 0;  // Euclidean, in scaled space
};

// The nearest centroid of one row of raw features (original units, in the order of model.features); of two
// equally near the better cluster. No label when a feature is NaN, infinite or outside what its transform
// takes, or when the distance is beyond a double. Throws Error(kInvalidArgument) when the number of features
// is wrong.
std::optional<KMeansPrediction> Predict(const KMeansModel& model, std::span<const double> row);
void CheckFeatureCount(const KMeansModel& model, std::size_t given);

// --- order and names ---------------------------------------------------------------------------------------

// The weight of each feature in a cluster's value: -1 for recency (in any case: less is better), +1 for
// everything else (more is better).
std::vector<double> DefaultValueWeights(const std::vector<std::string>& features);

// Clusters from best to worst: the value of a cluster is the weighted mean of its centroid's scaled
// coordinates, which every transform leaves in the order of the original units. Ties go by the weighted
// coordinates one after another. Returns order[new] = old. Throws Error(kInvalidArgument) when `weights` does
// not have one finite entry per column.
std::vector<std::size_t> ValueOrder(const MatrixView& centroids, const std::vector<double>& weights);

// Puts centroids, centres, means and sizes into `order` (order[new] = old). Names stay: they belong to the
// places, not to the clusters.
void ReorderClusters(KMeansModel* model, const std::vector<std::size_t>& order);

// Names from best to worst. Where recency, frequency or monetary is among the features, up to six clusters
// have names of customers (k = 3: Champions, At-Risk, Occasional; from four on the middle ones claim no more
// than their rank, since nothing says which of them buys seldom and which has stopped); otherwise "Cluster
// 1", …
std::vector<std::string> DefaultClusterNames(std::size_t k, const std::vector<std::string>& features);

// Throws Error(kInvalidArgument) unless there are k different, non-empty names of at most
// kMaxModelNameBytes bytes without control characters.
void CheckClusterNames(const std::vector<std::string>& names, std::size_t k);

// The same for the names of features, one at least.
void CheckFeatureNames(const std::vector<std::string>& features);

// Fills model->centers from the centroids. An inverse that does not exist (a Box-Cox value no positive number
// has) is NaN.
void ComputeCenters(KMeansModel* model);

}  // namespace ecomm::core
