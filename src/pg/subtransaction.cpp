#include "ecomm_analytics/pg/subtransaction.hpp"

#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/resowner.h"
}

namespace ecomm::pg {
namespace {

// Class 57: the operator cancels the statement or shuts the server down.
bool IsIntervention(const PgError& error) {
  return ERRCODE_TO_CATEGORY(error.data()->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION;
}

// What went wrong, where the end of the subtransaction does not reach it.
ErrorData* CopyTo(MemoryContext memory, const ErrorData& error) {
  auto* copy = static_cast<ErrorData*>(MemoryContextAlloc(memory, sizeof(ErrorData)));
  *copy = error;
  for (char** text : {&copy->message, &copy->detail, &copy->detail_log, &copy->hint, &copy->context,
                      &copy->backtrace, &copy->schema_name, &copy->table_name, &copy->column_name,
                      &copy->datatype_name, &copy->constraint_name, &copy->internalquery}) {
    if (*text) *text = MemoryContextStrdup(memory, *text);
  }
  copy->assoc_context = memory;
  return copy;
}

}  // namespace

std::optional<std::string> InSubtransaction(const std::function<void()>& body) {
  const MemoryContext memory = CurrentMemoryContext;
  const ResourceOwner owner = CurrentResourceOwner;
  const auto restore = [=] {
    MemoryContextSwitchTo(memory);
    CurrentResourceOwner = owner;
  };
  Call([=] {
    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(memory);
  });
  std::string problem;
  ErrorData* intervention = nullptr;
  try {
    body();
    Call([=] {
      ReleaseCurrentSubTransaction();
      restore();
    });
    return std::nullopt;
  } catch (const PgError& error) {
    problem = error.what();
    if (IsIntervention(error)) {
      intervention = Call([=, data = error.data()] { return CopyTo(memory, *data); });
    }
  } catch (const std::exception& error) {
    problem = error.what();
  }
  Call([=] {
    RollbackAndReleaseCurrentSubTransaction();
    restore();
  });
  if (intervention) throw PgError(intervention);
  return problem;
}

}  // namespace ecomm::pg
