// The arguments that every function on rows of features shares.
#pragma once

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/feature_source.hpp"

namespace ecomm::pg {

// Reads (source regclass, features text[], as_of timestamp) from where they stand in the call.
FeatureOptions ReadFeatureOptions(const Arguments& arguments, int source, int features, int as_of);

std::optional<Timestamp> ReadAsOf(const Arguments& arguments, int as_of);

}  // namespace ecomm::pg
