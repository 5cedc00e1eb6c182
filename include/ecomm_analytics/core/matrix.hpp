// Eigen as this project uses it. Include this, never <Eigen/...> first: Eigen's assertions would abort
// the server, so they are made to throw.
#pragma once

#include <stdexcept>

#ifdef eigen_assert
#error "include ecomm_analytics/core/matrix.hpp before any Eigen header"
#endif
// Throwing from a noexcept function would still end the process; Eigen marks only move and swap so, and
// those hold no assertion that data can reach.
#define eigen_assert(condition)                                     \
  do {                                                              \
    if (!(condition)) throw std::logic_error("eigen: " #condition); \
  } while (false)

#include <Eigen/Dense>

namespace ecomm::core {

// Observations are rows, features are columns; row-major, so that one observation is contiguous.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using MatrixView = Eigen::Ref<const Matrix>;

}  // namespace ecomm::core
