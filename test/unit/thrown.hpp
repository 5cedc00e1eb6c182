// The error a call throws, for tests that look at what it says.
#pragma once

#include <gtest/gtest.h>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

template <typename Call>
Error Thrown(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorCode::kBadData, "nothing was thrown");
}

}  // namespace ecomm::core
