// forecast_bench CASES.json METHOD...
// Forecasts every case by every method; prints one line of JSON for each, as bench/forecast_peers.R does.
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ecomm_analytics/core/auto_forecast.hpp"
#include "ecomm_analytics/core/forecast_intervals.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"

namespace {

using nlohmann::json;

ecomm::core::Forecast Made(const std::string& method, const std::vector<double>& y,
                           const std::vector<int>& periods, const ecomm::core::ForecastOptions& options) {
  if (method == "auto") return ecomm::core::ForecastAuto(y, periods, options).forecast;
  const auto model = ecomm::core::FitMethod(ecomm::core::ParseMethod(method), y, periods);
  return ecomm::core::PredictWith(model, y, options, ecomm::core::Intervals::kCalibrated);
}

json Line(const json& one, const std::string& method) {
  const auto y = one.at("y").get<std::vector<double>>();
  const auto periods = one.at("periods").get<std::vector<int>>();
  ecomm::core::ForecastOptions options;
  options.horizon = one.at("horizon").get<int>();
  options.levels = {0.80, 0.95};
  const auto start = std::chrono::steady_clock::now();
  const ecomm::core::Forecast forecast = Made(method, y, periods, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {{"id", one.at("id")},           {"method", method},
          {"seconds", took.count()},      {"label", forecast.method},
          {"mean", forecast.mean},        {"lower80", forecast.lower[0]},
          {"upper80", forecast.upper[0]}, {"lower95", forecast.lower[1]},
          {"upper95", forecast.upper[1]}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: forecast_bench CASES.json METHOD...\n");
    return 2;
  }
  const json cases = json::parse(std::ifstream(arguments[1]));
  int failures = 0;
  for (const json& one : cases) {
    for (int i = 2; i < count; ++i) {
      try {
        std::printf("%s\n", Line(one, arguments[i]).dump().c_str());
      } catch (const std::exception& error) {
        if (failures++ < 5) {
          std::fprintf(stderr, "%s %s: %s\n", one.at("id").dump().c_str(), arguments[i], error.what());
        }
      }
    }
  }
  if (failures > 0) std::fprintf(stderr, "%d failures\n", failures);
}
