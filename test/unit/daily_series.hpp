// A made-up series for the tests of what takes series apart.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {

// Uniform on (0, 1) by Lehmer's generator: small enough to be repeated in any language.
class Lehmer {
 public:
  explicit Lehmer(std::uint64_t seed) : state_(seed) {}
  double Next() {
    state_ = state_ * 16807 % 2147483647;
    return static_cast<double>(state_) / 2147483647;
  }

 private:
  std::uint64_t state_;
};

// Days with a weekly and a yearly season; test/data/decompose_reference.R makes the same.
inline std::vector<double> DailySeries(std::size_t length) {
  constexpr double kWeek[] = {-12, -6, 0, 3, 5, 14, -4};
  constexpr double kPi = std::numbers::pi;
  Lehmer noise(42);
  std::vector<double> y(length);
  for (std::size_t i = 0; i < length; ++i) {
    const auto t = static_cast<double>(i);
    y[i] = 100 + 0.02 * t + kWeek[i % 7] + 15 * std::sin(2 * kPi * t / 365.25) +
           5 * std::cos(4 * kPi * t / 365.25) + 8 * (noise.Next() - 0.5);
  }
  return y;
}

// Days with a weekly season and little noise.
inline double WeekdayLevel(std::size_t day) {
  return 50 + 20 * (day % 7 == 5 ? 1 : 0) - 15 * (day % 7 == 6 ? 1 : 0);
}

inline std::vector<double> WeeklySeries(std::size_t length) {
  Random random(7);
  std::vector<double> y;
  for (std::size_t i = 0; i < length; ++i) y.push_back(WeekdayLevel(i) + random.Normal());
  return y;
}

}  // namespace ecomm::core
