#include "ecomm_analytics/core/json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

std::uint64_t BitsOf(double value) { return std::bit_cast<std::uint64_t>(value); }

double ThroughText(double value) {
  const Json parsed = ParseJson(DumpJson(EncodeNumber(value)));
  return JsonReader(parsed).Number();
}

// The message and detail of the Error that `function` throws.
template <typename Function>
std::string Complaint(Function function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return std::string(error.what()) + ": " + error.detail();
  }
  return "nothing thrown";
}

TEST(Json, NumbersKeepEveryBit) {
  using Limits = std::numeric_limits<double>;
  for (const double value : {0.0,
                             -0.0,
                             1.0,
                             0.1,
                             1.0 / 3,
                             1e22,
                             1e23,
                             123456789012345680.0,
                             0x1p53,
                             0x1p63,
                             0x1p64,
                             -0x1p63,
                             Limits::max(),
                             Limits::lowest(),
                             Limits::min(),
                             Limits::denorm_min(),
                             -Limits::denorm_min(),
                             Limits::epsilon(),
                             Limits::infinity(),
                             -Limits::infinity(),
                             Limits::quiet_NaN()}) {
    EXPECT_EQ(BitsOf(ThroughText(value)), BitsOf(value)) << value;
  }
  Random random(3);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random.Bits());
    if (std::isnan(value)) continue;
    EXPECT_EQ(BitsOf(ThroughText(value)), BitsOf(value)) << value;
  }
}

// numeric writes all digits and no exponent.
TEST(Json, NumbersAreReadAsNumericWritesThem) {
  const std::string largest = "179769313486231570" + std::string(291, '0');
  EXPECT_EQ(JsonReader(ParseJson(largest)).Number(), std::numeric_limits<double>::max());
  const std::string smallest = "0." + std::string(323, '0') + "5";
  EXPECT_EQ(JsonReader(ParseJson(smallest)).Number(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(JsonReader(ParseJson("1234567890123456800")).Number(), 1234567890123456800.0);
}

TEST(Json, ParsingRefusesWhatCannotBeRead) {
  EXPECT_NE(Complaint([] { ParseJson(""); }).find("not valid JSON"), std::string::npos);
  EXPECT_NE(Complaint([] { ParseJson("{\"a\": NaN}"); }).find("not valid JSON"), std::string::npos);
  EXPECT_NE(Complaint([] { ParseJson("{} {}"); }).find("not valid JSON"), std::string::npos);
  EXPECT_NE(Complaint([] { ParseJson("\"\xff\xfe\""); }).find("not valid JSON"), std::string::npos);
  EXPECT_NE(Complaint([] { ParseJson("[1e999]"); }).find("range"), std::string::npos);
  EXPECT_NE(Complaint([] { ParseJson(std::string(1'000'000, '[')); }).find("nested"), std::string::npos);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  EXPECT_NE(Complaint([&] { ParseJson(deep); }).find("nested"), std::string::npos);
}

TEST(Json, DumpingRefusesInvalidUtf8) {
  EXPECT_NE(Complaint([] { DumpJson(Json("\xff")); }).find("UTF-8"), std::string::npos);
  EXPECT_EQ(ParseJson(DumpJson(Json("Żółć 🐈"))), Json("Żółć 🐈"));
}

TEST(Json, ReaderSaysWhereAndWhat) {
  const Json document = ParseJson(R"({"a": [{"b": 1}, {"b": "x"}], "n": null, "t": true, "big": 1e300})");
  const JsonReader root(document);
  EXPECT_EQ(Complaint([&] { root.Member("a").Element(1).Member("b").Number(); }),
            "invalid document at $.a[1].b: Expected a number, found \"x\".");
  EXPECT_EQ(Complaint([&] { root.Member("a").Element(2); }),
            "invalid document at $.a: Expected an array of more than 2, found an array of 2.");
  EXPECT_EQ(Complaint([&] { root.Member("c"); }), "invalid document at $: Member \"c\" is missing.");
  EXPECT_EQ(Complaint([&] { root.Member("a").Member("b"); }),
            "invalid document at $.a: Expected an object, found an array of 2.");
  EXPECT_EQ(Complaint([&] { root.Member("a").Length(3, 3); }),
            "invalid document at $.a: Expected an array of 3, found an array of 2.");
  EXPECT_EQ(Complaint([&] {
              root.RequireOnly({"a", "n", "t"});
            }),
            "invalid document at $: Member \"big\" is unknown.");
  EXPECT_EQ(Complaint([&] { root.Member("t").Number(); }),
            "invalid document at $.t: Expected a number, found true.");
  EXPECT_EQ(Complaint([&] { root.Member("n").Boolean(); }),
            "invalid document at $.n: Expected true or false, found null.");
  EXPECT_FALSE(root.Has("n"));
  EXPECT_FALSE(root.Has("missing"));
  EXPECT_TRUE(root.Member("t").Boolean());
}

TEST(Json, IntegersAreWholeAndInRange) {
  const auto read = [](const char* text) {
    const Json value = ParseJson(text);
    return JsonReader(value).Integer(-5, std::numeric_limits<std::int64_t>::max());
  };
  EXPECT_EQ(read("3"), 3);
  EXPECT_EQ(read("3.0"), 3);
  EXPECT_EQ(read("-5"), -5);
  EXPECT_EQ(read("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (const char* bad :
       {"3.5", "-6", "9223372036854775808", "1e300", "\"3\"", "\"NaN\"", "[3]", "null", "true"}) {
    EXPECT_NE(Complaint([&] { read(bad); }).find("whole number"), std::string::npos) << bad;
  }
}

TEST(Json, LabelsAreShortAndPrintable) {
  const auto read = [](const Json& value) { return JsonReader(value).Label(5); };
  EXPECT_EQ(read("abcde"), "abcde");
  for (const Json& bad : {Json(""), Json("abcdef"), Json(std::string("a\0b", 3)), Json("a\nb"), Json(1)}) {
    EXPECT_NE(Complaint([&] { read(bad); }).find("text of 1 to 5 bytes"), std::string::npos) << bad;
  }
}

TEST(Json, ArraysOfNumbersHaveTheirLengthAndContent) {
  const Json document = ParseJson(R"([1, "NaN", "-0"])");
  const auto numbers = JsonReader(document).Numbers(3);
  EXPECT_EQ(numbers[0], 1);
  EXPECT_TRUE(std::isnan(numbers[1]));
  EXPECT_TRUE(std::signbit(numbers[2]));
  EXPECT_EQ(Complaint([&] { JsonReader(document).FiniteNumbers(3); }),
            "invalid document at $[1]: Expected a finite number, found \"NaN\".");
  EXPECT_EQ(Complaint([&] { JsonReader(document).Numbers(2); }),
            "invalid document at $: Expected an array of 2 numbers, found an array of 3.");
}

}  // namespace
}  // namespace ecomm::core
