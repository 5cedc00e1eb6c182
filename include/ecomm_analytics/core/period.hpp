// The seasonal periods of a series found from its values, and why.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"

namespace ecomm::core {

// The periods worth testing at a grain: 7 and 365.25 days, 52.18 weeks, 12 months, 4 quarters. Months in
// days are not among them: their lengths differ, so they have no period.
std::vector<double> CustomaryPeriods(Grain grain);

struct PeriodOptions {
  // In observations, each ≥ 2; tested in this order, each on what the significant ones before it leave over.
  // Empty: peaks of the autocorrelations at lags up to a third of the length, up to five of them, until one
  // is significant. Several seasons are found only among candidates.
  std::vector<double> candidates = {};
  double alpha = 0.01;  // divided by the number of lags looked at where there are no candidates
};

// What speaks for a period. Where the series has not more than two of it, nothing is tested: NaN.
struct PeriodEvidence {
  double period = 1;
  double f = 0;  // analysis of variance of the innovations' ranks by phase, as for `p_value`
  double p_value = 1;
  double strength = 0;  // of the season as Stl() with a seasonal window of 11 finds it; noise has about 0.2
  double acf = 0;       // at the lag of one period, of the series without that trend
  bool significant = false;
};

struct PeriodSearch {
  std::vector<PeriodEvidence> candidates;  // as they were tested
  std::vector<double> periods;             // the significant ones, ascending; 1 alone where there are none
};

// A period counts as seasonal if the phases differ by more than their own past explains: an autoregression is
// fitted beside the phases, and its innovations are ranked and compared by an analysis of variance (the
// prewhitening as in the combined test of Ollech & Webel 2020, doi:10.2139/ssrn.3721055). So a trend, a
// random walk and a cycle of varying length such as that of the lynx are no seasons. On white noise and
// autoregressions about 1 % of the tests are significant at alpha = 0.01, but up to 6 % where there are only
// two or three periods; fewer than ten turns of a pronounced cycle may pass for a season.
// No series is too short: what cannot be tested is not found. Throws Error(kInvalidArgument) for candidates
// below 2 and alpha outside 0 to 1; Error(kUnusableData) for NaN and infinities; Error(kNumericRange) for
// magnitudes above 1e150; Error(kMemoryLimit): it needs up to 192 bytes per observation.
PeriodSearch FindPeriods(std::span<const double> y, const PeriodOptions& options = {});

}  // namespace ecomm::core
