// Seeded random numbers that are the same with every standard library: std::*_distribution and
// std::shuffle are not, so only the engine (whose output the standard fixes) is used from there.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <utility>

namespace ecomm::core {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Bits() { return engine_(); }

  // Uniform on [0, 1), all 53 bits.
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  // Uniform integer on [0, n), without bias; n > 0. (Lemire 2019, doi:10.1145/3230636)
  std::uint64_t Below(std::uint64_t n) {
    unsigned __int128 product = static_cast<unsigned __int128>(engine_()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t threshold = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < threshold) {
        product = static_cast<unsigned __int128>(engine_()) * n;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  // Standard normal (Box & Muller 1958, doi:10.1214/aoms/1177706645).
  double Normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * Uniform());
  }

  // Fisher–Yates.
  template <typename Sequence>
  void Shuffle(Sequence& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace ecomm::core
