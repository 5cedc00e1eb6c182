// kmeans_train(): from a sale table, or any relation with numeric columns, to a stored model.

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/kmeans_training.hpp"
#include "ecomm_analytics/pg/clustering_arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/model_store.hpp"

namespace ecomm::fn {
namespace {

// (source regclass, k integer, features text[], transform text, name text, cluster_names text[], n_init
// integer,
//  max_iter integer, tol float8, seed bigint, as_of timestamp, value_weights float8[], activate boolean)
core::KMeansTrainingOptions ReadOptions(const pg::Arguments& arguments) {
  core::KMeansTrainingOptions options;
  core::KMeansOptions& kmeans = options.kmeans;
  kmeans.k = arguments.Int32(1).value_or(kmeans.k);
  options.transform = core::ParseTransform(arguments.Text(3).value_or("boxcox"));
  options.cluster_names = arguments.TextArray(5, "cluster_names").value_or(std::vector<std::string>{});
  for (auto& name : options.cluster_names) name = pg::ToUtf8(name);
  kmeans.n_init = arguments.Int32(6).value_or(kmeans.n_init);
  kmeans.max_iter = arguments.Int32(7).value_or(kmeans.max_iter);
  kmeans.tol = arguments.Float8(8).value_or(kmeans.tol);
  kmeans.seed = static_cast<std::uint64_t>(arguments.Int64(9).value_or(42));
  options.value_weights = arguments.Float8Array(11).value_or(std::vector<double>{});
  return options;
}

}  // namespace

ECOMM_FUNCTION(ecomm_kmeans_train) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    const core::KMeansTrainingOptions options = ReadOptions(arguments);
    const pg::FeatureOptions feature_options = pg::ReadFeatureOptions(arguments, 0, 2, 10);
    if (arguments.IsNull(4)) throw core::Error(core::ErrorCode::kInvalidArgument, "name must not be NULL");
    pg::CheckModelName(*arguments.Text(4));
    core::CheckTrainingOptions(feature_options.features, options);
    pg::Spi spi;
    pg::FeatureReading reading(spi, feature_options);
    const pg::FeatureTable table = pg::LoadFeatures(reading, feature_options.features, options.transform);
    pg::NoticeLeftOut(table);
    std::vector<std::string> names;
    for (const auto& feature : feature_options.features) names.push_back(pg::ToUtf8(feature));
    core::KMeansModel model = core::TrainKMeans(table.view(), names, options);
    model.training->rows = table.rows;
    model.training->left_out = table.left_out;
    const pg::NewModel target{.name = *arguments.Text(4),
                              .source = reading.source_name(),
                              .activate = arguments.Bool(12).value_or(true)};
    PG_RETURN_INT64(pg::SaveModel(spi, target, pg::DocumentOf(model)));
  });
}

}  // namespace ecomm::fn
