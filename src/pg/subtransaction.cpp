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
  try {
    body();
    Call([=] {
      ReleaseCurrentSubTransaction();
      restore();
    });
    return std::nullopt;
  } catch (const PgError& error) {
    if (IsIntervention(error)) throw;
    problem = error.what();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  Call([=] {
    RollbackAndReleaseCurrentSubTransaction();
    restore();
  });
  return problem;
}

}  // namespace ecomm::pg
