// An error of the glue that needs an SQLSTATE of its own (undefined column, no such object, …).
#pragma once

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::pg {

class SqlError : public core::Error {
 public:
  // `sqlstate` is one of the server's ERRCODE_ constants.
  SqlError(int sqlstate, const std::string& message, std::string detail = {}, std::string hint = {})
      : Error(core::ErrorCode::kInvalidArgument, message, std::move(detail), std::move(hint)),
        sqlstate_(sqlstate) {}
  int sqlstate() const noexcept { return sqlstate_; }

 private:
  int sqlstate_;
};

}  // namespace ecomm::pg
