// JSON as this project uses it. Include this, never <nlohmann/json.hpp>: its assertions would abort the
// server, so they are made to throw.
//
// Numbers survive the trip through jsonb bit for bit. jsonb keeps numbers as numeric, which holds every
// finite double exactly as its shortest round-trip decimal, down to the denormals, but knows neither a
// negative zero nor NaN and infinities inside a document. Those four are written as strings: "-0", "NaN",
// "Infinity" and "-Infinity", each of which `->>` and a cast to float8 turn back into the same value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#ifdef JSON_ASSERT
#error "include ecomm_analytics/core/json.hpp before any nlohmann header"
#endif
namespace ecomm::core {
[[noreturn]] void FailJsonAssertion(const char* condition);
}
#define JSON_ASSERT(condition) ((condition) ? void() : ::ecomm::core::FailJsonAssertion(#condition))

#include <nlohmann/json.hpp>

namespace ecomm::core {

using Json = nlohmann::json;

// Deeper documents are refused: nothing of ours nests further than six levels, and walking a document
// recurses.
inline constexpr int kMaxJsonDepth = 32;

// Text (UTF-8) to a document. Throws Error(kBadData) for bad syntax, invalid UTF-8, numbers beyond the range
// of a double and nesting beyond kMaxJsonDepth.
Json ParseJson(std::string_view text);

// A document to compact text with sorted keys. Throws Error(kBadData) when a string is not valid UTF-8.
std::string DumpJson(const Json& document);

// A double so that JsonReader::Number gives back the same bits (every NaN becomes the quiet one).
Json EncodeNumber(double value);
Json EncodeNumbers(const double* values, std::size_t count);

// A value inside a document together with its path, so that every complaint says where. All accessors throw
// Error(kBadData) that names the path (as SQL/JSON writes it: $.clusters[2].centroid[0]), what is expected
// there and what was found. The document must outlive the reader.
class JsonReader {
 public:
  explicit JsonReader(const Json& value, std::string path = "$") : value_(&value), path_(std::move(path)) {}

  const Json& value() const noexcept { return *value_; }
  const std::string& path() const noexcept { return path_; }

  // Members of an object. `Member` must be there; `Has` is false when absent or null.
  bool Has(std::string_view key) const;
  JsonReader Member(std::string_view key) const;
  // A misspelt optional member would otherwise be lost in silence.
  void RequireOnly(std::initializer_list<std::string_view> allowed) const;
  void RequireOnly(std::span<const std::string_view> allowed) const;
  // The names of all members, each a label as Label(most) reads one.
  std::vector<std::string> Keys(std::size_t most) const;

  // Elements of an array, whose length must lie in [least, most].
  std::size_t Length(std::size_t least, std::size_t most) const;
  JsonReader Element(std::size_t index) const;

  // Scalars. `Number` reads what EncodeNumber writes; `Finite` refuses NaN and infinities. `Integer` takes
  // whole numbers only (3 and 3.0), in [least, most].
  double Number() const;
  double Finite() const;
  std::int64_t Integer(std::int64_t least, std::int64_t most) const;
  bool Boolean() const;
  // Text that is not empty, of at most `most` bytes, no control characters (a zero byte would end a text
  // value early).
  std::string Label(std::size_t most) const;

  // An array of exactly `count` numbers.
  std::vector<double> Numbers(std::size_t count) const;
  std::vector<double> FiniteNumbers(std::size_t count) const;

  // Throws for a rule only the caller knows; `expected` completes "expected …".
  [[noreturn]] void Fail(const std::string& expected) const;

 private:
  void RequireObject() const;

  const Json* value_;
  std::string path_;
};

// The first look at a document of ours, as an object with a format_version and a kind; what else another
// version may hold is not ours to say. Throws Error(kBadData).
void RequireFormat(const JsonReader& root, int version, std::string_view kind);

}  // namespace ecomm::core
