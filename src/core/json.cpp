#include "ecomm_analytics/core/json.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What stands there, short enough for a message.
std::string Describe(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array of " + std::to_string(value.size());
  if (!value.is_string()) return value.dump();
  const auto& text = value.get_ref<const std::string&>();
  return text.size() <= 40 ? '"' + text + '"' : "a string of " + std::to_string(text.size()) + " bytes";
}

// False when `value` is no number at all.
bool ReadNumber(const Json& value, double* number) {
  if (value.is_number()) {
    *number = value.get<double>();
    return true;
  }
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  if (text == "NaN") {
    *number = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity") {
    *number = kInfinity;
  } else if (text == "-Infinity") {
    *number = -kInfinity;
  } else if (text == "-0") {
    *number = -0.0;
  } else {
    return false;
  }
  return true;
}

bool IsLabel(const std::string& text, std::size_t most) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return !text.empty() && text.size() <= most && std::none_of(text.begin(), text.end(), is_control);
}

std::string ExpectedLabel(std::size_t most) {
  return "text of 1 to " + std::to_string(most) + " bytes without control characters";
}

// .plain or ."with others", as SQL/JSON paths have it.
std::string PathStep(std::string_view key) {
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; };
  if (std::all_of(key.begin(), key.end(), is_plain)) return '.' + std::string(key);
  return ".\"" + std::string(key) + '"';
}

}  // namespace

void FailJsonAssertion(const char* condition) { throw std::logic_error(std::string("json: ") + condition); }

Json ParseJson(std::string_view text) {
  const auto limit_depth = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    if (depth > kMaxJsonDepth) {
      throw Error(ErrorCode::kBadData, "document is nested too deeply",
                  "At most " + std::to_string(kMaxJsonDepth) + " levels are read.");
    }
    return true;
  };
  try {
    return Json::parse(text, limit_depth);
  } catch (const Json::parse_error& error) {
    throw Error(
        ErrorCode::kBadData, "document is not valid JSON",
        "Syntax error at byte " + std::to_string(error.byte) + " of " + std::to_string(text.size()) + ".");
  } catch (const Json::out_of_range&) {
    throw Error(ErrorCode::kBadData, "document holds a number beyond the range of double precision");
  }
}

std::string DumpJson(const Json& document) {
  try {
    return document.dump();
  } catch (const Json::type_error&) {
    throw Error(ErrorCode::kBadData, "document holds text that is not valid UTF-8");
  }
}

Json EncodeNumber(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0 && std::signbit(value)) return "-0";
  return value;
}

Json EncodeNumbers(const double* values, std::size_t count) {
  Json array = Json::array();
  for (std::size_t i = 0; i < count; ++i) array.push_back(EncodeNumber(values[i]));
  return array;
}

void JsonReader::Fail(const std::string& expected) const {
  std::string found;
  try {
    found = Describe(*value_);
  } catch (const Json::exception&) {
    found = "something that is not valid UTF-8";
  }
  throw Error(ErrorCode::kBadData, "invalid document at " + path_,
              "Expected " + expected + ", found " + found + ".");
}

void JsonReader::RequireObject() const {
  if (!value_->is_object()) Fail("an object");
}

bool JsonReader::Has(std::string_view key) const {
  RequireObject();
  const auto member = value_->find(key);
  return member != value_->end() && !member->is_null();
}

JsonReader JsonReader::Member(std::string_view key) const {
  RequireObject();
  const auto member = value_->find(key);
  if (member == value_->end()) {
    throw Error(ErrorCode::kBadData, "invalid document at " + path_,
                "Member \"" + std::string(key) + "\" is missing.");
  }
  return JsonReader(*member, path_ + PathStep(key));
}

void JsonReader::RequireOnly(std::initializer_list<std::string_view> allowed) const {
  RequireOnly(std::span(allowed.begin(), allowed.size()));
}

void JsonReader::RequireOnly(std::span<const std::string_view> allowed) const {
  RequireObject();
  for (const auto& item : value_->items()) {
    if (std::find(allowed.begin(), allowed.end(), item.key()) != allowed.end()) continue;
    std::string list;
    for (const auto name : allowed) list.append(list.empty() ? "" : ", ").append(name);
    const std::string shown = item.key().size() <= 40 ? '"' + item.key() + '"' : "with a long name";
    throw Error(ErrorCode::kBadData, "invalid document at " + path_, "Member " + shown + " is unknown.",
                "Members known here: " + list + ".");
  }
}

std::vector<std::string> JsonReader::Keys(std::size_t most) const {
  RequireObject();
  std::vector<std::string> keys;
  for (const auto& item : value_->items()) {
    if (!IsLabel(item.key(), most)) Fail("members named by " + ExpectedLabel(most));
    keys.push_back(item.key());
  }
  return keys;
}

std::size_t JsonReader::Length(std::size_t least, std::size_t most) const {
  if (!value_->is_array() || value_->size() < least || value_->size() > most) {
    Fail(least == most ? "an array of " + std::to_string(least)
                       : "an array of " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value_->size();
}

JsonReader JsonReader::Element(std::size_t index) const {
  if (!value_->is_array() || index >= value_->size()) Fail("an array of more than " + std::to_string(index));
  return JsonReader((*value_)[index], path_ + '[' + std::to_string(index) + ']');
}

double JsonReader::Number() const {
  double number = 0;
  if (!ReadNumber(*value_, &number)) Fail("a number");
  return number;
}

double JsonReader::Finite() const {
  double number = 0;
  if (!ReadNumber(*value_, &number) || !std::isfinite(number)) Fail("a finite number");
  return number;
}

std::int64_t JsonReader::Integer(std::int64_t least, std::int64_t most) const {
  const std::string expected = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  std::int64_t number = 0;
  if (value_->is_number_unsigned()) {
    const auto wide = value_->get<std::uint64_t>();
    if (wide > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) Fail(expected);
    number = static_cast<std::int64_t>(wide);
  } else if (value_->is_number_integer()) {
    number = value_->get<std::int64_t>();
  } else if (value_->is_number_float()) {
    const double real = value_->get<double>();
    if (real != std::trunc(real) || std::fabs(real) > 0x1p53) Fail(expected);
    number = static_cast<std::int64_t>(real);
  } else {
    Fail(expected);
  }
  if (number < least || number > most) Fail(expected);
  return number;
}

bool JsonReader::Boolean() const {
  if (!value_->is_boolean()) Fail("true or false");
  return value_->get<bool>();
}

std::string JsonReader::Label(std::size_t most) const {
  if (!value_->is_string()) Fail(ExpectedLabel(most));
  const auto& text = value_->get_ref<const std::string&>();
  if (!IsLabel(text, most)) Fail(ExpectedLabel(most));
  return text;
}

std::vector<double> JsonReader::Numbers(std::size_t count) const {
  if (!value_->is_array() || value_->size() != count)
    Fail("an array of " + std::to_string(count) + " numbers");
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!ReadNumber((*value_)[i], &numbers[i])) Element(i).Fail("a number");
  }
  return numbers;
}

std::vector<double> JsonReader::FiniteNumbers(std::size_t count) const {
  auto numbers = Numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(numbers[i])) Element(i).Fail("a finite number");
  }
  return numbers;
}

void RequireFormat(const JsonReader& root, int version, std::string_view kind) {
  constexpr std::size_t kLongestKind = 200;
  // What another version may look like is not ours to say: nothing else is read before this.
  if (!root.Has("format_version")) root.Fail("an object with a \"format_version\"");
  const auto found = root.Member("format_version").Integer(1, std::numeric_limits<int>::max());
  if (found != version) {
    throw Error(ErrorCode::kBadData, "unknown format_version of a model document",
                "Found " + std::to_string(found) + ", known is " + std::to_string(version) + ".",
                "Use the version of the extension that wrote the document.");
  }
  const JsonReader member = root.Member("kind");
  if (member.Label(kLongestKind) != kind) member.Fail('"' + std::string(kind) + '"');
}

}  // namespace ecomm::core
