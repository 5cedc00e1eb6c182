// Where the two ways of unwinding meet, and nowhere else.
//
// PostgreSQL leaves a function on ERROR by longjmp, skipping C++ destructors; a C++ exception must never
// cross the server's C frames. So:
//   Entry  backend -> C++: catches everything, leaves the catch block, then raises the SQL error.
//   Call   C++ -> backend: turns an ERROR into a PgError that unwinds like any exception.
//
// PgError must always reach Entry: the server's state is only repaired when the error goes on to abort the
// (sub)transaction.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// An ERROR of the server, whole: SQLSTATE, detail, hint and context survive until Entry raises it again.
class PgError : public std::exception {
 public:
  explicit PgError(ErrorData* data) noexcept : data_(data) {}
  const char* what() const noexcept override { return data_->message ? data_->message : "error"; }
  ErrorData* data() const noexcept { return data_; }

 private:
  ErrorData* data_;  // lives in the memory context that was current at Call
};

namespace internal {

void CallRaw(void (*function)(void*), void* argument);

// What an exception says, as plain data that outlives its catch block and needs no destructor.
struct Report {
  ErrorData* server_error;
  int sqlstate;
  char message[512];
  char detail[1024];
  char hint[512];
};
void DescribeCurrentException(Report& report) noexcept;
[[noreturn]] void Raise(const Report& report);

}  // namespace internal

// Runs `function`, which may call the server freely but must not create any object with a destructor.
template <typename Function>
auto Call(Function function) {
  using Result = decltype(function());
  if constexpr (std::is_void_v<Result>) {
    internal::CallRaw([](void* f) { (*static_cast<Function*>(f))(); }, &function);
  } else {
    static_assert(std::is_trivially_destructible_v<Result>);
    struct Frame {
      Function* function;
      Result result;
    } frame{&function, Result{}};
    internal::CallRaw(
        [](void* f) {
          auto* inner = static_cast<Frame*>(f);
          inner->result = (*inner->function)();
        },
        &frame);
    return frame.result;
  }
}

// The body of every SQL-callable function.
template <typename Function>
Datum Entry(Function function) {
  internal::Report report;
  try {
    return function();
  } catch (...) {
    internal::DescribeCurrentException(report);
  }
  internal::Raise(report);
}

}  // namespace ecomm::pg

// Declares and opens an SQL-callable function; its name starts with ecomm_ (see src/exports.map):
// ECOMM_FUNCTION(ecomm_example) { return Entry([&]() -> Datum { ... }); }
#define ECOMM_FUNCTION(name)                \
  extern "C" {                              \
  PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
  PG_FUNCTION_INFO_V1(name);                \
  }                                         \
  Datum name([[maybe_unused]] PG_FUNCTION_ARGS)
