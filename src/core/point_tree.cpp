#include "ecomm_analytics/core/point_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// A cut that leaves less than this share on one side is followed by one at the median, so that outliers
// cannot make the tree deep.
constexpr std::size_t kUnbalanced = 16;

// Every other cut halves, unless many values are equal: leaves of half the rows they could have, and some of
// a single row.
constexpr std::size_t MostLanes(std::size_t n) { return 2 * n + PointTree::kLeafRows; }
constexpr std::size_t MostNodes(std::size_t n) { return n / 3 + 1; }

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

// The rows and where they came from, moved from one half to the other at each level.
struct Half {
  std::unique_ptr<double[]> values;
  std::unique_ptr<std::uint32_t[]> rows;
};

}  // namespace

class PointTreeBuilder {
 public:
  PointTreeBuilder(PointTree& tree, const MatrixView& points, double scale)
      : tree_(tree),
        n_(static_cast<std::size_t>(points.rows())),
        d_(static_cast<std::size_t>(points.cols())) {
    const std::size_t n = n_;
    for (Half& half : halves_) {
      half.values = std::make_unique_for_overwrite<double[]>(n * d_);
      half.rows = std::make_unique_for_overwrite<std::uint32_t[]>(n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double* const row = points.data() + static_cast<std::ptrdiff_t>(i) * points.outerStride();
      // Adding zero makes a negative zero positive: rows that compare equal must be equal bits.
      for (std::size_t j = 0; j < d_; ++j) halves_[0].values[i * d_ + j] = row[j] * scale + 0.0;
      halves_[0].rows[i] = static_cast<std::uint32_t>(i);
      Worked(d_);
    }
    low_.resize(d_);
    high_.resize(d_);
    tree_.nodes_.reserve(MostNodes(n));
    tree_.boxes_.reserve(MostNodes(n) * (2 * d_ + 1));
    tree_.values_.reserve(MostLanes(n) * d_);
    tree_.rows_.reserve(MostLanes(n));
    Grow({0, n}, 0, false);
    // Shrinking copies: the room for it is theirs.
    for (Half& half : halves_) half = {};
    tree_.nodes_.shrink_to_fit();
    tree_.boxes_.shrink_to_fit();
    tree_.values_.shrink_to_fit();
    tree_.rows_.shrink_to_fit();
  }

 private:
  void Worked(std::size_t values) {
    work_ += values;
    if (work_ <= 20000) return;
    work_ = 0;
    Poll();
  }

  // Where a vector outgrows what was counted on, it moves to one twice the size.
  template <typename T>
  void Resize(std::vector<T>& values, std::size_t size) {
    if (size > values.capacity()) {
      RequireMemory(PointTree::Bytes(n_, d_) + 2 * values.capacity() * sizeof(T), "a tree of points");
    }
    values.resize(size);
  }

  std::int32_t Grow(Span span, int half, bool at_median) {
    const auto id = static_cast<std::int32_t>(tree_.nodes_.size());
    Resize(tree_.nodes_, tree_.nodes_.size() + 1);
    const double* const rows = halves_[half].values.get();
    Worked(span.size() * d_);
    switch (d_) {
      case 1:
        Bound<1>(rows, span);
        break;
      case 2:
        Bound<2>(rows, span);
        break;
      case 3:
        Bound<3>(rows, span);
        break;
      case 4:
        Bound<4>(rows, span);
        break;
      default:
        Bound<0>(rows, span);
    }
    StoreBox();

    PointTree::Node node;
    node.rows = static_cast<std::uint32_t>(span.size());
    node.block = static_cast<std::uint32_t>(tree_.rows_.size() / kLanes);
    if (span.size() <= PointTree::kLeafRows) {
      StoreLeaf(span, half);
      tree_.leaves_.push_back(id);
    } else {
      std::size_t longest = 0;
      for (std::size_t j = 1; j < d_; ++j) {
        if (high_[j] - low_[j] > high_[longest] - low_[longest]) longest = j;
      }
      std::size_t middle;
      if (low_[longest] == high_[longest]) {
        middle = span.begin + span.size() / 2;  // all points equal: any half will do
        std::copy(rows + span.begin * d_, rows + span.end * d_,
                  halves_[1 - half].values.get() + span.begin * d_);
        std::copy(halves_[half].rows.get() + span.begin, halves_[half].rows.get() + span.end,
                  halves_[1 - half].rows.get() + span.begin);
      } else {
        const double cut = at_median ? MedianCut(span, half, longest) : MiddleCut(longest);
        switch (d_) {
          case 1:
            middle = Split<1>(span, half, longest, cut);
            break;
          case 2:
            middle = Split<2>(span, half, longest, cut);
            break;
          case 3:
            middle = Split<3>(span, half, longest, cut);
            break;
          case 4:
            middle = Split<4>(span, half, longest, cut);
            break;
          default:
            middle = Split<0>(span, half, longest, cut);
        }
      }
      const std::size_t smaller = std::min(middle - span.begin, span.end - middle);
      const bool unbalanced = !at_median && smaller * kUnbalanced < span.size();
      node.left = Grow({span.begin, middle}, 1 - half, unbalanced);
      node.right = Grow({middle, span.end}, 1 - half, unbalanced);
    }
    node.blocks = static_cast<std::uint32_t>(tree_.rows_.size() / kLanes) - node.block;
    tree_.nodes_[id] = node;
    return id;
  }

  // D: the number of dimensions where it is known at compile time, else 0.
  template <std::size_t D>
  void Bound(const double* rows, Span span) {
    const std::size_t d = D ? D : d_;
    double low[D ? D : 1];
    double high[D ? D : 1];
    double* const lo = D ? low : low_.data();
    double* const hi = D ? high : high_.data();
    const double* row = rows + span.begin * d;
    for (std::size_t j = 0; j < d; ++j) lo[j] = hi[j] = row[j];
    for (std::size_t i = 1; i < span.size(); ++i) {
      row += d;
      for (std::size_t j = 0; j < d; ++j) {
        lo[j] = std::min(lo[j], row[j]);
        hi[j] = std::max(hi[j], row[j]);
      }
    }
    if (D) {
      std::copy(lo, lo + d, low_.data());
      std::copy(hi, hi + d, high_.data());
    }
  }

  void StoreBox() {
    const std::size_t at = tree_.boxes_.size();
    Resize(tree_.boxes_, at + 2 * d_ + 1);
    double* const box = &tree_.boxes_[at];
    double squares = 0.0;
    for (std::size_t j = 0; j < d_; ++j) {
      const double centre = low_[j] + 0.5 * (high_[j] - low_[j]);
      const double half = std::max(high_[j] - centre, centre - low_[j]) * (1.0 + 0x1.0p-50);
      box[j] = centre;
      box[d_ + j] = half;
      squares += half * half;
    }
    box[2 * d_] = squares;
  }

  double MiddleCut(std::size_t j) const {
    const double cut = low_[j] + 0.5 * (high_[j] - low_[j]);
    return cut < high_[j] ? cut : low_[j];
  }

  // The cut at the median value that halves better: below it, or above it where it is repeated.
  double MedianCut(Span span, int half, std::size_t j) {
    std::vector<double> column(span.size());
    const double* const rows = halves_[half].values.get();
    for (std::size_t i = 0; i < span.size(); ++i) column[i] = rows[(span.begin + i) * d_ + j];
    const auto middle = column.begin() + static_cast<std::ptrdiff_t>(span.size() / 2);
    std::nth_element(column.begin(), middle, column.end());
    const double median = *middle;
    const auto below = static_cast<std::size_t>(
        std::count_if(column.begin(), column.end(), [&](double x) { return x < median; }));
    const auto above = static_cast<std::size_t>(
        std::count_if(column.begin(), column.end(), [&](double x) { return x > median; }));
    return below >= above ? std::nextafter(median, -std::numeric_limits<double>::infinity()) : median;
  }

  // Moves the span's rows to the other half, those at or below the cut first; returns where the rest starts.
  template <std::size_t D>
  std::size_t Split(Span span, int half, std::size_t j, double cut) {
    const std::size_t d = D ? D : d_;
    const double* from = halves_[half].values.get() + span.begin * d;
    const std::uint32_t* from_rows = halves_[half].rows.get() + span.begin;
    double* const to = halves_[1 - half].values.get();
    std::uint32_t* const to_rows = halves_[1 - half].rows.get();
    std::size_t left = span.begin;
    std::size_t right = span.end - 1;
    // Written to both ends, one of which moves on: which side a row takes is not to be predicted.
    for (std::size_t i = 0; i < span.size(); ++i, from += d, ++from_rows) {
      for (std::size_t c = 0; c < d; ++c) {
        to[left * d + c] = from[c];
        to[right * d + c] = from[c];
      }
      to_rows[left] = to_rows[right] = *from_rows;
      const std::size_t goes_left = from[j] <= cut ? 1 : 0;
      left += goes_left;
      right -= 1 - goes_left;
    }
    return left;
  }

  void StoreLeaf(Span span, int half) {
    const std::size_t n = span.size();
    const double* const rows = halves_[half].values.get() + span.begin * d_;
    std::uint8_t order[PointTree::kLeafRows];
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t at = i;
      const double* const row = rows + i * d_;
      for (; at > 0; --at) {
        const double* const other = rows + order[at - 1] * d_;
        if (!std::lexicographical_compare(row, row + d_, other, other + d_)) break;
        order[at] = order[at - 1];
      }
      order[at] = static_cast<std::uint8_t>(i);
    }
    const std::size_t blocks = (n + kLanes - 1) / kLanes;
    const std::size_t at = tree_.rows_.size();
    Resize(tree_.rows_, at + blocks * kLanes);
    Resize(tree_.values_, (at + blocks * kLanes) * d_);
    for (std::size_t i = 0; i < blocks * kLanes; ++i) {
      const std::size_t from = order[std::min(i, n - 1)];
      tree_.rows_[at + i] = i < n ? halves_[half].rows[span.begin + from] : PointTree::kNoRow;
      double* const block = &tree_.values_[(at / kLanes + i / kLanes) * d_ * kLanes];
      for (std::size_t j = 0; j < d_; ++j) block[j * kLanes + i % kLanes] = rows[from * d_ + j];
    }
  }

  PointTree& tree_;
  std::size_t n_;
  std::size_t d_;
  Half halves_[2];
  std::vector<double> low_;
  std::vector<double> high_;
  std::size_t work_ = 0;
};

PointTree::PointTree(const MatrixView& points, double scale) : dimensions_(static_cast<int>(points.cols())) {
  RequireMemory(Bytes(static_cast<std::size_t>(points.rows()), static_cast<std::size_t>(points.cols())),
                "a tree of points");
  PointTreeBuilder(*this, points, scale);
}

std::size_t PointTree::Bytes(std::size_t n, std::size_t d) {
  const std::size_t copies = 2 * n * (d * sizeof(double) + sizeof(std::uint32_t));
  const std::size_t blocks = MostLanes(n) * (d * sizeof(double) + sizeof(std::uint32_t));
  const std::size_t nodes = MostNodes(n) * (sizeof(Node) + (2 * d + 1) * sizeof(double));
  return copies + blocks + nodes;
}

}  // namespace ecomm::core
