#include "ecomm_analytics/core/kmeans_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/kmeans.hpp"

namespace ecomm::core {
namespace {

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool IsRfmFeature(const std::string& feature) {
  const auto name = LowerCase(feature);
  return name == "recency" || name == "frequency" || name == "monetary";
}

void CheckName(const std::string& name, const char* what) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (!name.empty() && name.size() <= kMaxModelNameBytes &&
      std::none_of(name.begin(), name.end(), is_control)) {
    return;
  }
  throw Error(ErrorCode::kInvalidArgument, std::string("unusable ") + what + " name",
              "A name has 1 to " + std::to_string(kMaxModelNameBytes) + " bytes and no control characters.");
}

void PermuteRows(Matrix* matrix, const std::vector<std::size_t>& order) {
  if (matrix->rows() == 0) return;
  const Matrix old = *matrix;
  for (std::size_t i = 0; i < order.size(); ++i) {
    matrix->row(static_cast<Eigen::Index>(i)) = old.row(static_cast<Eigen::Index>(order[i]));
  }
}

}  // namespace

void CheckFeatureCount(const KMeansModel& model, std::size_t given) {
  if (given == model.FeatureCount()) return;
  std::string list;
  for (const auto& feature : model.features) list.append(list.empty() ? "" : ", ").append(feature);
  throw Error(ErrorCode::kInvalidArgument, "wrong number of features",
              "The model takes " + std::to_string(model.FeatureCount()) + " (" + list + "), " +
                  std::to_string(given) + (given == 1 ? " was given." : " were given."));
}

std::optional<KMeansPrediction> Predict(const KMeansModel& model, std::span<const double> row) {
  CheckFeatureCount(model, row.size());
  const std::size_t d = row.size();
  // A prediction stands beside a scan of a million rows: the usual few features need no allocation.
  std::array<double, 16> near_space;
  std::vector<double> far_space;
  double* scaled = near_space.data();
  if (d > near_space.size()) {
    far_space.resize(d);
    scaled = far_space.data();
  }
  for (std::size_t j = 0; j < d; ++j) {
    scaled[j] = model.transforms[j].Apply(row[j]);
    if (!std::isfinite(scaled[j])) return std::nullopt;
  }
  // The same arithmetic as in training: a row of the training set gets the label it had there.
  const Assignment nearest = AssignOne(model.centroids, scaled);
  if (!std::isfinite(nearest.distance)) return std::nullopt;
  return KMeansPrediction{nearest.label, nearest.distance};
}

std::vector<double> DefaultValueWeights(const std::vector<std::string>& features) {
  std::vector<double> weights;
  weights.reserve(features.size());
  for (const auto& feature : features) weights.push_back(LowerCase(feature) == "recency" ? -1.0 : 1.0);
  return weights;
}

std::vector<std::size_t> ValueOrder(const MatrixView& centroids, const std::vector<double>& weights) {
  const bool finite = std::all_of(weights.begin(), weights.end(), [](double w) { return std::isfinite(w); });
  if (static_cast<Eigen::Index>(weights.size()) != centroids.cols() || !finite) {
    throw Error(
        ErrorCode::kInvalidArgument, "value weights must be finite, one per feature",
        std::to_string(weights.size()) + " weights for " + std::to_string(centroids.cols()) + " features.");
  }
  // One comparison key per cluster: the value, then the weighted coordinates that break a tie.
  std::vector<std::vector<double>> keys(static_cast<std::size_t>(centroids.rows()));
  for (Eigen::Index i = 0; i < centroids.rows(); ++i) {
    auto& key = keys[static_cast<std::size_t>(i)];
    key.push_back(0);
    for (Eigen::Index j = 0; j < centroids.cols(); ++j) {
      key.push_back(weights[static_cast<std::size_t>(j)] * centroids(i, j));
      key[0] += key.back();
    }
  }
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
  return order;
}

void ReorderClusters(KMeansModel* model, const std::vector<std::size_t>& order) {
  PermuteRows(&model->centroids, order);
  PermuteRows(&model->centers, order);
  PermuteRows(&model->means, order);
  const auto old = model->sizes;
  for (std::size_t i = 0; i < order.size(); ++i) model->sizes[i] = old[order[i]];
}

std::vector<std::string> DefaultClusterNames(std::size_t k, const std::vector<std::string>& features) {
  static const std::array<std::vector<std::string>, 6> kOfCustomers = {{
      {"All Customers"},
      {"Champions", "Occasional"},
      {"Champions", "At-Risk", "Occasional"},
      {"Champions", "High Value", "Low Value", "Occasional"},
      {"Champions", "High Value", "Middle Value", "Low Value", "Occasional"},
      {"Champions", "High Value", "Upper Middle", "Lower Middle", "Low Value", "Occasional"},
  }};
  const bool of_customers = std::any_of(features.begin(), features.end(), IsRfmFeature);
  if (of_customers && k >= 1 && k <= kOfCustomers.size()) return kOfCustomers[k - 1];
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= k; ++i) names.push_back("Cluster " + std::to_string(i));
  return names;
}

void CheckClusterNames(const std::vector<std::string>& names, std::size_t k) {
  if (names.size() != k) {
    throw Error(ErrorCode::kInvalidArgument, "wrong number of cluster names",
                std::to_string(names.size()) + " names for " + std::to_string(k) + " clusters.",
                "Give one name per cluster, from best to worst.");
  }
  std::set<std::string> seen;
  for (const auto& name : names) {
    CheckName(name, "cluster");
    if (!seen.insert(name).second) {
      throw Error(ErrorCode::kInvalidArgument, "duplicate cluster name", "\"" + name + "\" stands twice.");
    }
  }
}

void CheckFeatureNames(const std::vector<std::string>& features) {
  if (features.empty()) throw Error(ErrorCode::kInvalidArgument, "features must not be empty");
  std::set<std::string> seen;
  for (const auto& feature : features) {
    CheckName(feature, "feature");
    if (seen.insert(feature).second) continue;
    throw Error(ErrorCode::kInvalidArgument, "features must be different from each other",
                "\"" + feature + "\" stands twice.");
  }
}

void ComputeCenters(KMeansModel* model) {
  model->centers = model->centroids;
  for (Eigen::Index i = 0; i < model->centers.rows(); ++i) {
    for (Eigen::Index j = 0; j < model->centers.cols(); ++j) {
      model->centers(i, j) = model->transforms[static_cast<std::size_t>(j)].Inverse(model->centroids(i, j));
    }
  }
}

}  // namespace ecomm::core
