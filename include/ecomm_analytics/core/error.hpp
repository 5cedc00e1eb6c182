// The one exception the mathematics throws. It carries what a good message needs; the glue turns it into
// an SQL error, a unit test reads it as it is.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace ecomm::core {

// Each maps to one SQLSTATE (see src/pg/guard.cpp).
enum class ErrorCode {
  kInvalidArgument,  // 22023: a parameter outside what is allowed
  kBadData,          // 22P02: a document or state that cannot be read
  kUnusableData,     // 22000: rows that are well formed but that no answer can come from
  kNumericRange,     // 22003: a result outside the representable range
  kMemoryLimit,      // 53400: the work needs more than the configured budget
};

class Error : public std::runtime_error {
 public:
  // `message`: lower case, no full stop. `detail`: the value and the limit. `hint`: the remedy.
  Error(ErrorCode code, const std::string& message, std::string detail = {}, std::string hint = {})
      : std::runtime_error(message), code_(code), detail_(std::move(detail)), hint_(std::move(hint)) {}

  ErrorCode code() const noexcept { return code_; }
  const std::string& detail() const noexcept { return detail_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  std::string detail_;
  std::string hint_;
};

}  // namespace ecomm::core
