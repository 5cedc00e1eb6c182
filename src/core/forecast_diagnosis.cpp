#include "ecomm_analytics/core/forecast_diagnosis.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/autocorrelation.hpp"

namespace ecomm::core {
namespace {

// With the residuals scaled to standard deviations.
void TestNormality(std::span<const double> residuals, double mean, double deviation,
                   ForecastDiagnosis* diagnosis) {
  const auto n = static_cast<double>(residuals.size());
  double squares = 0;
  double cubes = 0;
  double fourths = 0;
  for (const double residual : residuals) {
    const double z = (residual - mean) / deviation;
    squares += z * z;
    cubes += z * z * z;
    fourths += z * z * z * z;
  }
  const double variance = squares / n;
  const double skewness = cubes / n / std::pow(variance, 1.5);
  const double excess = fourths / n / (variance * variance) - 3;
  diagnosis->jarque_bera = n / 6 * (skewness * skewness + excess * excess / 4);
  // A chi-squared with two degrees of freedom.
  diagnosis->jarque_bera_p = std::exp(-*diagnosis->jarque_bera / 2);
}

void TestIndependence(std::span<const double> residuals, std::optional<int> season,
                      ForecastDiagnosis* diagnosis) {
  diagnosis->autocorrelation = Acf(residuals, {.lags = 1})[1];
  constexpr std::size_t kLeast = 5;
  if (residuals.size() < kLeast) return;
  PortmanteauOptions options;
  if (season && *season > 1) options.period = season;
  const PortmanteauTest last = Portmanteau(residuals, options).back();
  diagnosis->lags = last.lag;
  diagnosis->ljung_box = last.ljung_box;
  diagnosis->ljung_box_p = last.ljung_box_p;
}

}  // namespace

ForecastDiagnosis DiagnoseForecast(std::span<const double> y, const ForecastRequest& request,
                                   const SeriesCalendar& calendar) {
  ForecastRequest fit = request;
  fit.options = {.horizon = 0, .levels = {}};
  const StatedForecast stated = ForecastSeries(y, fit, calendar);
  ForecastDiagnosis diagnosis;
  diagnosis.method = stated.forecast.method;
  diagnosis.status = stated.status;
  std::vector<double> residuals = stated.forecast.residuals;
  for (std::size_t i = 0; i < calendar.never.size() && i < residuals.size(); ++i) {
    if (calendar.never[i]) residuals[i] = std::nan("");
  }
  residuals.erase(std::remove_if(residuals.begin(), residuals.end(), [](double r) { return std::isnan(r); }),
                  residuals.end());
  diagnosis.residuals = residuals.size();
  if (residuals.empty()) return diagnosis;
  const auto n = static_cast<double>(residuals.size());
  double mean = 0;
  for (const double residual : residuals) mean += residual / n;
  diagnosis.mean = mean;
  if (residuals.size() < 2) return diagnosis;
  double largest = 0;
  for (const double residual : residuals) largest = std::max(largest, std::abs(residual - mean));
  double squares = 0;
  for (const double residual : residuals) {
    const double share = largest == 0 ? 0 : (residual - mean) / largest;
    squares += share * share;
  }
  diagnosis.deviation = largest * std::sqrt(squares / (n - 1));
  const bool same = std::all_of(residuals.begin(), residuals.end(),
                                [&](double residual) { return residual == residuals.front(); });
  if (same || !(*diagnosis.deviation > 0)) return diagnosis;
  TestNormality(residuals, mean, *diagnosis.deviation, &diagnosis);
  TestIndependence(residuals, request.season, &diagnosis);
  return diagnosis;
}

}  // namespace ecomm::core
