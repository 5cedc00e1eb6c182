// kmeans_select_k(), cluster_ward(), cluster_dbscan() and cluster_compare().

#include "ecomm_analytics/core/canonical_order.hpp"
#include "ecomm_analytics/core/cluster_compare.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/kmeans_training.hpp"
#include "ecomm_analytics/core/select_k.hpp"
#include "ecomm_analytics/core/ward.hpp"
#include "ecomm_analytics/pg/clustering_arguments.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/key_list.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {
namespace {

using pg::Arguments;
using pg::RowSink;

core::Transform ReadTransform(const Arguments& arguments, int i) {
  return core::ParseTransform(arguments.Text(i).value_or("boxcox"));
}

core::PreparedFeatures ReadPrepared(const pg::FeatureOptions& options, core::Transform transform) {
  pg::Spi spi;
  pg::FeatureReading reading(spi, options);
  const pg::FeatureTable table = pg::LoadFeatures(reading, options.features, transform);
  pg::NoticeLeftOut(table);
  return core::PrepareFeatures(table.view(), options.features, transform);
}

// All rows of a source with their keys, those that can be clustered apart.
class KeyedRows {
 public:
  KeyedRows(const pg::FeatureOptions& options, core::Transform transform) : keys_(options.key_type) {
    pg::Spi spi;
    pg::FeatureReading reading(spi, options);
    table_.columns = options.features.size();
    reading.ForEach([&](std::span<const double> row, std::optional<Datum> key) {
      MakeRoom(row.size());
      const bool usable = std::all_of(row.begin(), row.end(), [&](double value) {
        return core::Classify(transform, value) == core::Unusable::kNone;
      });
      keys_.Add(key);
      usable_.push_back(usable);
      if (usable) table_.values.insert(table_.values.end(), row.begin(), row.end());
    });
  }

  Eigen::Map<const core::Matrix> view() const { return table_.view(); }

  // `labels` has one entry per usable row, in the order they came.
  void Put(RowSink& sink, const std::vector<std::int32_t>& labels) const {
    std::size_t next = 0;
    for (std::size_t i = 0; i < usable_.size(); ++i) {
      if (keys_[i]) {
        sink.Value(*keys_[i]);
      } else {
        sink.Null();
      }
      if (usable_[i]) {
        const std::int32_t label = labels[next++];
        sink.Int32(label == core::kNoiseLabel ? label : label + 1);
      } else {
        sink.Null();
      }
      sink.EndRow();
    }
  }

 private:
  void MakeRoom(std::size_t width) {
    if (usable_.size() < usable_.capacity()) return;
    const std::size_t capacity = std::max<std::size_t>(usable_.capacity() * 2, 1024);
    core::RequireMemory(capacity * width * sizeof(double), "rows to cluster");
    usable_.reserve(capacity);
    table_.values.reserve(capacity * width);
  }

  pg::FeatureTable table_;
  pg::KeyList keys_;
  std::vector<bool> usable_;
};

// Clusters the usable rows of a source in canonical order with `label(scaled)`, numbers the clusters from the
// best, and hands out every row.
template <typename Label>
Datum LabelRows(FunctionCallInfo fcinfo, pg::FeatureOptions options, core::Transform transform, Label label) {
  RowSink sink(fcinfo);
  options.key_type = sink.TypeOf(0);
  options.with_keys = true;
  const KeyedRows rows(options, transform);
  const core::PreparedFeatures prepared = core::PrepareFeatures(rows.view(), options.features, transform);
  std::vector<std::int32_t> labels = label(prepared.scaled);
  core::NumberByValue(prepared.scaled, core::DefaultValueWeights(options.features), &labels);
  const std::vector<std::uint32_t> order = core::CanonicalOrder(rows.view());
  std::vector<std::int32_t> in_place(labels.size());
  for (std::size_t i = 0; i < order.size(); ++i) in_place[order[i]] = labels[i];
  rows.Put(sink, in_place);
  return sink.Done();
}

core::DbscanOptions ReadDbscanOptions(const Arguments& arguments, int eps, int min_points) {
  core::DbscanOptions options;
  options.eps = arguments.Float8(eps).value_or(options.eps);
  options.min_points = arguments.Int32(min_points).value_or(options.min_points);
  core::CheckOptions(options);
  return options;
}

// Arguments from `first` on, as cluster_ward takes them.
Datum Ward(FunctionCallInfo fcinfo, int first) {
  const Arguments arguments(fcinfo);
  const int k = arguments.Int32(first + 1).value_or(3);
  const core::Transform transform = ReadTransform(arguments, first + 3);
  pg::FeatureOptions options = pg::ReadFeatureOptions(arguments, first, first + 2, first + 5);
  options.key_column = arguments.Text(first + 4);
  options.keyed_function = "cluster_ward_keyed";
  return LabelRows(fcinfo, options, transform,
                   [k](const core::Matrix& scaled) { return core::Ward(scaled, k); });
}

// Arguments from `first` on, as cluster_dbscan takes them.
Datum Dbscan(FunctionCallInfo fcinfo, int first) {
  const Arguments arguments(fcinfo);
  const core::DbscanOptions dbscan = ReadDbscanOptions(arguments, first + 1, first + 2);
  const core::Transform transform = ReadTransform(arguments, first + 4);
  pg::FeatureOptions options = pg::ReadFeatureOptions(arguments, first, first + 3, first + 6);
  options.key_column = arguments.Text(first + 5);
  options.keyed_function = "cluster_dbscan_keyed";
  return LabelRows(fcinfo, options, transform,
                   [&](const core::Matrix& scaled) { return core::Dbscan(scaled, dbscan).labels; });
}

}  // namespace

// (source regclass, k_min integer, k_max integer, features text[], transform text, n_init integer,
//  max_iter integer, tol float8, seed bigint, as_of timestamp)
ECOMM_FUNCTION(ecomm_kmeans_select_k) {
  return pg::Entry([&]() -> Datum {
    const Arguments arguments(fcinfo);
    core::SelectKOptions options;
    options.k_min = arguments.Int32(1).value_or(options.k_min);
    options.k_max = arguments.Int32(2).value_or(options.k_max);
    core::KMeansOptions& kmeans = options.kmeans;
    kmeans.n_init = arguments.Int32(5).value_or(kmeans.n_init);
    kmeans.max_iter = arguments.Int32(6).value_or(kmeans.max_iter);
    kmeans.tol = arguments.Float8(7).value_or(kmeans.tol);
    kmeans.seed = static_cast<std::uint64_t>(arguments.Int64(8).value_or(42));
    core::CheckOptions(options);
    const core::Transform transform = ReadTransform(arguments, 4);
    RowSink sink(fcinfo);
    const auto prepared = ReadPrepared(pg::ReadFeatureOptions(arguments, 0, 3, 9), transform);
    for (const core::SelectKRow& row : core::SelectK(prepared.scaled, options)) {
      sink.Int32(row.k);
      for (const double value : {row.metrics.inertia, row.metrics.silhouette, row.metrics.davies_bouldin,
                                 row.metrics.calinski_harabasz, row.gap, row.gap_error}) {
        sink.Defined(value);
      }
      sink.Bool(row.recommended).EndRow();
    }
    return sink.Done();
  });
}

// (source regclass, k integer, features text[], transform text, key_column text, as_of timestamp)
ECOMM_FUNCTION(ecomm_cluster_ward) {
  return pg::Entry([&] { return Ward(fcinfo, 0); });
}

// (key anyelement, then as above)
ECOMM_FUNCTION(ecomm_cluster_ward_keyed) {
  return pg::Entry([&] { return Ward(fcinfo, 1); });
}

// (source regclass, eps float8, min_points integer, features text[], transform text, key_column text,
//  as_of timestamp)
ECOMM_FUNCTION(ecomm_cluster_dbscan) {
  return pg::Entry([&] { return Dbscan(fcinfo, 0); });
}

// (key anyelement, then as above)
ECOMM_FUNCTION(ecomm_cluster_dbscan_keyed) {
  return pg::Entry([&] { return Dbscan(fcinfo, 1); });
}

// (source regclass, k integer, eps float8, min_points integer, features text[], transform text, seed bigint,
//  as_of timestamp)
ECOMM_FUNCTION(ecomm_cluster_compare) {
  return pg::Entry([&]() -> Datum {
    const Arguments arguments(fcinfo);
    core::KMeansOptions kmeans;
    kmeans.k = arguments.Int32(1).value_or(kmeans.k);
    kmeans.seed = static_cast<std::uint64_t>(arguments.Int64(6).value_or(42));
    core::CheckOptions(kmeans);
    const core::DbscanOptions dbscan = ReadDbscanOptions(arguments, 2, 3);
    const core::Transform transform = ReadTransform(arguments, 5);
    const pg::FeatureOptions options = pg::ReadFeatureOptions(arguments, 0, 4, 7);
    RowSink sink(fcinfo);
    const auto prepared = ReadPrepared(options, transform);
    for (const core::ComparedMethod& entry :
         core::CompareMethods(prepared.scaled, core::DefaultValueWeights(options.features), kmeans, dbscan)) {
      sink.Text(entry.method)
          .Int32(static_cast<std::int32_t>(entry.sizes.size()))
          .Int64(entry.noise)
          .Int64Array(entry.sizes);
      sink.Defined(entry.silhouette);
      sink.Defined(entry.davies_bouldin);
      sink.Defined(entry.calinski_harabasz);
      sink.EndRow();
    }
    return sink.Done();
  });
}

}  // namespace ecomm::fn
