// pca() and pca_scores(): the principal components of a source, and its rows in their coordinates.

#include "ecomm_analytics/core/pca.hpp"

#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/core/scaler.hpp"
#include "ecomm_analytics/pg/clustering_arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/key_list.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

// The arguments from `first` on that both functions begin with: (source regclass, features text[], components
// integer, scale boolean, transform text); as_of stands elsewhere.
struct Request {
  pg::FeatureOptions features;
  core::PcaOptions options;
  core::Transform transform;
};

Request ReadRequest(const pg::Arguments& arguments, int first, int as_of) {
  return {.features = pg::ReadFeatureOptions(arguments, first, first + 1, as_of),
          .options = {.components = arguments.Int32(first + 2).value_or(0),
                      .scale = arguments.Bool(first + 3).value_or(true)},
          .transform = core::ParseTransform(arguments.Text(first + 4).value_or("none"))};
}

// Rows in an order that depends on the rows alone: sums of doubles depend on their order.
core::Matrix InCanonicalOrder(const core::MatrixView& x) {
  const std::vector<std::uint32_t> order = core::CanonicalOrder(x);
  core::RequireMemory(static_cast<std::size_t>(x.size()) * 2 * sizeof(double), "rows in order");
  core::Matrix sorted(x.rows(), x.cols());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.row(static_cast<Eigen::Index>(i)) = x.row(static_cast<Eigen::Index>(order[i]));
  }
  return sorted;
}

struct Fit {
  core::Pca pca;
  std::vector<core::FeatureTransform> transforms;  // empty: none
};

Fit FitRows(const pg::FeatureTable& table, const Request& request) {
  core::Matrix x = InCanonicalOrder(table.view());
  Fit fit;
  if (request.transform != core::Transform::kNone && x.rows() > 0) {
    fit.transforms = core::FitFeatures(x, request.transform, request.features.features);
    for (core::FeatureTransform& feature : fit.transforms) {
      // Whether to scale is for the components to say.
      feature.mean = 0;
      feature.scale = 1;
    }
    core::ApplyFeaturesInPlace(fit.transforms, x);
  }
  fit.pca = core::FitPca(x, request.options, request.features.features);
  return fit;
}

std::string Loadings(const core::Pca& pca, Eigen::Index component, const std::vector<std::string>& features) {
  core::Json loadings = core::Json::object();
  for (std::size_t j = 0; j < features.size(); ++j) {
    loadings[features[j]] = core::EncodeNumber(pca.loadings(component, static_cast<Eigen::Index>(j)));
  }
  return core::DumpJson(loadings);
}

Datum Components(FunctionCallInfo fcinfo) {
  pg::RowSink sink(fcinfo);
  const Request request = ReadRequest(pg::Arguments(fcinfo), 0, 5);
  pg::Spi spi;
  pg::FeatureReading reading(spi, request.features);
  const pg::FeatureTable table = pg::LoadFeatures(reading, request.features.features, request.transform);
  pg::NoticeLeftOut(table);
  const core::Pca pca = FitRows(table, request).pca;
  double cumulative = 0;
  for (Eigen::Index i = 0; i < pca.loadings.rows(); ++i) {
    cumulative = std::min(1.0, cumulative + pca.explained_variance_ratio[i]);
    sink.Int32(static_cast<std::int32_t>(i) + 1)
        .Float8(pca.explained_variance[i])
        .Float8(pca.explained_variance_ratio[i])
        .Float8(cumulative)
        .Jsonb(Loadings(pca, i, request.features.features))
        .EndRow();
  }
  return sink.Done();
}

// Arguments from `first` on: those of Request, then (key_column text, as_of timestamp).
Datum Scores(FunctionCallInfo fcinfo, int first) {
  pg::RowSink sink(fcinfo);
  const pg::Arguments arguments(fcinfo);
  Request request = ReadRequest(arguments, first, first + 6);
  request.features.key_column = arguments.Text(first + 5);
  request.features.key_type = sink.TypeOf(0);
  request.features.with_keys = true;
  request.features.keyed_function = "pca_scores_keyed";
  pg::Spi spi;
  pg::FeatureReading reading(spi, request.features);
  pg::KeyList keys(request.features.key_type);
  std::vector<bool> used;
  pg::FeatureTable table = pg::LoadFeatures(reading, request.features.features, request.transform,
                                            [&](bool row_is_used, std::optional<Datum> key) {
                                              keys.Add(key);
                                              used.push_back(row_is_used);
                                            });
  pg::NoticeLeftOut(table);
  const Fit fit = FitRows(table, request);

  Eigen::Map<core::Matrix> x(table.values.data(), table.view().rows(), table.view().cols());
  if (!fit.transforms.empty()) core::ApplyFeaturesInPlace(fit.transforms, x);
  Eigen::Index next = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i]) {
      sink.Value(*keys[i]);
    } else {
      sink.Null();
    }
    if (used[i]) {
      const core::Matrix scores = fit.pca.Scores(x.middleRows(next++, 1));
      sink.Float8Array({scores.data(), static_cast<std::size_t>(scores.size())});
    } else {
      sink.Null();
    }
    sink.EndRow();
  }
  return sink.Done();
}

}  // namespace

// (source regclass, features text[], components integer, scale boolean, transform text, as_of timestamp)
ECOMM_FUNCTION(ecomm_pca) {
  return pg::Entry([&] { return Components(fcinfo); });
}

// (source regclass, features text[], components integer, scale boolean, transform text, key_column text,
// as_of timestamp)
ECOMM_FUNCTION(ecomm_pca_scores) {
  return pg::Entry([&] { return Scores(fcinfo, 0); });
}

// (key anyelement, then as above)
ECOMM_FUNCTION(ecomm_pca_scores_keyed) {
  return pg::Entry([&] { return Scores(fcinfo, 1); });
}

}  // namespace ecomm::fn
