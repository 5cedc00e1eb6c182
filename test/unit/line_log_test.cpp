#include "ecomm_analytics/core/line_log.hpp"

#include "ecomm_analytics/core/sale_rules.hpp"
#include "summary_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

std::vector<LoggedLine> ReadAll(std::string_view log, std::vector<std::string>& products) {
  std::vector<LoggedLine> lines;
  LineReader reader(log);
  reader.ForEach(
      [&](std::string_view key) {
        products.emplace_back(key);
        return static_cast<std::uint32_t>(products.size() - 1);
      },
      [&](const LoggedLine& line, std::uint32_t product) {
        lines.push_back(line);
        lines.back().product = product;
      });
  return lines;
}

TEST(LineLog, GivesBackWhatWasWritten) {
  Random random(1);
  for (const KeyKind kind : {KeyKind::kNumber, KeyKind::kBytes}) {
    const Shop shop(kind, kind);
    const auto lines = Shop::SomeLines(random, 3000);
    const std::string log = shop.LogOf(lines);
    std::vector<std::string> products;
    const auto read = ReadAll(log, products);
    ASSERT_EQ(read.size(), lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const LineLog::Line line = shop.LineOf(lines[i]);
      EXPECT_EQ(read[i].day, lines[i].day);
      ASSERT_EQ(read[i].customer.has_value(), line.customer.has_value());
      ASSERT_EQ(read[i].order.has_value(), line.order.has_value());
      const auto same = [&](const std::optional<Key>& a, const std::optional<Key>& b) {
        return !a || (kind == KeyKind::kNumber ? a->number == b->number : a->bytes == b->bytes);
      };
      EXPECT_TRUE(same(read[i].customer, line.customer));
      EXPECT_TRUE(same(read[i].order, line.order));
      if (line.product) {
        EXPECT_EQ(products[*read[i].product], MatchKey(*line.product));
      }
      EXPECT_EQ(read[i].product == kNoNumber, !line.product);
      EXPECT_EQ(read[i].amount, lines[i].priced ? lines[i].cents * 100 : 0);
      EXPECT_EQ(read[i].quantity, lines[i].quantity * 10'000);
      EXPECT_EQ(read[i].is_purchase, lines[i].priced && lines[i].cents >= 0);
      EXPECT_TRUE(read[i].of_order && read[i].of_customer && !read[i].is_wide);
    }
  }
}

TEST(LineLog, IsSmall) {
  const Shop shop(KeyKind::kNumber, KeyKind::kNumber);
  EXPECT_LT(shop.LogOf({{8000, 5, 300, 1, 1999, 2}}).size(), 35U);
  std::vector<ShopLine> lines;
  for (int i = 0; i < 10'000; ++i) {
    lines.push_back({8000 + i / 3000, i / 3 % 300, i / 3 % 300, i % 7, 1000 + i % 5000, i % 6});
  }
  EXPECT_LT(shop.LogOf(lines).size(), 90'000U);
}

TEST(LineLog, KeepsExtremeKeys) {
  for (const std::vector<std::int64_t>& keys :
       {std::vector<std::int64_t>{INT64_MIN, INT64_MAX, 0, -1, INT64_MIN, INT64_MIN, INT64_MAX}}) {
    LineLog log({});
    for (const std::int64_t key : keys) {
      LineLog::Line line;
      line.sold_at = key == 0 ? -211'813'488'000'000'000 : 9'223'371'331'199'999'999;
      line.customer = Key{key, {}};
      line.order = Key{-1 - key, {}};
      log.Add(line);
    }
    const std::string bytes = log.Serialize();
    std::vector<std::string> products;
    const auto read = ReadAll(bytes, products);
    ASSERT_EQ(read.size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      EXPECT_EQ(read[i].customer->number, keys[i]);
      EXPECT_EQ(read[i].order->number, -1 - keys[i]);
      EXPECT_FALSE(read[i].is_purchase);
    }
  }
}

// As long as they may be, with more digits than are written, and around the longest that is written narrow.
TEST(LineLog, KeepsAmountsToTheLastDigit) {
  std::vector<Amount> amounts;
  const auto add = [&](Int128 value) {
    for (const Int128 near : {value - 1, value, value + 1, -value}) {
      for (const std::uint8_t scale : {0, 1, 2, 3, 16})
        amounts.push_back({.display_scale = scale, .value = near});
    }
  };
  Int128 power = 1;
  for (int digits = 0; digits <= 36; ++digits, power *= 10) {
    for (const int factor : {1, 2, 5, 7}) add(power * factor);
  }
  constexpr Int128 kMost = (Int128{1} << 62) / 10'000;
  for (const Int128 unit :
       {Int128{1'000'000'000'000}, Int128{100'000'000'000'000}, Int128{10'000'000'000'000'000}}) {
    add(kMost * 10'000 * unit);
    add(kMost * 100 * unit);
    add(kMost * unit);
  }
  Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    add(static_cast<Int128>(random.Below(UINT64_MAX)) *
        static_cast<Int128>(random.Below(1ULL << random.Below(60))));
  }

  LineLog log({});
  for (const Amount& amount : amounts) {
    LineLog::Line line;
    line.sold_at = 0;
    line.amount = amount;
    log.Add(line);
  }
  std::vector<std::string> products;
  const std::string bytes = log.Serialize();
  const auto read = ReadAll(bytes, products);
  ASSERT_EQ(read.size(), amounts.size());
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const Int128 value = read[i].wide_amount + Int128{read[i].amount} * 1'000'000'000'000;
    ASSERT_TRUE(value == amounts[i].value) << i;
    if (read[i].is_wide) {
      EXPECT_TRUE(amounts[i].value % 1'000'000'000'000 != 0 ||
                  amounts[i].value >= kMost * 1'000'000'000'000 ||
                  amounts[i].value <= -kMost * 1'000'000'000'000);
    }
  }
}

TEST(LineLog, CountsLinesWithoutADate) {
  LineLog log({});
  log.Add({});
  log.Add({});
  LineLog other({});
  other.Merge(log.Serialize());
  other.Add({});
  const std::string bytes = other.Serialize();
  const LineReader reader(bytes);
  EXPECT_EQ(reader.undated(), 3);
  EXPECT_EQ(reader.lines(), 0U);
}

TEST(LineLog, RefusesWhatItCannotHold) {
  EXPECT_EQ(Thrown([] { LineLog({.part = 2, .parts = 2}); }).code(), ErrorCode::kInvalidArgument);
  LineLog log({});
  LineLog::Line line;
  line.sold_at = 0;
  line.amount = Amount{.kind = Amount::Kind::kBeyond};
  EXPECT_EQ(Thrown([&] { log.Add(line); }).code(), ErrorCode::kNumericRange);
  line.amount = Amount{.value = Int128{1} << 126};
  EXPECT_EQ(Thrown([&] { log.Add(line); }).code(), ErrorCode::kNumericRange);
  line.amount = Amount{.kind = Amount::Kind::kNotANumber};
  log.Add(line);
  EXPECT_EQ(Thrown([&] { log.Serialize(10); }).code(), ErrorCode::kMemoryLimit);
  EXPECT_EQ(Thrown([&] { LineLog({.customer_kind = KeyKind::kBytes}).Merge(log.Serialize()); }).code(),
            ErrorCode::kBadData);
  EXPECT_EQ(Thrown([&] { LineLog({.part = 0, .parts = 2}).Merge(log.Serialize()); }).code(),
            ErrorCode::kBadData);
}

// Cut off or altered anywhere, a log is refused or read as another one, and nothing else happens.
TEST(LineLog, SurvivesMalformedBytes) {
  Random random(7);
  for (const KeyKind kind : {KeyKind::kNumber, KeyKind::kBytes}) {
    const Shop shop(kind, kind);
    const States states = Shop::SomeStates(random);
    LineLog merged(shop.shape());
    merged.Merge(shop.LogOf(Shop::SomeLines(random, 12)));
    for (const ShopLine& line : Shop::SomeLines(random, 12)) merged.Add(shop.LineOf(line));
    LineLog::Line wide;
    wide.sold_at = 0;
    wide.amount = Amount{.value = 1};
    merged.Add(wide);
    const std::string log = merged.Serialize();
    int refused = 0;
    const auto read = [&](const std::string& bytes) {
      Budget budget;
      const auto dimensions = shop.DimensionsOf(states, states, budget);
      const std::string_view view = bytes;
      try {
        if (ShapeOfLog(view) != shop.shape()) return;
        Summarise({&view, 1}, *dimensions, budget, [](const SummaryKey&, const SummaryCell&) {});
      } catch (const Error&) {
        ++refused;
      }
    };
    // Between segments a log may end.
    int whole = 0;
    for (std::size_t length = 0; length < log.size(); ++length) {
      const int before = refused;
      read(log.substr(0, length));
      whole += refused == before;
    }
    EXPECT_LE(whole, 2);
    refused = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string bytes = log;
        bytes[i] = static_cast<char>(bytes[i] ^ 1 << bit);
        read(bytes);
      }
      std::string bytes = log;
      bytes[i] = static_cast<char>(random.Below(256));
      read(bytes);
    }
    EXPECT_GT(refused, 0);
  }
}

TEST(MatchKeys, AreTrimmedAndUpperCase) {
  EXPECT_EQ(MatchKey(" 85123a\t"), "85123A");
  EXPECT_EQ(MatchKey("\n "), "");
  EXPECT_EQ(MatchKey("Caf\xc3\xa9 1"), "CAF\xc3\xa9 1");
}

}  // namespace
}  // namespace ecomm::core
