// Local regression on equally spaced observations, as STL uses it (Cleveland 1979,
// doi:10.1080/01621459.1979.10481038).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ecomm::core {

struct LoessOptions {
  std::int64_t window = 3;  // odd, ≥ 3; may exceed the number of observations
  int degree = 1;           // 0 or 1
  std::int64_t jump = 1;    // ≥ 1
};

class Loess {
 public:
  // For series of up to `most` observations: nothing is allocated after this.
  explicit Loess(std::size_t most) : weights_(most) {}

  // The curve at each observation. `robustness` has a weight per observation, or is empty.
  void Smooth(std::span<const double> y, std::span<const double> robustness, const LoessOptions& options,
              std::span<double> curve);

  // The curve at `x`, which need not lie within the series, from the observations first, …, last. Nothing
  // where all of them have weight 0.
  std::optional<double> At(double x, std::span<const double> y, std::span<const double> robustness,
                           const LoessOptions& options, std::size_t first, std::size_t last);

 private:
  std::vector<double> weights_;
  std::size_t work_ = 0;  // observations weighed since the last Poll()
};

}  // namespace ecomm::core
