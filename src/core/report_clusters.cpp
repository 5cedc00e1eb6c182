// Clusters of the k-means model, and customers as points in the plane of their first two principal
// components.
#include <map>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/pca.hpp"
#include "ecomm_analytics/core/scaler.hpp"
#include "ecomm_analytics/core/scatter_chart.hpp"
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kPointsDrawn = 1500;
const std::vector<std::string> kFeatures = {"recency", "frequency", "monetary"};

struct Plane {
  Pca pca;
  Matrix scores;  // of the points drawn
  std::string transform;
};

// Transformed and scaled as models are by default. Box-Cox takes only what is positive.
Plane FindPlane(const std::vector<CustomerPoint>& points) {
  RequireMemory(points.size() * 9 * sizeof(double), "points of the report");
  const auto n = static_cast<Eigen::Index>(points.size());
  Matrix x(n, 3);
  bool positive = true;
  for (Eigen::Index i = 0; i < n; ++i) {
    const CustomerPoint& point = points[static_cast<std::size_t>(i)];
    x.row(i) << point.recency, point.frequency, point.monetary;
    positive = positive && (x.row(i).array() > 0).all();
  }
  Plane plane;
  plane.transform = positive ? "Box-Cox" : "Yeo-Johnson";
  ApplyFeaturesInPlace(FitFeatures(x, positive ? Transform::kBoxCox : Transform::kYeoJohnson, kFeatures), x);
  plane.pca = FitPca(x, {.components = 2, .scale = false}, kFeatures);
  plane.scores = plane.pca.Scores(x.topRows(std::min(n, static_cast<Eigen::Index>(kPointsDrawn))));
  return plane;
}

// "recency −0.52, frequency +0.61, …"
std::string Loadings(const Pca& pca, Eigen::Index component) {
  std::string text;
  for (std::size_t j = 0; j < kFeatures.size(); ++j) {
    const double loading = pca.loadings(component, static_cast<Eigen::Index>(j));
    text += (j == 0 ? "" : ", ") + kFeatures[j] + (loading < 0 ? " \u2212" : " +") +
            Coordinate(std::abs(loading));
  }
  return text;
}

Table ClusterTable(const Report& report) {
  return GroupTable("clusters", "Clusters of the k-means model, from best to worst", "Cluster",
                    report.clusters);
}

std::string ClusterName(const Report& report, int cluster) {
  for (const CustomerGroup& group : report.clusters) {
    if (group.number == cluster) return group.name;
  }
  return "Cluster " + std::to_string(cluster);
}

void WriteScatter(Markup& out, const Report& report, const Plane& plane, ReportNotes& notes) {
  const double first = plane.pca.explained_variance_ratio[0];
  const double second = plane.pca.explained_variance_ratio[1];
  std::map<int, ScatterGroup> groups;
  for (Eigen::Index i = 0; i < plane.scores.rows(); ++i) {
    const int cluster = report.points[static_cast<std::size_t>(i)].cluster;
    ScatterGroup& group = groups[cluster];
    group.x.push_back(plane.scores(i, 0));
    group.y.push_back(plane.scores(i, 1));
  }
  const std::string finding =
      "Two components hold " + Percent(first + second) + " of what tells customers apart.";
  ScatterChart chart{
      .text = {.id = "cluster-chart",
               .title = "A map of customers",
               .description = "Each point is a customer; those of a cluster share a colour and a shape. " +
                              finding + " Across: " + Loadings(plane.pca, 0) +
                              ". Up: " + Loadings(plane.pca, 1) + ". The clusters are in the table below."},
      .x_label = "component 1, " + Percent(first),
      .y_label = "component 2, " + Percent(second),
      .groups = {}};
  for (auto& [cluster, group] : groups) {
    group.label = ClusterName(report, cluster);
    group.color = std::max(cluster - 1, 0);
    chart.groups.push_back(std::move(group));
  }
  std::string note = "Principal components of recency, frequency and monetary value after " +
                     plane.transform + " and scaling. Across: " + Loadings(plane.pca, 0) +
                     ". Up: " + Loadings(plane.pca, 1) + ".";
  if (report.placed.present()) {
    note += " Drawn: " + std::to_string(plane.scores.rows()) + " of " + Grouped(report.placed) +
            " customers in clusters; components from " + std::to_string(report.points.size()) +
            ", chosen by a hash of their keys where there are more.";
  }
  OpenCard(out, {.heading = chart.text.title, .finding = finding, .note = note}, notes);
  DrawScatterChart(out, chart);
  WriteFoldedTable(out, ClusterTable(report));
  CloseCard(out);
}

}  // namespace

void WriteClusters(Markup& out, const Report& report, ReportNotes& notes) {
  if (report.points.empty()) return;
  try {
    WriteScatter(out, report, FindPlane(report.points), notes);
  } catch (const Error& error) {
    // All customers alike have no components; that is no reason to be without a report.
    if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    OpenCard(out,
             {.heading = "A map of customers",
              .finding = "There is none: " + std::string(error.what()) + ".",
              .note = {}},
             notes);
    WriteFoldedTable(out, ClusterTable(report));
    CloseCard(out);
  }
}

}  // namespace ecomm::core
