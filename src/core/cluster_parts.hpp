// What the clustering methods and metrics share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {

// Polls once per 10^5 operations.
class Work {
 public:
  void Done(std::size_t operations) {
    done_ += operations;
    if (done_ < kFlopsPerPoll) return;
    done_ = 0;
    Poll();
  }

 private:
  static constexpr std::size_t kFlopsPerPoll = 100'000;
  std::size_t done_ = 0;
};

// The exponent e for which all values times 2^-e lie within (-1, 1), so that squares neither overflow nor
// vanish. Throws Error(kInvalidArgument) for more rows than a 32-bit number counts, Error(kUnusableData) for
// NaN and infinities, with `purpose` in the message.
int CommonExponent(const MatrixView& points, const char* purpose);

// `size` of the numbers below n, in order, without replacement (selection sampling; Fan, Muller & Rezucha
// 1962, doi:10.1080/01621459.1962.10480667).
std::vector<std::uint32_t> SampleRows(std::size_t n, std::size_t size, Random& random);

// Sets that grow together (Tarjan 1975, doi:10.1145/321879.321884). The lowest member stands for its set.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t n);

  std::uint32_t Find(std::uint32_t member);
  void Join(std::uint32_t a, std::uint32_t b);

 private:
  std::vector<std::uint32_t> parents_;
};

}  // namespace ecomm::core
