// Sale lines written down as they come, compact and exact: the raw material of summaries, and what change
// tracking keeps of a statement.
//
// A log is a sequence of segments that know nothing of each other, so logs merge by putting one behind the
// other. Within a segment each line says what differs from the line before: about nine bytes a line where
// lines come in order of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/core/product_numbers.hpp"
#include "ecomm_analytics/core/rfm.hpp"

namespace ecomm::core {

struct LogShape {
  KeyKind customer_kind = KeyKind::kNumber;
  KeyKind order_kind = KeyKind::kNumber;
  // Of `parts` logs of the same lines each keeps what concerns its own orders and customers: part `part` has
  // the lines of its orders (sums belong to them), and the purchases of its customers. What the summaries of
  // all parts say adds up.
  std::uint32_t part = 0;
  std::uint32_t parts = 1;

  bool operator==(const LogShape&) const = default;
};

// The shape of a serialised log; Error(kBadData) if it is none.
LogShape ShapeOfLog(std::string_view serialized);

class LineLog {
 public:
  // Error(kInvalidArgument) unless part < parts.
  explicit LineLog(const LogShape& shape);
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;

  struct Line {
    std::optional<Micros> sold_at;  // finite; lines without it are counted, not logged
    std::optional<Key> customer;
    std::optional<Key> order;
    std::optional<std::string_view> product;  // as written; an empty one is none
    std::optional<Amount> quantity;           // kNotANumber counts as 0, in both
    std::optional<Amount> amount;
  };
  // Error(kMemoryLimit); Error(kNumericRange) for amounts that are kBeyond.
  void Add(const Line& line);

  // Adds what another log serialised; Error(kBadData) if it is none of the same shape. The lines in it are
  // checked when they are read.
  void Merge(std::string_view serialized);

  // Error(kMemoryLimit) where it would have more than `most` bytes.
  std::string Serialize(std::size_t most = SIZE_MAX) const;

 private:
  void Write(const Line& line, bool of_order, bool of_customer);
  void PutBytes(std::string_view bytes);
  std::uint32_t PartOf(std::uint64_t hash) const { return static_cast<std::uint32_t>(hash % shape_.parts); }

  LogShape shape_;
  Budget budget_;
  std::int64_t undated_ = 0;
  std::uint8_t amount_scale_ = 0;
  std::uint8_t quantity_scale_ = 0;
  std::vector<std::string> merged_;  // segments of other logs
  std::size_t merged_bytes_ = 0;
  // This log's own segment.
  std::vector<std::string> chunks_;
  std::size_t own_bytes_ = 0;
  std::uint64_t own_lines_ = 0;
  ProductNumbers products_{budget_};
  std::int32_t day_ = 0;
  bool has_customer_ = false;
  bool has_order_ = false;
  std::int64_t customer_ = 0;
  std::int64_t order_ = 0;
  std::string customer_bytes_;
  std::string order_bytes_;
};

// A line of a log. Amounts are in `amount` and `quantity`, x 10^-kNarrowScale, where they fit, and in the
// wide ones, x 10^-kAmountScale, where not; the other is 0.
struct LoggedLine {
  static constexpr int kNarrowScale = 4;
  std::int32_t day = 0;
  std::optional<Key> customer;  // bytes live as long as the log
  std::optional<Key> order;
  bool same_customer = false;  // as of the line before, in the same segment
  bool same_order = false;
  std::optional<std::uint32_t> product;         // counts from 0 within a segment, in order of appearance
  std::optional<std::string_view> new_product;  // its match key, where it appears for the first time
  bool is_purchase = false;
  bool of_order = true;     // counts in sums, and for its order
  bool of_customer = true;  // counts for its customer
  bool is_wide = false;
  std::int64_t amount = 0;
  std::int64_t quantity = 0;
  Int128 wide_amount = 0;
  Int128 wide_quantity = 0;
};

// x 10^-kAmountScale.
inline Int128 AmountOf(const LoggedLine& line) {
  constexpr Int128 kNarrowUnit = 1'000'000'000'000;  // 10^(kAmountScale - LoggedLine::kNarrowScale)
  return Int128{line.amount} * kNarrowUnit + line.wide_amount;
}

// Reads a serialised log, every length checked: Error(kBadData). The bytes must outlive it.
class LineReader {
 public:
  explicit LineReader(std::string_view serialized);

  const LogShape& shape() const noexcept { return shape_; }
  std::int64_t undated() const noexcept { return undated_; }
  // Digits behind the point as written, at most.
  std::uint8_t amount_scale() const noexcept { return amount_scale_; }
  std::uint8_t quantity_scale() const noexcept { return quantity_scale_; }
  // Lines of all segments; not more than there are bytes.
  std::uint64_t lines() const noexcept { return lines_; }

  // False at the end. Products are numbered anew where `new_segment` is set.
  bool Next(LoggedLine& line, bool& new_segment);

  // Calls visit(line, product), where product is what resolve(match_key) gave, and kNoNumber where the line
  // has none.
  template <typename Resolve, typename Visit>
  void ForEach(Resolve resolve, Visit visit) {
    LoggedLine line;
    std::vector<std::uint32_t> products;
    for (bool new_segment = false; Next(line, new_segment);) {
      if (new_segment) products.clear();
      if (line.new_product) products.push_back(resolve(*line.new_product));
      visit(line, line.product ? products[*line.product] : kNoNumber);
    }
  }

 private:
  bool OpenSegment();
  Int128 ReadAmount(unsigned code, std::int64_t& narrow, bool& is_wide);

  LogShape shape_;
  std::int64_t undated_ = 0;
  std::uint8_t amount_scale_ = 0;
  std::uint8_t quantity_scale_ = 0;
  std::uint64_t lines_ = 0;
  std::string_view rest_;     // segments not yet begun
  std::string_view segment_;  // what is left of this one
  std::uint64_t segment_lines_ = 0;
  std::uint32_t products_ = 0;  // of this segment so far
  std::int64_t day_ = 0;
  std::int64_t customer_ = 0;
  std::int64_t order_ = 0;
  std::optional<Key> last_customer_;
  std::optional<Key> last_order_;
};

}  // namespace ecomm::core
