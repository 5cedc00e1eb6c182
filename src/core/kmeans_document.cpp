// The k-means model as a document: what model_export hands out and model_import takes.
#include <cmath>
#include <set>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"

namespace ecomm::core {
namespace {

using Index = Eigen::Index;

Json EncodeRow(const Matrix& matrix, std::size_t row) {
  return EncodeNumbers(matrix.row(static_cast<Index>(row)).data(), static_cast<std::size_t>(matrix.cols()));
}

void SetRow(Matrix* matrix, std::size_t row, const std::vector<double>& values) {
  for (std::size_t j = 0; j < values.size(); ++j) {
    (*matrix)(static_cast<Index>(row), static_cast<Index>(j)) = values[j];
  }
}

Json FeatureToJson(const std::string& name, const FeatureTransform& transform) {
  return {{"name", name},
          {"transform", std::string(Name(transform.kind))},
          {"lambda", EncodeNumber(transform.lambda)},
          {"mean", EncodeNumber(transform.mean)},
          {"scale", EncodeNumber(transform.scale)}};
}

Transform ReadKind(const JsonReader& reader) {
  try {
    return ParseTransform(reader.Label(kMaxModelNameBytes));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kBadData) throw;
    reader.Fail("the name of a transform");
  }
}

void ReadFeatures(const JsonReader& list, KMeansModel* model) {
  const std::size_t d = list.Length(1, kMaxModelFeatures);
  std::set<std::string> seen;
  for (std::size_t j = 0; j < d; ++j) {
    const auto feature = list.Element(j);
    feature.RequireOnly({"name", "transform", "lambda", "mean", "scale"});
    model->features.push_back(feature.Member("name").Label(kMaxModelNameBytes));
    if (!seen.insert(model->features.back()).second)
      feature.Member("name").Fail("a name no other feature has");

    FeatureTransform transform;
    transform.kind = ReadKind(feature.Member("transform"));
    transform.lambda = feature.Member("lambda").Finite();
    transform.mean = feature.Member("mean").Finite();
    transform.scale = feature.Member("scale").Finite();
    if (transform.scale <= 0) feature.Member("scale").Fail("a number above 0");
    model->transforms.push_back(transform);
  }
}

void ReadClusters(const JsonReader& list, KMeansModel* model) {
  const std::size_t k = list.Length(1, kMaxModelClusters);
  const std::size_t d = model->FeatureCount();
  // Elements that turn out to be no clusters can be far shorter than what they would fill.
  RequireMemory(3 * k * d * sizeof(double), "a model");
  model->centroids.resize(static_cast<Index>(k), static_cast<Index>(d));
  const bool has_means = list.Element(0).Has("mean");
  if (has_means) model->means = model->centroids;

  std::set<std::string> seen;
  for (std::size_t i = 0; i < k; ++i) {
    const auto cluster = list.Element(i);
    cluster.RequireOnly({"name", "size", "centroid", "center", "mean"});
    model->names.push_back(cluster.Member("name").Label(kMaxModelNameBytes));
    if (!seen.insert(model->names.back()).second) cluster.Member("name").Fail("a name no other cluster has");
    model->sizes.push_back(cluster.Has("size") ? cluster.Member("size").Integer(0, kMaxModelRows) : 0);
    SetRow(&model->centroids, i, cluster.Member("centroid").FiniteNumbers(d));
    if (cluster.Has("mean") != has_means) cluster.Fail("\"mean\" in every cluster or in none");
    if (has_means) SetRow(&model->means, i, cluster.Member("mean").Numbers(d));
  }
  ComputeCenters(model);
  for (std::size_t i = 0; i < k; ++i) {
    const auto cluster = list.Element(i);
    if (cluster.Has("center")) SetRow(&model->centers, i, cluster.Member("center").Numbers(d));
  }
}

KMeansModel::Parameters ReadParameters(const JsonReader& reader, std::size_t k) {
  reader.RequireOnly({"k", "n_init", "max_iter", "tol", "seed", "transform"});
  if (reader.Member("k").Integer(1, kMaxModelClusters) != static_cast<std::int64_t>(k)) {
    reader.Member("k").Fail("the number of clusters, " + std::to_string(k));
  }
  KMeansModel::Parameters parameters;
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  parameters.n_init = static_cast<int>(reader.Member("n_init").Integer(1, kMost));
  parameters.max_iter = static_cast<int>(reader.Member("max_iter").Integer(1, kMost));
  parameters.tol = reader.Member("tol").Finite();
  if (parameters.tol < 0) reader.Member("tol").Fail("a number not below 0");
  parameters.seed = reader.Member("seed").Integer(std::numeric_limits<std::int64_t>::min(),
                                                  std::numeric_limits<std::int64_t>::max());
  parameters.transform = ReadKind(reader.Member("transform"));
  return parameters;
}

KMeansModel::Training ReadTraining(const JsonReader& reader) {
  reader.RequireOnly({"rows", "used", "left_out"});
  KMeansModel::Training training;
  training.rows = reader.Member("rows").Integer(0, kMaxModelRows);
  training.used = reader.Member("used").Integer(0, training.rows);
  const auto left_out = reader.Member("left_out");
  std::int64_t sum = training.used;
  for (const auto& reason : left_out.Keys(kMaxModelNameBytes)) {
    const std::int64_t count = left_out.Member(reason).Integer(0, training.rows - sum);
    training.left_out[reason] = count;
    sum += count;
  }
  if (sum != training.rows) reader.Fail("\"rows\" to be the sum of \"used\" and the rows left out");
  return training;
}

double ReadMetric(const JsonReader& metrics, std::string_view key) {
  return metrics.Has(key) ? metrics.Member(key).Number() : std::numeric_limits<double>::quiet_NaN();
}

KMeansModel::Metrics ReadMetrics(const JsonReader& reader) {
  reader.RequireOnly({"inertia", "silhouette", "silhouette_sample", "davies_bouldin", "calinski_harabasz"});
  KMeansModel::Metrics metrics;
  metrics.inertia = ReadMetric(reader, "inertia");
  metrics.silhouette = ReadMetric(reader, "silhouette");
  metrics.davies_bouldin = ReadMetric(reader, "davies_bouldin");
  metrics.calinski_harabasz = ReadMetric(reader, "calinski_harabasz");
  if (reader.Has("silhouette_sample")) {
    metrics.silhouette_sample = reader.Member("silhouette_sample").Integer(0, kMaxModelRows);
  }
  return metrics;
}

}  // namespace

Json ParametersToJson(const KMeansModel& model) {
  Json json = {{"k", model.ClusterCount()}};
  if (!model.parameters) return json;
  json["n_init"] = model.parameters->n_init;
  json["max_iter"] = model.parameters->max_iter;
  json["tol"] = EncodeNumber(model.parameters->tol);
  json["seed"] = model.parameters->seed;
  json["transform"] = std::string(Name(model.parameters->transform));
  return json;
}

Json MetricsToJson(const KMeansModel::Metrics& metrics) {
  const auto encode = [](double value) { return std::isnan(value) ? Json(nullptr) : EncodeNumber(value); };
  return {{"inertia", encode(metrics.inertia)},
          {"silhouette", encode(metrics.silhouette)},
          {"silhouette_sample", metrics.silhouette_sample},
          {"davies_bouldin", encode(metrics.davies_bouldin)},
          {"calinski_harabasz", encode(metrics.calinski_harabasz)}};
}

Json ToJson(const KMeansModel& model) {
  Json features = Json::array();
  for (std::size_t j = 0; j < model.FeatureCount(); ++j) {
    features.push_back(FeatureToJson(model.features[j], model.transforms[j]));
  }
  Json clusters = Json::array();
  for (std::size_t i = 0; i < model.ClusterCount(); ++i) {
    Json cluster = {{"name", model.names[i]},
                    {"size", model.sizes[i]},
                    {"centroid", EncodeRow(model.centroids, i)},
                    {"center", EncodeRow(model.centers, i)}};
    if (model.means.rows() > 0) cluster["mean"] = EncodeRow(model.means, i);
    clusters.push_back(std::move(cluster));
  }
  Json document = {{"format_version", kKMeansFormatVersion},
                   {"kind", kKMeansKind},
                   {"features", std::move(features)},
                   {"clusters", std::move(clusters)},
                   {"metrics", MetricsToJson(model.metrics)}};
  if (!model.name.empty()) document["name"] = model.name;
  if (model.parameters) document["parameters"] = ParametersToJson(model);
  if (model.training) {
    document["training"] = {{"rows", model.training->rows},
                            {"used", model.training->used},
                            {"left_out", model.training->left_out}};
  }
  return document;
}

KMeansModel KMeansModelFromJson(const Json& document) {
  const JsonReader root(document);
  RequireFormat(root, kKMeansFormatVersion, kKMeansKind);
  root.RequireOnly(
      {"format_version", "kind", "name", "features", "clusters", "parameters", "training", "metrics"});

  KMeansModel model;
  if (root.Has("name")) model.name = root.Member("name").Label(kMaxModelNameBytes);
  ReadFeatures(root.Member("features"), &model);
  ReadClusters(root.Member("clusters"), &model);
  if (root.Has("parameters"))
    model.parameters = ReadParameters(root.Member("parameters"), model.ClusterCount());
  if (root.Has("training")) {
    const auto training = root.Member("training");
    model.training = ReadTraining(training);
    std::int64_t members = 0;
    for (const auto size : model.sizes) members += size;
    if (members != model.training->used) {
      training.Member("used").Fail("the sum of the cluster sizes, " + std::to_string(members));
    }
  }
  if (root.Has("metrics")) model.metrics = ReadMetrics(root.Member("metrics"));
  return model;
}

}  // namespace ecomm::core
