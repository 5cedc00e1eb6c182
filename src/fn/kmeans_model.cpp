// What a stored k-means model answers: kmeans_predict, kmeans_predict_name, kmeans_clusters, kmeans_evaluate.
#include <cmath>
#include <numeric>

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/float8_array.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/model_cache.hpp"
#include "ecomm_analytics/pg/srf.hpp"

using ecomm::pg::Arguments;
using ecomm::pg::Entry;

namespace ecomm::fn {
namespace {

using pg::ModelCache;
using pg::RowSink;

enum class NamedBy { kId, kName };  // argument 0

const core::KMeansModel& ModelArgument(FunctionCallInfo fcinfo, ModelCache& cache, NamedBy by) {
  if (by == NamedBy::kId) return cache.Get(PG_GETARG_INT64(0));
  const text* name = pg::Call([=] { return PG_GETARG_TEXT_PP(0); });
  return cache.Get(std::string_view(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)));
}

std::optional<int> PredictRow(FunctionCallInfo fcinfo, ModelCache& cache, NamedBy by) {
  const auto& model = ModelArgument(fcinfo, cache, by);
  const auto features = pg::ViewFloat8Array(PG_GETARG_DATUM(1));
  core::CheckFeatureCount(model, features.count);
  if (features.has_null) return std::nullopt;
  const auto nearest = core::Predict(model, features.values);
  if (!nearest) return std::nullopt;
  return nearest->cluster;
}

Datum PredictNumber(FunctionCallInfo fcinfo, NamedBy by) {
  const auto cluster = PredictRow(fcinfo, ModelCache::Of(fcinfo), by);
  fcinfo->isnull = !cluster;
  return Int32GetDatum(cluster.value_or(0) + 1);
}

Datum PredictName(FunctionCallInfo fcinfo, NamedBy by) {
  auto& cache = ModelCache::Of(fcinfo);
  const auto cluster = PredictRow(fcinfo, cache, by);
  fcinfo->isnull = !cluster;
  if (!cluster) return Datum{0};
  const auto& name = cache.ClusterName(*cluster);
  return pg::Call([characters = name.data(), length = static_cast<int>(name.size())] {
    return PointerGetDatum(cstring_to_text_with_len(characters, length));
  });
}

// {"recency": 12.5, …}; what does not exist is null.
std::string ByFeature(const core::KMeansModel& model, const core::Matrix& values, std::size_t cluster) {
  core::Json object = core::Json::object();
  for (std::size_t j = 0; j < model.FeatureCount(); ++j) {
    const double value = values(static_cast<Eigen::Index>(cluster), static_cast<Eigen::Index>(j));
    object[model.features[j]] = std::isnan(value) ? core::Json(nullptr) : core::EncodeNumber(value);
  }
  return pg::JsonbText(object);
}

std::int64_t MemberCount(const core::KMeansModel& model) {
  return std::accumulate(model.sizes.begin(), model.sizes.end(), std::int64_t{0});
}

core::KMeansModel Load(const pg::ModelKey& key) {
  pg::Spi spi;
  return pg::LoadKMeansModel(spi, key);
}

Datum Clusters(FunctionCallInfo fcinfo, const pg::ModelKey& key) {
  RowSink sink(fcinfo);
  const auto model = Load(key);
  const auto members = static_cast<double>(MemberCount(model));
  for (std::size_t i = 0; i < model.ClusterCount(); ++i) {
    sink.Int32(static_cast<std::int32_t>(i + 1)).Text(pg::FromUtf8(model.names[i])).Int64(model.sizes[i]);
    if (members > 0) {
      sink.Float8(static_cast<double>(model.sizes[i]) / members);
    } else {
      sink.Null();
    }
    sink.Jsonb(ByFeature(model, model.centers, i));
    if (model.means.rows() > 0) {
      sink.Jsonb(ByFeature(model, model.means, i));
    } else {
      sink.Null();
    }
    sink.EndRow();
  }
  return sink.Done();
}

Datum Evaluate(FunctionCallInfo fcinfo, const pg::ModelKey& key) {
  RowSink sink(fcinfo);
  const auto model = Load(key);
  const auto& metrics = model.metrics;
  const auto defined = [](double value) {
    return std::isnan(value) ? std::nullopt : std::optional<double>(value);
  };
  sink.Int32(static_cast<std::int32_t>(model.ClusterCount()))
      .Int64(MemberCount(model))
      .Float8(defined(metrics.inertia))
      .Float8(defined(metrics.silhouette));
  if (metrics.silhouette_sample > 0) {
    sink.Int64(metrics.silhouette_sample);
  } else {
    sink.Null();
  }
  sink.Float8(defined(metrics.davies_bouldin)).Float8(defined(metrics.calinski_harabasz));
  sink.EndRow();
  return sink.Done();
}

}  // namespace
}  // namespace ecomm::fn

ECOMM_FUNCTION(ecomm_kmeans_predict) {
  return Entry([&] { return ecomm::fn::PredictNumber(fcinfo, ecomm::fn::NamedBy::kId); });
}

ECOMM_FUNCTION(ecomm_kmeans_predict_named) {
  return Entry([&] { return ecomm::fn::PredictNumber(fcinfo, ecomm::fn::NamedBy::kName); });
}

ECOMM_FUNCTION(ecomm_kmeans_predict_name) {
  return Entry([&] { return ecomm::fn::PredictName(fcinfo, ecomm::fn::NamedBy::kId); });
}

ECOMM_FUNCTION(ecomm_kmeans_predict_name_named) {
  return Entry([&] { return ecomm::fn::PredictName(fcinfo, ecomm::fn::NamedBy::kName); });
}

ECOMM_FUNCTION(ecomm_kmeans_clusters) {
  return Entry([&] { return ecomm::fn::Clusters(fcinfo, PG_GETARG_INT64(0)); });
}

ECOMM_FUNCTION(ecomm_kmeans_clusters_named) {
  return Entry([&] { return ecomm::fn::Clusters(fcinfo, *Arguments(fcinfo).Text(0)); });
}

ECOMM_FUNCTION(ecomm_kmeans_evaluate) {
  return Entry([&] { return ecomm::fn::Evaluate(fcinfo, PG_GETARG_INT64(0)); });
}

ECOMM_FUNCTION(ecomm_kmeans_evaluate_named) {
  return Entry([&] { return ecomm::fn::Evaluate(fcinfo, *Arguments(fcinfo).Text(0)); });
}
