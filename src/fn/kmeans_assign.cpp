// kmeans_assign(): a stored model applied to a whole relation.

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/clustering_arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/model_store.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

pg::ModelKey ReadModelKey(FunctionCallInfo fcinfo, int i) {
  const pg::Arguments arguments(fcinfo);
  if (arguments.IsNull(i)) throw core::Error(core::ErrorCode::kInvalidArgument, "model must not be NULL");
  if (get_fn_expr_argtype(fcinfo->flinfo, i) == TEXTOID) return *arguments.Text(i);
  return *arguments.Int64(i);
}

// Arguments from `first` on: (model, source regclass, key_column text, as_of timestamp).
Datum Assign(FunctionCallInfo fcinfo, int first) {
  pg::RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::Arguments arguments(fcinfo);
  const core::KMeansModel model = pg::LoadKMeansModel(spi, ReadModelKey(fcinfo, first));
  std::vector<std::string> names;
  for (const auto& name : model.names) names.push_back(pg::FromUtf8(name));
  std::vector<std::string> features;
  for (const auto& feature : model.features) features.push_back(pg::FromUtf8(feature));
  pg::FeatureReading reading(spi, {.source = arguments.ObjectId(first + 1).value_or(InvalidOid),
                                   .features = features,
                                   .as_of = pg::ReadAsOf(arguments, first + 3),
                                   .key_column = arguments.Text(first + 2),
                                   .key_type = sink.TypeOf(0),
                                   .with_keys = true});
  reading.ForEach([&](std::span<const double> row, std::optional<Datum> key) {
    if (key) {
      sink.Value(*key);
    } else {
      sink.Null();
    }
    const auto prediction = core::Predict(model, row);
    if (prediction) {
      sink.Int32(prediction->cluster + 1)
          .Text(names[static_cast<std::size_t>(prediction->cluster)])
          .Float8(prediction->distance);
    } else {
      sink.Null().Null().Null();
    }
    sink.EndRow();
  });
  return sink.Done();
}

}  // namespace

// (model bigint or text, source regclass, key_column text, as_of timestamp)
ECOMM_FUNCTION(ecomm_kmeans_assign) {
  return pg::Entry([&] { return Assign(fcinfo, 0); });
}

// (key anyelement, then as above)
ECOMM_FUNCTION(ecomm_kmeans_assign_keyed) {
  return pg::Entry([&] { return Assign(fcinfo, 1); });
}

}  // namespace ecomm::fn
