// What the tests of exponential smoothing share.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "tested_series_support.hpp"

namespace ecomm::core {

inline const nlohmann::json& EtsReference() {
  static const nlohmann::json document = ReadReference("ets_reference.json");
  return document;
}

inline int RecordedPeriod(const std::string& name) {
  static const nlohmann::json document = ReadReference("series.json");
  for (const auto& series : document["series"]) {
    if (series["name"] == name) return series["frequency"].get<int>();
  }
  throw std::runtime_error("no series " + name);
}

inline std::string Label(const nlohmann::json& record) {
  const std::string what = record.contains("criterion") ? record["criterion"] : record["form"];
  return record["series"].get<std::string>() + " " + what;
}

// A recorded fit's parameters and initial states, run over its series here.
inline EtsModel RecordedModel(const nlohmann::json& fit) {
  const std::string name = fit["series"];
  const auto& p = fit["parameters"];
  const EtsParameters parameters{p["alpha"], p.value("beta", 0.0), p.value("gamma", 0.0),
                                 p.value("phi", 1.0)};
  const EtsState initial{fit["level"], fit["trend"], fit["seasonal"].get<std::vector<double>>()};
  return RunEts(RecordedSeries(name), ParseEtsForm(fit["form"].get<std::string>()), RecordedPeriod(name),
                parameters, initial, fit["estimated"]);
}

// A wandering level with a slope, a wave of the period and noise.
inline std::vector<double> WavySeries(std::size_t n, double period, double level = 100, double slope = 0.05,
                                      double amplitude = 10, double noise = 4, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) {
    level += slope + 0.2 * noise * random.Normal();
    y[i] = level + amplitude * std::sin(2 * std::numbers::pi * static_cast<double>(i) / period) +
           noise * random.Normal();
  }
  return y;
}

inline void ExpectFinite(const std::vector<double>& values, const std::string& where) {
  for (const double x : values) {
    if (!std::isfinite(x)) {
      ADD_FAILURE() << where << ": " << x;
      return;
    }
  }
}

inline void ExpectFinite(const EtsModel& model, const std::string& where) {
  ExpectFinite({model.loglik, model.aic, model.aicc, model.bic, model.sigma2, model.parameters.alpha,
                model.parameters.beta, model.parameters.gamma, model.parameters.phi, model.initial.level,
                model.initial.trend, model.state.level, model.state.trend},
               where);
  for (const auto* values :
       {&model.fitted, &model.residuals, &model.initial.seasonal, &model.state.seasonal}) {
    ExpectFinite(*values, where);
  }
}

}  // namespace ecomm::core
