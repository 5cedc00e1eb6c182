#include "ecomm_analytics/core/coherent_series.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// A hierarchy's names are texts, so a missing one needs a text that no value is.
constexpr char kNamed = '=';

std::vector<std::string> Encode(const SeriesName& name) {
  std::vector<std::string> texts;
  for (const auto& value : name) texts.push_back(value ? kNamed + *value : std::string());
  return texts;
}

std::optional<std::string> Decode(const std::optional<std::string>& text) {
  if (!text) return kSummedOver;
  if (text->empty()) return std::nullopt;
  return text->substr(1);
}

double HalfWidth(const Forecast& forecast, std::size_t step) {
  return (forecast.upper.front()[step] - forecast.lower.front()[step]) / 2;
}

// Bounds keep their place around the mean, at another width.
void Move(double mean, double spread, std::size_t step, Forecast* forecast) {
  const double before = HalfWidth(*forecast, step);
  for (std::size_t level = 0; level < forecast->levels.size(); ++level) {
    double& lower = forecast->lower[level][step];
    double& upper = forecast->upper[level][step];
    const double below = forecast->mean[step] - lower;
    const double above = upper - forecast->mean[step];
    lower = mean - (before > 0 ? below / before * spread : spread);
    upper = mean + (before > 0 ? above / before * spread : spread);
  }
  forecast->mean[step] = mean;
}

}  // namespace

CoherentSeries::CoherentSeries(std::span<const SeriesName> names,
                               std::span<const std::vector<double>* const> values) {
  std::vector<std::vector<std::string>> texts;
  for (const SeriesName& name : names) texts.push_back(Encode(name));
  hierarchy_ = BuildHierarchy(texts);
  const std::size_t length = values.front()->size();
  RequireMemory((hierarchy_.size() + values.size()) * length * sizeof(double), "sums of series");
  Matrix bottoms(static_cast<Eigen::Index>(values.size()), static_cast<Eigen::Index>(length));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]->size() != length) {
      throw Error(ErrorCode::kInvalidArgument, "series of different lengths have no sums");
    }
    bottoms.row(static_cast<Eigen::Index>(i)) =
        Eigen::Map<const Eigen::RowVectorXd>(values[i]->data(), static_cast<Eigen::Index>(length));
  }
  const Matrix all = SumUp(hierarchy_, bottoms);
  for (std::size_t i = 0; i < hierarchy_.aggregates.size(); ++i) {
    SeriesName name;
    for (const auto& text : hierarchy_.aggregates[i].names) name.push_back(Decode(text));
    names_.push_back(std::move(name));
    const auto row = all.row(static_cast<Eigen::Index>(i));
    sums_.emplace_back(row.begin(), row.end());
  }
  names_.insert(names_.end(), names.begin(), names.end());
  for (const std::vector<double>& sum : sums_) all_.push_back(&sum);
  all_.insert(all_.end(), values.begin(), values.end());
}

void CoherentSeries::Reconcile(Reconciliation method, std::vector<StatedForecast>* forecasts) const {
  const std::size_t steps = forecasts->front().forecast.mean.size();
  if (steps == 0) return;
  const auto rows = static_cast<Eigen::Index>(forecasts->size());
  const std::size_t length = all_.front()->size();
  RequireMemory(forecasts->size() * (3 * steps + length) * sizeof(double), "forecasts to reconcile");
  BaseForecasts base;
  base.mean.resize(rows, static_cast<Eigen::Index>(steps));
  base.spread.resize(rows, static_cast<Eigen::Index>(steps));
  base.residuals.resize(rows, static_cast<Eigen::Index>(length));
  // Where the sum of all never was, neither is what a part sells: a day's returns of a product are no reason
  // to foretell more of them than sales.
  const std::vector<double>& total = *all_.front();
  const bool non_negative = *std::min_element(total.begin(), total.end()) >= 0;
  for (Eigen::Index i = 0; i < rows; ++i) {
    const Forecast& forecast = (*forecasts)[static_cast<std::size_t>(i)].forecast;
    for (std::size_t step = 0; step < steps; ++step) {
      base.mean(i, static_cast<Eigen::Index>(step)) = forecast.mean[step];
      base.spread(i, static_cast<Eigen::Index>(step)) = HalfWidth(forecast, step);
    }
    base.residuals.row(i) =
        Eigen::Map<const Eigen::RowVectorXd>(forecast.residuals.data(), static_cast<Eigen::Index>(length));
  }
  const ReconciledForecasts result =
      core::Reconcile(hierarchy_, base, {.method = method, .non_negative = non_negative});
  for (Eigen::Index i = 0; i < rows; ++i) {
    Forecast& forecast = (*forecasts)[static_cast<std::size_t>(i)].forecast;
    const std::vector<double>& y = *all_[static_cast<std::size_t>(i)];
    const bool floored = *std::min_element(y.begin(), y.end()) >= 0;
    for (std::size_t step = 0; step < steps; ++step) {
      const auto column = static_cast<Eigen::Index>(step);
      Move(result.mean(i, column), result.spread(i, column), step, &forecast);
      if (!floored) continue;
      for (auto& lower : forecast.lower) lower[step] = std::max(lower[step], 0.0);
    }
    forecast.method += ", reconciled by " + std::string(Name(method));
  }
}

}  // namespace ecomm::core
