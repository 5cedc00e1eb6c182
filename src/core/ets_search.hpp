// The most likely parameters and initial states of one form.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

struct EtsSolution {
  EtsParameters parameters;
  std::vector<double> states;  // as EtsLikelihood takes them
  double value = 0;            // EtsLikelihood's; infinite where the form does not fit the series at all
};

// The ranges narrowed to those that can hold together (beta <= alpha, gamma <= 1 - alpha) for the form.
// Throws Error(kInvalidArgument) where nothing is left of one.
EtsOptions FeasibleRanges(const EtsOptions& options, const EtsForm& form);

// How many of the form's parameters and initial states are estimated within the ranges.
std::size_t EstimatedCount(const EtsForm& form, const EtsOptions& options);

// `y` scaled to about 1; `effort`: how many of the most promising starts are followed.
EtsSolution SearchEts(std::span<const double> y, const EtsForm& form, const EtsOptions& options, int effort);

}  // namespace ecomm::core
