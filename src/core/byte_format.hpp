// How aggregate states are written as bytes, and read back with every length checked.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core::byte_format {

[[noreturn]] inline void BadState() { throw Error(ErrorCode::kBadData, "invalid aggregate state"); }

template <typename T>
void Put(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T Peek(std::string_view bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

// Cuts `count` items of `size` bytes off the front.
inline std::string_view Cut(std::string_view& bytes, std::uint64_t count, std::size_t size) {
  if (count > bytes.size() / size) BadState();
  const std::string_view piece = bytes.substr(0, count * size);
  bytes.remove_prefix(piece.size());
  return piece;
}

// Byte strings as they are stored: where each ends, then all of them.
template <typename Get>
void PutNames(std::string& out, std::size_t count, Get get) {
  std::uint64_t end = 0;
  Steps steps;
  for (std::size_t i = 0; i < count; ++i, steps.Step()) Put(out, end += get(i).size());
  for (std::size_t i = 0; i < count; ++i, steps.Step()) out += get(i);
}

// The i-th byte string of a block whose ends are 64-bit offsets.
inline std::string_view Name(std::string_view ends, std::string_view bytes, std::size_t i) {
  const std::uint64_t begin = i == 0 ? 0 : Peek<std::uint64_t>(ends, i - 1);
  const auto end = Peek<std::uint64_t>(ends, i);
  if (begin > end || end > bytes.size()) BadState();
  return bytes.substr(begin, end - begin);
}

// `count` items off the front as a vector.
template <typename T>
std::vector<T> CutVector(std::string_view& bytes, std::uint64_t count) {
  const std::string_view piece = Cut(bytes, count, sizeof(T));
  std::vector<T> items(count);
  if (!piece.empty()) std::memcpy(items.data(), piece.data(), piece.size());
  return items;
}

template <typename T>
void PutVector(std::string& out, const std::vector<T>& items) {
  out.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
}

}  // namespace ecomm::core::byte_format
