// A model's members to a document and back, so that each kind of model lists them once: its
// `template <class Archive, class Model> void Members(Archive& archive, Model& model)` calls the same
// functions of either archive.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/json.hpp"

namespace ecomm::core {

// What a number of a model may be; both ends are allowed. Beyond the default no series can lead, and squares
// of what is within can be represented.
struct Limits {
  double least = -1e150;
  double most = 1e150;
};
inline constexpr Limits kShare = {0, 1};
inline constexpr Limits kAnyNumber = {std::numeric_limits<double>::lowest(),
                                      std::numeric_limits<double>::max()};
inline constexpr Limits kNotNegative = {0, kAnyNumber.most};

class ModelWriter {
 public:
  static constexpr bool kReading = false;

  void Number(const char* key, double value, Limits = {}) { json_[key] = EncodeNumber(value); }
  void Numbers(const char* key, const std::vector<double>& values, std::size_t, std::size_t, Limits = {}) {
    json_[key] = EncodeNumbers(values.data(), values.size());
  }
  // NaN and infinities too.
  void AnyNumbers(const char* key, const std::vector<double>& values, std::size_t, std::size_t) {
    json_[key] = EncodeNumbers(values.data(), values.size());
  }
  template <class Integer>
  void Count(const char* key, Integer value, std::int64_t, std::int64_t) {
    json_[key] = value;
  }
  template <class Integer>
  void Counts(const char* key, const std::vector<Integer>& values, std::size_t, std::int64_t, std::int64_t) {
    json_[key] = values;
  }
  void Flag(const char* key, bool value) { json_[key] = value; }
  // A choice by its name.
  template <class Choice, class Parse, class Name>
  void Word(const char* key, const Choice& value, const Parse&, const Name& name) {
    json_[key] = std::string(name(value));
  }
  // Members in an object of their own.
  template <class Inner>
  void Object(const char* key, const Inner& inner) {
    ModelWriter writer;
    inner(writer);
    json_[key] = std::move(writer.json_);
  }
  void Add(const char* key, Json value) { json_[key] = std::move(value); }

  Json Take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

class ModelReader {
 public:
  static constexpr bool kReading = true;

  explicit ModelReader(JsonReader reader) : reader_(std::move(reader)) {}

  void Number(const char* key, double& value, Limits limits = {}) {
    const JsonReader number = Take(key);
    value = Checked(number, number.Finite(), limits);
  }
  void Numbers(const char* key, std::vector<double>& values, std::size_t least, std::size_t most,
               Limits limits = {}) {
    const JsonReader array = Take(key);
    values = array.FiniteNumbers(array.Length(least, most));
    for (const double value : values) Checked(array, value, limits);
  }
  void AnyNumbers(const char* key, std::vector<double>& values, std::size_t least, std::size_t most) {
    const JsonReader array = Take(key);
    values = array.Numbers(array.Length(least, most));
  }
  template <class Integer>
  void Count(const char* key, Integer& value, std::int64_t least, std::int64_t most) {
    value = static_cast<Integer>(Take(key).Integer(least, most));
  }
  template <class Integer>
  void Counts(const char* key, std::vector<Integer>& values, std::size_t longest, std::int64_t least,
              std::int64_t most) {
    const JsonReader array = Take(key);
    values.resize(array.Length(0, longest));
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<Integer>(array.Element(i).Integer(least, most));
    }
  }
  void Flag(const char* key, bool& value) { value = Take(key).Boolean(); }
  template <class Choice, class Parse, class Name>
  void Word(const char* key, Choice& value, const Parse& parse, const Name&) {
    const JsonReader word = Take(key);
    const std::string text = word.Label(kLongestWord);
    try {
      value = parse(text);
    } catch (const Error&) {
      word.Fail(std::string("a known ") + key);
    }
  }
  template <class Inner>
  void Object(const char* key, const Inner& inner) {
    ModelReader object(Take(key));
    inner(object);
    object.Finish();
  }

  // The member of a name, which is then known.
  JsonReader Take(const char* key) {
    known_.push_back(key);
    return reader_.Member(key);
  }
  const JsonReader& reader() const { return reader_; }
  // Throws for members that were not asked for.
  void Finish() const { reader_.RequireOnly(std::span<const std::string_view>(known_)); }

 private:
  static constexpr std::size_t kLongestWord = 100;

  static double Checked(const JsonReader& where, double value, Limits limits) {
    if (value >= limits.least && value <= limits.most) return value;
    where.Fail("numbers from " + DumpJson(limits.least) + " to " + DumpJson(limits.most));
  }

  JsonReader reader_;
  std::vector<std::string_view> known_;
};

}  // namespace ecomm::core
