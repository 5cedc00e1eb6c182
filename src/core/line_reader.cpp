#include "byte_format.hpp"
#include "ecomm_analytics/core/line_log.hpp"
#include "line_format.hpp"

namespace ecomm::core {

using byte_format::BadState;
namespace format = line_format;

namespace {

// Every day that a timestamp can have, and a few more.
constexpr std::int64_t kFirstDay = -2'500'000;
constexpr std::int64_t kLastDay = 108'000'000;

// A segment's number of lines and its bytes, taken off the front.
std::uint64_t CutSegment(std::string_view& bytes, std::string_view& segment) {
  const std::uint64_t lines = format::CutVarint(bytes);
  const std::uint64_t size = format::CutVarint(bytes);
  segment = byte_format::Cut(bytes, size, 1);
  if (lines == 0 || lines > size / sizeof(std::uint16_t)) BadState();
  return lines;
}

}  // namespace

LineReader::LineReader(std::string_view serialized) {
  const format::Header header = format::ReadHeader(serialized);
  shape_ = header.shape;
  undated_ = header.undated;
  amount_scale_ = header.amount_scale;
  quantity_scale_ = header.quantity_scale;
  rest_ = serialized;
  for (std::string_view segment; !serialized.empty();) lines_ += CutSegment(serialized, segment);
}

bool LineReader::OpenSegment() {
  if (!segment_.empty()) BadState();
  if (rest_.empty()) return false;
  segment_lines_ = CutSegment(rest_, segment_);
  products_ = 0;
  day_ = customer_ = order_ = 0;
  last_customer_.reset();
  last_order_.reset();
  return true;
}

bool LineReader::Next(LoggedLine& line, bool& new_segment) {
  new_segment = segment_lines_ == 0;
  if (new_segment && !OpenSegment()) return false;
  --segment_lines_;
  std::string_view flag_bytes = byte_format::Cut(segment_, 1, sizeof(std::uint16_t));
  const unsigned flags = byte_format::Peek<std::uint16_t>(flag_bytes, 0);
  if ((flags & format::kNoFlag) != 0) BadState();
  if ((flags & format::kSameDay) == 0) {
    const std::int64_t step = format::CutSigned(segment_);
    if (__builtin_add_overflow(day_, step, &day_) || day_ < kFirstDay || day_ > kLastDay) BadState();
  }
  line.day = static_cast<std::int32_t>(day_);
  line.of_order = (flags & format::kOfOrder) != 0;
  line.of_customer = (flags & format::kOfCustomer) != 0;

  // Keys of bytes stand behind everything of fixed form; until then their lengths.
  std::uint64_t customer_size = 0;
  std::uint64_t order_size = 0;
  const auto read_key = [this](bool known, KeyKind kind, std::optional<Key>& key, std::int64_t& number,
                               std::uint64_t& size) {
    key.reset();
    if (!known) return;
    key.emplace();
    if (kind == KeyKind::kBytes) {
      size = format::CutVarint(segment_);
      return;
    }
    number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) +
                                       static_cast<std::uint64_t>(format::CutSigned(segment_)));
    key->number = number;
  };
  line.same_customer = (flags & format::kSameCustomer) != 0 && !new_segment;
  line.same_order = (flags & format::kSameOrder) != 0 && !new_segment;
  if ((flags & format::kSameCustomer) == 0) {
    read_key((flags & format::kCustomer) != 0, shape_.customer_kind, last_customer_, customer_,
             customer_size);
  }
  if ((flags & format::kSameOrder) == 0) {
    read_key((flags & format::kOrder) != 0, shape_.order_kind, last_order_, order_, order_size);
  }

  line.product.reset();
  line.new_product.reset();
  std::uint64_t product_size = 0;
  if ((flags & format::kProduct) != 0) {
    const std::uint64_t product = format::CutVarint(segment_);
    if (product > products_) BadState();
    line.product = static_cast<std::uint32_t>(product);
    if (product == products_) {
      product_size = format::CutVarint(segment_);
      if (product_size == 0) BadState();
      ++products_;
    }
  }

  line.amount = line.quantity = 0;
  line.wide_amount = line.wide_quantity = 0;
  line.is_purchase = line.is_wide = false;
  if ((flags & format::kAmount) != 0) {
    line.wide_amount = ReadAmount(flags >> format::kAmountShift & 3U, line.amount, line.is_wide);
    line.is_purchase = line.amount >= 0 && line.wide_amount >= 0;
  }
  if ((flags & format::kQuantity) != 0) {
    line.wide_quantity = ReadAmount(flags >> format::kQuantityShift & 3U, line.quantity, line.is_wide);
  }

  if (customer_size > 0) last_customer_->bytes = byte_format::Cut(segment_, customer_size, 1);
  if (order_size > 0) last_order_->bytes = byte_format::Cut(segment_, order_size, 1);
  if (product_size > 0) line.new_product = byte_format::Cut(segment_, product_size, 1);
  line.customer = last_customer_;
  line.order = last_order_;
  return true;
}

Int128 LineReader::ReadAmount(unsigned code, std::int64_t& narrow, bool& is_wide) {
  if (code == format::kWide) {
    is_wide = true;
    const auto value = byte_format::Peek<Int128>(byte_format::Cut(segment_, 1, sizeof(Int128)), 0);
    if (value > format::kMostWide || value < -format::kMostWide) BadState();
    return value;
  }
  if (__builtin_mul_overflow(format::CutSigned(segment_), format::kToNarrow[code], &narrow) ||
      narrow >= format::kMostNarrow || narrow <= -format::kMostNarrow) {
    BadState();
  }
  return 0;
}

}  // namespace ecomm::core
