// The names shops give their columns, by role, in tiers from telling to vague.
#pragma once

#include <string_view>
#include <vector>

#include "ecomm_analytics/core/roles.hpp"

namespace ecomm::core {

// Each tier is a list of names separated by spaces; compare after NormalizeName. The first tier is the best.
const std::vector<std::string_view>& NameTiers(Role role);

}  // namespace ecomm::core
