// The search for the orders of an ARMA process, differences given.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "arima_design.hpp"
#include "arima_estimate.hpp"
#include "ecomm_analytics/core/arima_auto.hpp"

namespace ecomm::core {

struct ArimaCandidate {
  ArimaOrder order;
  bool constant = false;
  double criterion = 0;  // infinite where the model is left out
  std::vector<double> free;
};

// Whether all roots are far enough outside the unit circle, those of seasonal polynomials as of lags that are
// whole periods.
bool FarFromUnitRoots(const ArimaCoefficients& coefficients);

// The value to be least, of `used` differences and `coefficients` estimated; infinite where there are too
// few.
double CriterionOf(EtsCriterion criterion, double loglik, std::size_t used, std::size_t coefficients);

class ArimaStepwise {
 public:
  // `options` hold the limits as they apply to the series, and both differences. `conditional`: compare by
  // conditional least squares.
  ArimaStepwise(std::span<const double> y, const MatrixView& regressors, const AutoArimaOptions& options,
                bool constant, bool conditional);

  // Everything that was fitted, best first.
  std::vector<ArimaCandidate> Run();

 private:
  struct Place {
    int p, q, seasonal_p, seasonal_q;
    bool constant;
    bool operator==(const Place&) const = default;
  };

  // Whether the place is new, allowed, and better than the best so far.
  bool Try(const Place& place);
  // Whether a neighbour is better than the best so far; up to the first that is, unless `all`.
  bool TryNeighbours(std::size_t of, bool all);
  void TrySteps();
  void TryAll();
  ArimaCandidate Fit(const Place& place);
  const ArimaDesign& Design(bool constant);

  std::span<const double> y_;
  const MatrixView& regressors_;
  const AutoArimaOptions& options_;
  bool may_be_constant_;
  bool conditional_;
  std::unique_ptr<ArimaDesign> designs_[2];
  std::unique_ptr<ArimaSearch> search_;
  std::vector<Place> tried_;
  std::vector<ArimaCandidate> candidates_;
  std::size_t best_ = 0;
};

}  // namespace ecomm::core
