// What the tests of ARIMA models share.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/arima_forecast.hpp"
#include "ets_support.hpp"

namespace ecomm::core {

inline const nlohmann::json& ArimaReference() {
  static const nlohmann::json document = ReadReference("arima_reference.json");
  return document;
}

inline ArimaOrder RecordedOrder(const nlohmann::json& record) {
  const auto order = record["order"].get<std::vector<int>>();
  return {order[0], order[1], order[2], order[3], order[4], order[5]};
}

inline int RecordedArimaPeriod(const nlohmann::json& record) { return RecordedPeriod(record["series"]); }

inline std::string ArimaLabel(const nlohmann::json& record) {
  return record["series"].get<std::string>() + " " + record["method"].get<std::string>();
}

inline ArimaOptions RecordedOptions(const nlohmann::json& record) {
  ArimaOptions options;
  options.order = RecordedOrder(record);
  options.period = RecordedArimaPeriod(record);
  options.constant = record["has_constant"].get<bool>();
  return options;
}

// The regressors of the recorded regressions, at times counted from 1.
inline Matrix RecordedWaves(std::size_t from, std::size_t count) {
  Matrix waves(static_cast<Eigen::Index>(count), 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t t = from + i;
    waves(static_cast<Eigen::Index>(i), 0) = std::cos(static_cast<double>(t) / 5);
    waves(static_cast<Eigen::Index>(i), 1) = t % 7 == 0 ? 1 : 0;
  }
  return waves;
}

inline Matrix NoRegressors(std::size_t rows) { return {static_cast<Eigen::Index>(rows), 0}; }

inline Matrix RecordedRegressors(const nlohmann::json& record, std::size_t from, std::size_t count) {
  return record["regressors"].empty() ? NoRegressors(count) : RecordedWaves(from, count);
}

// R's coefficients in a model that has not run.
inline ArimaModel RecordedArima(const nlohmann::json& record) {
  ArimaModel model;
  model.order = RecordedOrder(record);
  model.period = RecordedArimaPeriod(record);
  model.has_constant = record["has_constant"];
  ArimaCoefficients& c = model.coefficients;
  c.ar = record["ar"].get<std::vector<double>>();
  c.ma = record["ma"].get<std::vector<double>>();
  c.seasonal_ar = record["seasonal_ar"].get<std::vector<double>>();
  c.seasonal_ma = record["seasonal_ma"].get<std::vector<double>>();
  c.constant = record["constant"];
  c.regressors = record["regressors"].get<std::vector<double>>();
  model.estimated = static_cast<int>(c.ar.size() + c.ma.size() + c.seasonal_ar.size() + c.seasonal_ma.size() +
                                     c.regressors.size() + (model.has_constant ? 1 : 0));
  return model;
}

inline void ExpectFinite(const ArimaModel& model, const std::string& where) {
  const ArimaCoefficients& c = model.coefficients;
  const std::vector<double> numbers = {
      model.loglik, model.aic,  model.aicc,           model.bic,
      model.sigma2, c.constant, model.state.variance, model.state.change_factor};
  ExpectFinite(numbers, where);
  for (const auto* values : {&c.ar, &c.ma, &c.seasonal_ar, &c.seasonal_ma, &c.regressors, &model.state.past,
                             &model.state.prediction, &model.state.gain, &model.state.change}) {
    ExpectFinite(*values, where);
  }
  const std::size_t lost = static_cast<std::size_t>(model.order.d) +
                           static_cast<std::size_t>(model.order.seasonal_d * model.period);
  for (std::size_t i = 0; i < model.fitted.size(); ++i) {
    EXPECT_EQ(std::isfinite(model.fitted[i]), i >= lost) << where << " " << i;
    EXPECT_EQ(std::isfinite(model.residuals[i]), i >= lost) << where << " " << i;
  }
}

}  // namespace ecomm::core
