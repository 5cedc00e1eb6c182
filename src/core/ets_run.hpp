// One step of an exponential smoothing model, for those who run it forward.
#pragma once

#include <cstddef>
#include <span>

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

// The next observation's forecast without its season, and what the trend contributes to it: a sum's part, or
// a factor.
struct EtsBaseline {
  double base = 0;
  double growth = 0;
};

EtsBaseline EtsBase(const EtsForm& form, double phi, const EtsState& state);

// With the season that stands at `phase`.
double EtsForecast(const EtsForm& form, const EtsBaseline& base, const EtsState& state, std::size_t phase);

// Moves the state over an observation that was `error` above its forecast, in units of the series. The season
// stays where it is: the caller's phase goes round.
void CorrectEts(const EtsForm& form, const EtsParameters& parameters, const EtsBaseline& before, double error,
                std::size_t phase, EtsState* state);

// Throws where RunEts does for a model that is not whole.
void RequireWholeEts(const EtsForm& form, int period, const EtsState& state);

// Throws Error(kUnusableData) for NaN, infinities and what is not positive where the form needs that, naming
// the position, counted from `before`; Error(kNumericRange) for too large a magnitude.
void RequireEtsSeries(std::span<const double> y, const EtsForm& form, std::size_t before);

}  // namespace ecomm::core
