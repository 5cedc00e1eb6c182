#include "ecomm_analytics/pg/guard.hpp"

#include <cstring>
#include <new>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace ecomm::pg::internal {
namespace {

int SqlState(core::ErrorCode code) {
  switch (code) {
    case core::ErrorCode::kInvalidArgument:
      return ERRCODE_INVALID_PARAMETER_VALUE;
    case core::ErrorCode::kBadData:
      return ERRCODE_INVALID_TEXT_REPRESENTATION;
    case core::ErrorCode::kUnusableData:
      return ERRCODE_DATA_EXCEPTION;
    case core::ErrorCode::kNumericRange:
      return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
    case core::ErrorCode::kMemoryLimit:
      return ERRCODE_CONFIGURATION_LIMIT_EXCEEDED;
  }
  return ERRCODE_INTERNAL_ERROR;
}

template <std::size_t size>
void Copy(char (&target)[size], const char* text) noexcept {
  const std::size_t length = std::min(std::strlen(text), size - 1);
  std::memcpy(target, text, length);
  target[length] = '\0';
}

// A text cut at a buffer's end may stop inside a character; the client would reject it.
char* Clip(const char* text) {
  const auto length = static_cast<int>(std::strlen(text));
  return pnstrdup(text, pg_mbcliplen(text, length, length));
}

}  // namespace

// Where the server jumps on ERROR, put back however Call is left.
class JumpTarget {
 public:
  JumpTarget() = default;
  ~JumpTarget() { Restore(); }
  JumpTarget(const JumpTarget&) = delete;
  JumpTarget& operator=(const JumpTarget&) = delete;

  void Restore() const noexcept {
    PG_exception_stack = stack_;
    error_context_stack = context_;
  }

 private:
  sigjmp_buf* const stack_ = PG_exception_stack;
  ErrorContextCallback* const context_ = error_context_stack;
};

// Not inlined: a caller's variables then never live in registers across the second return of sigsetjmp.
__attribute__((noinline)) void CallRaw(void (*function)(void*), void* argument) {
  const JumpTarget outer;
  const MemoryContext outer_memory = CurrentMemoryContext;
  sigjmp_buf here;
  if (sigsetjmp(here, 0) == 0) {
    PG_exception_stack = &here;
    function(argument);
    return;
  }
  outer.Restore();  // copying may fail too
  MemoryContextSwitchTo(outer_memory);
  ErrorData* data = CopyErrorData();
  FlushErrorState();
  throw PgError(data);
}

void DescribeCurrentException(Report& report) noexcept {
  report.server_error = nullptr;
  report.sqlstate = ERRCODE_INTERNAL_ERROR;
  report.detail[0] = report.hint[0] = '\0';
  try {
    throw;
  } catch (const PgError& error) {
    report.server_error = error.data();
  } catch (const core::Error& error) {
    const auto* sql_error = dynamic_cast<const SqlError*>(&error);
    report.sqlstate = sql_error ? sql_error->sqlstate() : SqlState(error.code());
    Copy(report.message, error.what());
    Copy(report.detail, error.detail().c_str());
    Copy(report.hint, error.hint().c_str());
  } catch (const std::bad_alloc&) {
    report.sqlstate = ERRCODE_OUT_OF_MEMORY;
    Copy(report.message, "out of memory");
  } catch (const std::exception& error) {
    Copy(report.message, error.what());
  } catch (...) {
    Copy(report.message, "unknown exception");
  }
}

void Raise(const Report& report) {
  if (report.server_error) ReThrowError(report.server_error);
  ereport(ERROR, (errcode(report.sqlstate), errmsg("%s", Clip(report.message)),
                  report.detail[0] ? errdetail("%s", Clip(report.detail)) : 0,
                  report.hint[0] ? errhint("%s", Clip(report.hint)) : 0));
  pg_unreachable();
}

}  // namespace ecomm::pg::internal
