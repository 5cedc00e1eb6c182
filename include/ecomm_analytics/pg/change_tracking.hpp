// What the triggers of ecomm_track do.
#pragma once

#include <array>

#include "ecomm_analytics/pg/prelude.hpp"

extern "C" {
#include "commands/trigger.h"
}

namespace ecomm::pg {

// The settings that bound expressions may depend on. The triggers' arguments are the checksum of the bound
// relation's partitions, and these if lines do depend on them: so they are read alike whatever the writer's
// are.
inline constexpr std::array<const char*, 2> kTrackedSettings = {"TimeZone", "DateStyle"};

// For statements on the sale table. Logs the changed lines; where that is not possible, or would cost more
// than to build the summaries anew, that they must be. Never fails because of the lines.
void TrackLines(const TriggerData& trigger);

// For statements on the tables of customers, products and states: the trigger's argument says which.
// Does nothing for a table that is not bound as such, unless it is ecomm.cleaning_rule.
void TrackDimension(const TriggerData& trigger);

// Has the next refresh build everything anew. 42501 unless the caller owns the bound relation, or
// ecomm._change.
void RequestRebuild(const std::string& why);

}  // namespace ecomm::pg
