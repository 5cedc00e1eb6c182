// What the tests of autocorrelation and stationarity share.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"

namespace ecomm::core {

// The classic series `name`, or its first differences where the name ends in " differenced".
inline std::vector<double> RecordedSeries(const std::string& name) {
  static const nlohmann::json document = ReadReference("series.json");
  const std::string base = name.substr(0, name.find(' '));
  for (const auto& series : document["series"]) {
    if (series["name"].get<std::string>() != base) continue;
    auto y = series["values"].get<std::vector<double>>();
    if (base == name) return y;
    for (std::size_t i = 0; i + 1 < y.size(); ++i) y[i] = y[i + 1] - y[i];
    y.pop_back();
    return y;
  }
  throw std::runtime_error("no series " + base);
}

// An autoregression of order one around 0; a random walk with phi = 1.
inline std::vector<double> Autoregression(std::size_t n, double phi, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<double> y(n);
  double last = 0;
  for (double& x : y) x = last = phi * last + random.Uniform() - 0.5;
  return y;
}

inline std::vector<double> Times(std::vector<double> y, double factor) {
  for (double& x : y) x *= factor;
  return y;
}

// Absolute 1e-8, and relative where the values are large.
inline void ExpectClose(double actual, double expected, const std::string& where, double tolerance = 1e-8) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << where << ": " << actual;
    return;
  }
  EXPECT_NEAR(actual, expected, tolerance * std::max(1.0, std::fabs(expected))) << where;
}

template <class F>
void ExpectError(ErrorCode code, const std::string& message_part, const std::string& detail_part, F f) {
  try {
    f();
    ADD_FAILURE() << "no error for " << message_part;
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
    EXPECT_NE(std::string(e.what()).find(message_part), std::string::npos) << e.what();
    EXPECT_NE(e.detail().find(detail_part), std::string::npos) << e.detail();
  }
}

}  // namespace ecomm::core
