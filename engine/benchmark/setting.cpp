#include "engine/benchmark/setting.h"

#include <fmt/format.h>

#include "engine/base/count_of.h"
#include "engine/base/version.h"
#include "engine/hal/device_type_name.h"

namespace pumice::benchmark {
std::string program_text() {
  const std::string commit_text = commit().empty() ? "" : fmt::format(" ({})", commit());
  return fmt::format("pumice {}{}", version(), commit_text);
}

Setting setting_of(const hal::Limits& limits, std::string os) {
  return {.version = std::string(version()),
          .commit = std::string(commit()),
          .device = limits.device_name,
          .driver = limits.driver,
          .api = limits.api,
          .type = std::string(hal::type_name(limits.type)),
          .memory_bytes = limits.memory_bytes,
          .threads = limits.threads,
          .os = std::move(os),
          .in_host_memory = limits.prefers.host_memory,
          .is_tuned = limits.tuning != nullptr};
}

std::string header_line(const Setting& setting) {
  const std::string threads =
      setting.threads == 0 ? "" : fmt::format(", {}", count_of(setting.threads, "thread"));
  return fmt::format("pumice {} ({}) | {} | {}{}{} | {} | {}", setting.version,
                     setting.commit.empty() ? "unknown commit" : setting.commit, setting.device,
                     setting.driver, threads, setting.in_host_memory ? ", host-visible memory" : "",
                     setting.os, setting.is_tuned ? "tuned kernels" : "kernels by fixed rules");
}

}  // namespace pumice::benchmark
