#include "ecomm_analytics/core/cluster_compare.hpp"

#include <algorithm>
#include <utility>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/kmeans_model.hpp"
#include "ecomm_analytics/core/ward.hpp"

namespace ecomm::core {

std::vector<std::int64_t> NumberByValue(const MatrixView& points, const std::vector<double>& weights,
                                        std::vector<std::int32_t>* labels) {
  const std::int32_t last = labels->empty() ? kNoiseLabel : *std::max_element(labels->begin(), labels->end());
  if (last == kNoiseLabel) return {};
  const auto k = static_cast<std::size_t>(last) + 1;
  std::vector<std::int64_t> counts(k);
  Matrix centroids = Matrix::Zero(static_cast<Eigen::Index>(k), points.cols());
  Work work;
  for (std::size_t i = 0; i < labels->size(); ++i) {
    work.Done(static_cast<std::size_t>(points.cols()));
    const std::int32_t label = (*labels)[i];
    if (label == kNoiseLabel) continue;
    ++counts[static_cast<std::size_t>(label)];
    centroids.row(label) += points.row(static_cast<Eigen::Index>(i));
  }
  for (std::size_t c = 0; c < k; ++c) {
    centroids.row(static_cast<Eigen::Index>(c)) /= static_cast<double>(counts[c]);
  }
  const std::vector<std::size_t> order = ValueOrder(centroids, weights);
  std::vector<std::int32_t> numbers(k);
  std::vector<std::int64_t> sizes;
  for (const std::size_t old : order) {
    numbers[old] = static_cast<std::int32_t>(sizes.size());
    sizes.push_back(counts[old]);
  }
  for (std::int32_t& label : *labels) {
    if (label != kNoiseLabel) label = numbers[static_cast<std::size_t>(label)];
  }
  return sizes;
}

std::vector<ComparedMethod> CompareMethods(const MatrixView& points, const std::vector<double>& weights,
                                           const KMeansOptions& kmeans, const DbscanOptions& dbscan) {
  std::vector<ComparedMethod> compared;
  const auto add = [&](const char* method, std::vector<std::int32_t> labels) {
    ComparedMethod entry{.method = method, .sizes = NumberByValue(points, weights, &labels)};
    entry.noise = std::count(labels.begin(), labels.end(), kNoiseLabel);
    const KMeansModel::Metrics metrics =
        MeasureClusters(points, labels, 0.0, kmeans.seed, NoisePolicy::kNoiseLeftOut);
    entry.silhouette = metrics.silhouette;
    entry.davies_bouldin = metrics.davies_bouldin;
    entry.calinski_harabasz = metrics.calinski_harabasz;
    compared.push_back(std::move(entry));
    Progress(std::string("measured ") + method);
  };
  add("kmeans", KMeans(points, kmeans).labels);
  add("ward", Ward(points, kmeans.k));
  add("dbscan", Dbscan(points, dbscan).labels);
  return compared;
}

}  // namespace ecomm::core
