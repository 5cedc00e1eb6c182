// Forecasts of series and of their sums made to agree: the forecast of a sum becomes the sum of the
// forecasts.
#pragma once

#include <string_view>

#include "ecomm_analytics/core/hierarchy.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// All but the first give the coherent forecasts nearest to the base forecasts, distances weighed by what is
// taken to be the variance of their errors: Wickramasuriya, Athanasopoulos & Hyndman 2019,
// doi:10.1080/01621459.2018.1448825.
enum class Reconciliation {
  kBottomUp,       // the bottom forecasts and their sums
  kOls,            // all variances equal
  kWlsStructural,  // the variance of a series is the number of its bottom series
  kWlsVariance,    // the mean square of its residuals
  kMintShrink,     // the covariance of the residuals, shrunk towards its diagonal
};

// 'bottom_up', 'ols', 'wls_struct', 'wls_var', 'mint'. Anything else throws Error(kInvalidArgument).
Reconciliation ParseReconciliation(std::string_view text);
std::string_view Name(Reconciliation method) noexcept;

struct ReconcileOptions {
  Reconciliation method = Reconciliation::kMintShrink;
  bool non_negative = false;  // sales: no forecast may fall below 0
};

// Rows are the series in the hierarchy's order: aggregates, then bottom series.
struct BaseForecasts {
  Matrix mean;       // a column per step
  Matrix spread;     // as mean: standard deviations, or half widths of an interval; or empty
  Matrix residuals;  // one-step errors, a column per time; NaN where there is none; or empty
};

struct ReconciledForecasts {
  Matrix mean;           // each aggregate is the sum of its bottom series
  Matrix spread;         // in the unit of the base spread; empty without that
  double shrinkage = 1;  // the weight of the diagonal in the correlation of the residuals, 0 to 1
};

// Residuals weigh by their own mean squares, missing ones left out; they count as 0 in correlations. A series
// without any is taken to have the average variance per bottom series times the number of its own; where no
// series has one, the weights are structural. A series whose residuals are all 0 is kept as it is, as far as
// it can be. The intensity of shrinking is that of Schäfer & Strimmer 2005, doi:10.2202/1544-6115.1175, as
// the paper on reconciliation applies it.
//
// Non-negative: where a bottom forecast would fall below 0, the coherent forecasts without negative values
// that are nearest to the reconciled ones (as weighed by the method, but for kMintShrink by the variances
// alone), by alternating projections (Boyle & Dykstra 1986, doi:10.1007/978-1-4613-9940-7_3); what these
// leave below 0, and all that is with kBottomUp, is then cut off at 0 and summed up.
//
// The spread is that of the reconciled forecasts if base forecasts have errors with the base spread and the
// shrunk correlation of their residuals, whatever the method weighs by; without residuals, uncorrelated. It
// is exact for up to eight steps, fewer of large hierarchies; those between are interpolated by how much
// wider or narrower than its base a series becomes. It doesn't know of values cut off at 0.
//
// Time grows with the cube of the number of aggregates, and with the product of it with the numbers of bottom
// series and of residuals; memory with its square, and with series times residuals. Throws
// Error(kInvalidArgument) for matrices that do not fit the hierarchy or one another; Error(kUnusableData) for
// forecasts or spreads that are not finite, negative spreads and infinite residuals; Error(kNumericRange) for
// results or magnitudes of residuals that cannot be represented; Error(kMemoryLimit).
ReconciledForecasts Reconcile(const Hierarchy& hierarchy, const BaseForecasts& base,
                              const ReconcileOptions& options = {});

}  // namespace ecomm::core
