#include "ecomm_analytics/pg/settings.hpp"

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "access/xact.h"
}

namespace ecomm::pg {
namespace {

constexpr int kDefaultMemoryKb = 512 * 1024;
constexpr int kUseWorkMem = -1;

int memory_limit_kb = kDefaultMemoryKb;
bool progress = true;

std::size_t MemoryLimitBytes() {
  if (memory_limit_kb == kUseWorkMem) return HashMemoryBytes();
  // To the core 0 would mean no limit.
  return std::max<std::size_t>(static_cast<std::size_t>(memory_limit_kb) * 1024, 1);
}

void PollBackend() {
  if (InterruptsPending()) Call([] { CHECK_FOR_INTERRUPTS(); });
}

// Quiet for calls that take no time: the first line comes two seconds into a statement.
void ShowProgress(const std::string& line) {
  if (!progress) return;
  static TimestampTz last_shown = 0;
  const TimestampTz now = GetCurrentTimestamp();
  constexpr int kQuietMilliseconds = 2000;
  const TimestampTz quiet_since = std::max(last_shown, GetCurrentStatementStartTimestamp());
  if (!TimestampDifferenceExceeds(quiet_since, now, kQuietMilliseconds)) return;
  last_shown = now;
  const char* text = line.c_str();
  Call([=] { ereport(INFO, (errmsg_internal("%s", text))); });
}

}  // namespace

void DefineSettings() {
  DefineCustomIntVariable(
      "ecomm_analytics.memory_limit", "Memory one call may use before it spills to disk or refuses.",
      "-1 means work_mem times hash_mem_multiplier. Parallel workers have this much each.", &memory_limit_kb,
      kDefaultMemoryKb, kUseWorkMem, MAX_KILOBYTES, PGC_USERSET, GUC_UNIT_KB, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable("ecomm_analytics.progress", "Report the progress of long calls as INFO lines.",
                           nullptr, &progress, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  ReserveSettingPrefix("ecomm_analytics");

  auto& host = core::CurrentHost();
  host.poll = PollBackend;
  host.memory_limit = MemoryLimitBytes;
  host.progress = ShowProgress;
}

}  // namespace ecomm::pg
