// Eight doubles side by side: the one width every kernel over many points is written in. The compiler lowers
// it to whatever the target has (four SSE2 registers, two AVX ones, one AVX-512 one), so the additions happen
// in the same order everywhere and a result does not depend on the machine's instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

// One copy of a hot function per instruction set, picked when the library is loaded. Building with
// -DECOMM_CLONES= leaves the portable one.
#if !defined(ECOMM_CLONES) && defined(__x86_64__) && defined(__linux__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define ECOMM_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#endif
#ifndef ECOMM_CLONES
#define ECOMM_CLONES
#endif

namespace ecomm::core {

inline constexpr int kLanes = 8;

using Lanes = double __attribute__((vector_size(64)));
using LaneMask = std::int64_t __attribute__((vector_size(64)));  // per lane 0 or -1

// Kernels pass lanes by reference only: by value their calling convention would depend on the target.
#define ECOMM_INLINE inline __attribute__((always_inline))

// Memory is aligned as a double is.
ECOMM_INLINE void LoadLanes(const double* from, Lanes& to) { __builtin_memcpy(&to, from, sizeof to); }
ECOMM_INLINE void StoreLanes(double* to, const Lanes& from) { __builtin_memcpy(to, &from, sizeof from); }

// In a fixed order.
ECOMM_INLINE double SumLanes(const Lanes& a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

// The squared distances of kLanes points from a centre, coordinate j of the points at block + j * kLanes.
// Every squared distance that is compared with another is summed in this order.
ECOMM_INLINE void SquaredDistances(const double* block, const double* centre, std::ptrdiff_t d, Lanes& out) {
  Lanes x;
  LoadLanes(block, x);
  x -= centre[0];
  out = x * x;
  for (std::ptrdiff_t j = 1; j < d; ++j) {
    LoadLanes(block + j * kLanes, x);
    x -= centre[j];
    out += x * x;
  }
}

}  // namespace ecomm::core
