// Rows of numeric features: the RFM values of a sale table's customers, or the columns of any relation.
#pragma once

#include <functional>
#include <map>

#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/transform.hpp"
#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

struct FeatureOptions {
  Oid source = InvalidOid;  // InvalidOid: RFM of the bound or default sale relation
  std::vector<std::string> features;
  std::optional<Timestamp> as_of;         // for RFM
  std::optional<std::string> key_column;  // default: customer_id, else id, else the relation has no key
  Oid key_type = INT8OID;
  bool with_keys = false;
  // The call a hint names where keys do not fit key_type.
  const char* keyed_function = "kmeans_assign_keyed";
};

class FeatureReading {
 public:
  // A relation that has all the features as numeric columns is read as it is; else, where the features are
  // among recency, frequency and monetary, it is taken for a sale table and RFM is computed first. Errors:
  // 42703 a column is missing, 42804 it is no number, 42601-class errors of the relation itself.
  FeatureReading(Spi& spi, const FeatureOptions& options);

  // NULL is NaN. `key` is a datum of options.key_type (0 without keys), unset where it is NULL; valid during
  // the visit.
  using Visit = std::function<void(std::span<const double> row, std::optional<Datum> key)>;
  void ForEach(const Visit& visit);

  // The qualified name of what was read; for the default sale relation known after ForEach.
  const std::string& source_name() const { return source_name_; }

 private:
  void CheckRfmOptions() const;
  void ForEachRfm(const Visit& visit);
  void ForEachRow(const Visit& visit);

  Spi& spi_;
  FeatureOptions options_;
  std::string source_name_;
  std::string select_;  // empty: RFM
  Oid read_key_type_ = InvalidOid;
};

// The rows a transform can take, and how many it cannot, by reason ("monetary not positive").
struct FeatureTable {
  std::vector<double> values;  // row-major
  std::size_t columns = 0;
  std::int64_t rows = 0;  // used or not
  std::map<std::string, std::int64_t> left_out;

  Eigen::Map<const core::Matrix> view() const {
    return {values.data(), static_cast<Eigen::Index>(values.size() / columns),
            static_cast<Eigen::Index>(columns)};
  }
};
// `each` is told of every row as it is read: whether it is used, and its key.
FeatureTable LoadFeatures(FeatureReading& reading, const std::vector<std::string>& features,
                          core::Transform transform,
                          const std::function<void(bool used, std::optional<Datum> key)>& each = {});

// A NOTICE that says how many rows were left out and why; nothing where none was.
void NoticeLeftOut(const FeatureTable& table);

}  // namespace ecomm::pg
