#include "regression_effects.hpp"

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

std::optional<ArimaModel> Fit(std::span<const double> y, const MatrixView& regressors, int period) {
  ArimaOptions options;
  options.order = {.p = 0, .d = 1, .q = 1, .seasonal_p = 0, .seasonal_d = 0, .seasonal_q = 0};
  if (period > 1) {
    options.order.seasonal_d = 1;
    options.order.seasonal_q = 1;
    options.period = period;
  }
  try {
    return FitArima(y, regressors, options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableData) throw;
    return std::nullopt;
  }
}

// Whether a column repeats itself season by season, so that a seasonal difference leaves nothing of it.
bool Repeats(const Matrix& regressors, int period) {
  for (Eigen::Index k = 0; k < regressors.cols(); ++k) {
    const auto column = regressors.col(k);
    if ((column.array() == column(0)).all()) continue;
    const Eigen::Index later = regressors.rows() - period;
    if (column.head(later) == column.tail(later)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::vector<double>> EstimateEffects(std::span<const double> y, const Matrix& regressors,
                                                   int period) {
  const Matrix past = regressors.topRows(static_cast<Eigen::Index>(y.size()));
  // Three turns of a season leave two after its difference.
  const bool seasonal =
      period > 1 && y.size() >= 3 * static_cast<std::size_t>(period) && !Repeats(past, period);
  std::optional<ArimaModel> model = Fit(y, past, seasonal ? period : 1);
  if (!model) return std::nullopt;
  const std::vector<double>& of_columns = model->coefficients.regressors;
  const Vector effects =
      regressors * Eigen::Map<const Vector>(of_columns.data(), static_cast<Eigen::Index>(of_columns.size()));
  return std::vector<double>(effects.begin(), effects.end());
}

}  // namespace ecomm::core
