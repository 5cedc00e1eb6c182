#include "ecomm_analytics/core/canonical_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include "cluster_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

struct Keyed {
  double key;
  std::uint32_t row;
};

// Sorts by columns j and on; what is equal in one column is a short run in the next.
void SortFrom(const MatrixView& points, Eigen::Index j, std::span<Keyed> run, Work& work) {
  if (j == points.cols()) {
    std::sort(run.begin(), run.end(), [&](const Keyed& a, const Keyed& b) {
      work.Done(1);
      return a.row < b.row;
    });
    return;
  }
  for (Keyed& item : run) {
    work.Done(1);
    item.key = points(item.row, j);
  }
  std::sort(run.begin(), run.end(), [&](const Keyed& a, const Keyed& b) {
    work.Done(1);
    return a.key < b.key;
  });
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= run.size(); ++i) {
    if (i < run.size() && run[i].key == run[begin].key) continue;
    if (i - begin > 1) SortFrom(points, j + 1, run.subspan(begin, i - begin), work);
    begin = i;
  }
}

}  // namespace

std::vector<std::uint32_t> CanonicalOrder(const MatrixView& points) {
  const auto n = static_cast<std::size_t>(points.rows());
  RequireMemory(n * (sizeof(Keyed) + sizeof(std::uint32_t)), "sorting rows");
  Work work;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    work.Done(static_cast<std::size_t>(points.cols()));
    if (!points.row(i).array().isNaN().any()) continue;
    throw Error(ErrorCode::kUnusableData, "rows with NaN have no order",
                "First such row: " + std::to_string(i + 1) + ".");
  }
  std::vector<Keyed> keyed(n);
  for (std::size_t i = 0; i < n; ++i) keyed[i].row = static_cast<std::uint32_t>(i);
  SortFrom(points, 0, keyed, work);
  std::vector<std::uint32_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = keyed[i].row;
  return order;
}

}  // namespace ecomm::core
