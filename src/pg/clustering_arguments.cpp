#include "ecomm_analytics/pg/clustering_arguments.hpp"

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::pg {

FeatureOptions ReadFeatureOptions(const Arguments& arguments, int source, int features, int as_of) {
  FeatureOptions options;
  options.source = arguments.ObjectId(source).value_or(InvalidOid);
  options.features = arguments.TextArray(features, "features")
                         .value_or(std::vector<std::string>{"recency", "frequency", "monetary"});
  options.as_of = ReadAsOf(arguments, as_of);
  return options;
}

std::optional<Timestamp> ReadAsOf(const Arguments& arguments, int as_of) {
  if (arguments.IsNull(as_of)) return std::nullopt;
  const Timestamp moment = DatumGetTimestamp(arguments.Value(as_of));
  if (TIMESTAMP_NOT_FINITE(moment)) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "as_of must be a finite timestamp");
  }
  return moment;
}

}  // namespace ecomm::pg
