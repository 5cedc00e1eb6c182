// Logs of sale lines as they come in arguments.
#pragma once

#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// bytea[]; NULLs, which are logs of no line, are left out. The bytes live as long as the call.
std::vector<std::string_view> LogArguments(const Arguments& arguments, int i);

}  // namespace ecomm::pg
