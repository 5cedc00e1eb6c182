// forecast_bench CASES.json METHOD...
// Forecasts every case by every method; prints one line of JSON for each, as bench/forecast_peers.R does.
#include <cstdio>
#include <ctime>
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
  const std::clock_t start = std::clock();
  const ecomm::core::Forecast forecast = Made(method, y, periods, options);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return {{"id", one.at("id")},           {"method", method},
          {"seconds", seconds},           {"label", forecast.method},
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
