#include "ecomm_analytics/core/line_log.hpp"

#include <algorithm>
#include <functional>

#include "byte_format.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/sale_rules.hpp"
#include "line_format.hpp"

namespace ecomm::core {

using byte_format::BadState;
namespace format = line_format;

namespace {

constexpr std::size_t kFirstChunk = 256;
constexpr std::size_t kLargestChunk = 1 << 20;

std::uint64_t HashOf(KeyKind kind, const Key& key) {
  return MixBits(kind == KeyKind::kNumber ? static_cast<std::uint64_t>(key.number)
                                          : std::hash<std::string_view>{}(key.bytes));
}

// An amount as it is written: the fewest digits behind the point that hold it, or all of it.
struct Coded {
  unsigned code = format::kWide;
  std::int64_t value = 0;
};

using Uint128 = unsigned __int128;

// To divide by 10^zeros without a division: 10^zeros is 2^zeros times an odd number, whose multiples become
// their quotients when they are multiplied by its inverse modulo 2^128, and all other numbers more than
// 2^128 / 5^zeros, which is more than `most`.
struct ExactDivisor {
  unsigned zeros;
  Uint128 inverse;
  Uint128 most;  // quotients are less
};

constexpr ExactDivisor DivisorOf(unsigned zeros, std::int64_t to_narrow) {
  Uint128 odd = 1;
  for (unsigned i = 0; i < zeros; ++i) odd *= 5;
  Uint128 inverse = odd;                                                   // right in three bits,
  for (int bits = 3; bits < 128; bits *= 2) inverse *= 2 - odd * inverse;  // and in twice as many each time
  return {zeros, inverse, static_cast<Uint128>(format::kMostNarrow / to_narrow)};
}

constexpr std::array<ExactDivisor, format::kWide> kDivisors = {DivisorOf(16, format::kToNarrow[0]),
                                                               DivisorOf(14, format::kToNarrow[1]),
                                                               DivisorOf(12, format::kToNarrow[2])};

Coded Code(const Amount& amount) {
  // As it was written it is exact, so one division mostly does.
  unsigned code = amount.display_scale == 0 ? 0 : amount.display_scale <= 2 ? 1 : 2;
  const Uint128 magnitude = amount.value < 0 ? -static_cast<Uint128>(amount.value) : amount.value;
  for (; code < format::kWide; ++code) {
    const ExactDivisor& divisor = kDivisors[code];
    if ((magnitude & ((Uint128{1} << divisor.zeros) - 1)) != 0) continue;
    const Uint128 quotient = (magnitude >> divisor.zeros) * divisor.inverse;
    if (quotient >= divisor.most) continue;
    const auto value = static_cast<std::int64_t>(quotient);
    return {code, amount.value < 0 ? -value : value};
  }
  return {};
}

[[noreturn]] void FailRange() {
  throw Error(ErrorCode::kNumericRange, "an amount or a quantity has more digits than a summary holds",
              "It holds 20 digits before the decimal point.");
}

}  // namespace

LogShape ShapeOfLog(std::string_view serialized) { return format::ReadHeader(serialized).shape; }

LineLog::LineLog(const LogShape& shape) : shape_(shape) {
  if (shape.part >= shape.parts) {
    throw Error(ErrorCode::kInvalidArgument, "part must be from 0 to less than parts",
                "It is " + std::to_string(shape.part) + " of " + std::to_string(shape.parts) + ".");
  }
}

void LineLog::Add(const Line& line) {
  if (!line.sold_at) {
    ++undated_;
    return;
  }
  for (const auto* amount : {&line.amount, &line.quantity}) {
    if (IsBeyond(*amount) || (IsFinite(*amount) && ((*amount)->value > format::kMostWide ||
                                                    (*amount)->value < -format::kMostWide))) {
      FailRange();
    }
  }
  if (shape_.parts == 1) return Write(line, true, true);
  const std::uint64_t customer = line.customer ? HashOf(shape_.customer_kind, *line.customer) : 0;
  const std::uint64_t order = line.order
                                  ? HashOf(shape_.order_kind, *line.order)
                                  : MixBits(customer + static_cast<std::uint64_t>(DayOf(*line.sold_at)));
  const bool of_order = PartOf(order) == shape_.part;
  const bool of_customer = line.customer && IsPurchase(line.amount) && PartOf(customer) == shape_.part;
  if (of_order || of_customer) Write(line, of_order, of_customer);
}

void LineLog::Write(const Line& line, bool of_order, bool of_customer) {
  const auto day = static_cast<std::int32_t>(DayOf(*line.sold_at));
  unsigned flags = (of_order ? format::kOfOrder : 0) | (of_customer ? format::kOfCustomer : 0);
  std::array<char, format::kMostFixedBytes> buffer;
  char* end = buffer.data() + sizeof(std::uint16_t);
  if (own_lines_ > 0 && day == day_) {
    flags |= format::kSameDay;
  } else {
    end = format::PutSigned(end, std::int64_t{day} - day_);
    day_ = day;
  }
  std::string_view customer_bytes;
  std::string_view order_bytes;
  // What is said of a customer or an order that is not that of the line before.
  const auto put_key = [&](KeyKind kind, const std::optional<Key>& key, bool& has, std::int64_t& number,
                           std::string& bytes, unsigned same, unsigned known, std::string_view& follows) {
    if (own_lines_ > 0 && key.has_value() == has &&
        (!key || (kind == KeyKind::kNumber ? key->number == number : key->bytes == bytes))) {
      flags |= same;
      return;
    }
    has = key.has_value();
    if (!key) return;
    flags |= known;
    if (kind == KeyKind::kNumber) {
      end = format::PutSigned(end, static_cast<std::int64_t>(static_cast<std::uint64_t>(key->number) -
                                                             static_cast<std::uint64_t>(number)));
      number = key->number;
    } else {
      end = format::PutVarint(end, key->bytes.size());
      bytes = key->bytes;
      follows = bytes;
    }
  };
  put_key(shape_.customer_kind, line.customer, has_customer_, customer_, customer_bytes_,
          format::kSameCustomer, format::kCustomer, customer_bytes);
  put_key(shape_.order_kind, line.order, has_order_, order_, order_bytes_, format::kSameOrder, format::kOrder,
          order_bytes);

  std::string_view product_bytes;
  if (line.product) {
    const auto [number, is_new] = products_.Insert(*line.product);
    if (number != kNoNumber) {
      flags |= format::kProduct;
      end = format::PutVarint(end, number);
      if (is_new) {
        product_bytes = products_.Get(number);
        end = format::PutVarint(end, product_bytes.size());
      }
    }
  }
  const auto put_amount = [&](const std::optional<Amount>& amount, unsigned finite, unsigned shift,
                              std::uint8_t& scale) {
    if (!IsFinite(amount)) return;
    const Coded coded = Code(*amount);
    flags |= finite | coded.code << shift;
    scale = std::max(scale, amount->display_scale);
    if (coded.code == format::kWide) {
      std::memcpy(end, &amount->value, sizeof amount->value);
      end += sizeof amount->value;
    } else {
      end = format::PutSigned(end, coded.value);
    }
  };
  put_amount(line.amount, format::kAmount, format::kAmountShift, amount_scale_);
  put_amount(line.quantity, format::kQuantity, format::kQuantityShift, quantity_scale_);

  const auto stored = static_cast<std::uint16_t>(flags);
  std::memcpy(buffer.data(), &stored, sizeof stored);
  PutBytes({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
  if (!customer_bytes.empty()) PutBytes(customer_bytes);
  if (!order_bytes.empty()) PutBytes(order_bytes);
  if (!product_bytes.empty()) PutBytes(product_bytes);
  ++own_lines_;
}

void LineLog::PutBytes(std::string_view bytes) {
  own_bytes_ += bytes.size();
  while (!bytes.empty()) {
    if (chunks_.empty() || chunks_.back().size() == chunks_.back().capacity()) {
      const std::size_t size = chunks_.empty() ? kFirstChunk : std::min(kLargestChunk, own_bytes_);
      budget_.Take(size);
      chunks_.emplace_back().reserve(size);
    }
    std::string& chunk = chunks_.back();
    const std::string_view piece = bytes.substr(0, chunk.capacity() - chunk.size());
    chunk += piece;
    bytes.remove_prefix(piece.size());
  }
}

void LineLog::Merge(std::string_view serialized) {
  const format::Header header = format::ReadHeader(serialized);
  if (header.shape != shape_) BadState();
  undated_ += header.undated;
  amount_scale_ = std::max(amount_scale_, header.amount_scale);
  quantity_scale_ = std::max(quantity_scale_, header.quantity_scale);
  budget_.Take(serialized.size());
  merged_bytes_ += serialized.size();
  merged_.emplace_back(serialized);
}

std::string LineLog::Serialize(std::size_t most) const {
  std::string out = format::WriteHeader({.shape = shape_,
                                         .undated = undated_,
                                         .amount_scale = amount_scale_,
                                         .quantity_scale = quantity_scale_});
  std::array<char, 2 * format::kMostVarint> counts;
  char* end = counts.data();
  if (own_lines_ > 0) end = format::PutVarint(format::PutVarint(end, own_lines_), own_bytes_);
  const auto counts_size = static_cast<std::size_t>(end - counts.data());
  const std::size_t size = out.size() + counts_size + own_bytes_ + merged_bytes_;
  if (size > most) {
    throw Error(ErrorCode::kMemoryLimit, "a log of sale lines would be too long",
                "It would have " + std::to_string(size) + " bytes, at most " + std::to_string(most) +
                    " are possible.",
                "Take the lines in more parts.");
  }
  RequireMemory(budget_.used() + size, "a log of sale lines");
  out.reserve(size);
  out.append(counts.data(), counts_size);
  for (const auto* pieces : {&chunks_, &merged_}) {
    for (const std::string& piece : *pieces) {
      Poll();
      out += piece;
    }
  }
  return out;
}

}  // namespace ecomm::core
