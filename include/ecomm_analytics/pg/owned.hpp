// C++ objects owned by a memory context: destroyed when it is reset or deleted, on success and on error
// alike.
#pragma once

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {

template <typename T, typename... Args>
T* NewIn(MemoryContext context, Args&&... args) {
  // The callback comes first: should it fail, there is nothing to destroy yet.
  auto* callback = Call([=] {
    auto* made =
        static_cast<MemoryContextCallback*>(MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
    made->func = [](void* object) { delete static_cast<T*>(object); };
    MemoryContextRegisterResetCallback(context, made);
    return made;
  });
  T* object = new T(std::forward<Args>(args)...);
  callback->arg = object;
  return object;
}

// Where the state of the aggregate that is calling lives.
inline MemoryContext AggregateContext(FunctionCallInfo call) {
  MemoryContext context = nullptr;
  if (!AggCheckCallContext(call, &context)) {
    throw SqlError(ERRCODE_FEATURE_NOT_SUPPORTED, "called outside an aggregate");
  }
  return context;
}

}  // namespace ecomm::pg
