// Scores 1 to 5 by quintile. A break is the value at the lower position of the 20, 40, 60 and 80 % quantiles;
// a value's score is one more than the breaks it exceeds. No value lies between a quantile and its lower
// position, so these are the bins of linearly interpolated quantiles (as R's type 7 and pandas.qcut), found
// without any arithmetic on money. Equal values always get equal scores.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace ecomm::core {

constexpr int kScores = 5;
constexpr int kBreaks = kScores - 1;

// Position (from 0) of break `i` among `count` > 0 sorted values.
constexpr std::size_t BreakPosition(std::size_t count, int i) noexcept {
  return (count - 1) * static_cast<std::size_t>(i + 1) / kScores;
}

template <typename T>
using Breaks = std::array<T, kBreaks>;

// Reorders `values`, which must not be empty.
template <typename T>
Breaks<T> FindBreaks(std::vector<T>& values) {
  Breaks<T> breaks;
  auto begin = values.begin();
  for (int i = 0; i < kBreaks; ++i) {
    const auto position = values.begin() + static_cast<std::ptrdiff_t>(BreakPosition(values.size(), i));
    std::nth_element(begin, position, values.end());
    breaks[static_cast<std::size_t>(i)] = *position;
    begin = position;
  }
  return breaks;
}

// 1 for the lowest values to 5 for the highest.
template <typename T>
int Score(const Breaks<T>& breaks, const T& value) {
  return 1 +
         static_cast<int>(std::count_if(breaks.begin(), breaks.end(), [&](const T& b) { return b < value; }));
}

}  // namespace ecomm::core
