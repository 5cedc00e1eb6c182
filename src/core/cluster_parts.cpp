#include "cluster_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

int CommonExponent(const MatrixView& points, const char* purpose) {
  constexpr auto kMostRows = static_cast<Eigen::Index>(std::numeric_limits<std::uint32_t>::max());
  if (points.rows() > kMostRows) {
    throw Error(ErrorCode::kInvalidArgument, std::string("too many rows for ") + purpose,
                "Rows: " + std::to_string(points.rows()) + ", allowed: " + std::to_string(kMostRows) + ".");
  }
  double most = 0;
  Work work;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    for (Eigen::Index j = 0; j < points.cols(); ++j) {
      const double value = std::abs(points(i, j));
      if (!std::isfinite(value)) {
        throw Error(ErrorCode::kUnusableData, std::string(purpose) + " cannot use rows with NaN or infinity",
                    "First such row: " + std::to_string(i + 1) + ".", "Leave these rows out.");
      }
      most = std::max(most, value);
    }
    work.Done(static_cast<std::size_t>(points.cols()));
  }
  int exponent = 0;
  std::frexp(most, &exponent);
  return std::clamp(exponent, -1000, 1000);
}

std::vector<std::uint32_t> SampleRows(std::size_t n, std::size_t size, Random& random) {
  std::vector<std::uint32_t> sample;
  sample.reserve(size);
  Work work;
  for (std::size_t i = 0; sample.size() < size; ++i) {
    work.Done(4);
    if (random.Below(n - i) < size - sample.size()) sample.push_back(static_cast<std::uint32_t>(i));
  }
  return sample;
}

DisjointSets::DisjointSets(std::size_t n) : parents_(n) { std::iota(parents_.begin(), parents_.end(), 0U); }

std::uint32_t DisjointSets::Find(std::uint32_t member) {
  while (parents_[member] != member) {
    parents_[member] = parents_[parents_[member]];
    member = parents_[member];
  }
  return member;
}

void DisjointSets::Join(std::uint32_t a, std::uint32_t b) {
  a = Find(a);
  b = Find(b);
  parents_[std::max(a, b)] = std::min(a, b);
}

}  // namespace ecomm::core
