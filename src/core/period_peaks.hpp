// Which periods the autocorrelations of a series point at.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ecomm::core {

// Autocorrelations at lags 0 to `most` < length, by the fast Fourier transform: for so many lags that the
// sums themselves would take too long. `y` varies.
std::vector<double> ManyAutocorrelations(std::span<const double> y, std::size_t most);

// Whether `lag` is twice `of` or more often, where `of` may be off by `error`.
bool IsMultiple(std::size_t lag, std::size_t of, double error);

// Lags from 2 to `most` where the autocorrelation of `y` has a peak beyond what noise has, the highest first;
// before it a fraction of that lag, if it is nearly as high.
std::vector<std::size_t> PeakLags(std::span<const double> y, std::size_t most);

// The period up to `most` near `lag` whose phases differ least within themselves (Stellingwerf 1978,
// doi:10.1086/156444): the peak of a smooth season is flat, and noise moves it.
std::size_t SharpenLag(std::span<const double> y, std::size_t lag, std::size_t most);

}  // namespace ecomm::core
