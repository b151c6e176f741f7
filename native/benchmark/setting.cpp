#include "native/benchmark/setting.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>

#include "engine/base/version.h"
#include "native/system/device_text.h"

namespace pumice::benchmark {
namespace {

/// The value of PRETTY_NAME (os-release(5)); empty if there is none.
std::string distribution() {
  constexpr std::string_view kKey = "PRETTY_NAME=\"";
  std::ifstream file("/etc/os-release");
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(kKey)) continue;
    const std::string value = line.substr(kKey.size());
    return value.substr(0, value.find('"'));
  }
  return "";
}

/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0, x86_64".
std::string operating_system() {
  utsname names{};
  if (uname(&names) != 0) return "an unknown system";
  const std::string name = distribution();
  return fmt::format("{}{}{} {}, {}", name, name.empty() ? "" : ", ", names.sysname, names.release,
                     names.machine);
}

}  // namespace

std::string program_text() {
  const std::string commit_text = commit().empty() ? "" : fmt::format(" ({})", commit());
  return fmt::format("pumice {}{}", version(), commit_text);
}

Setting setting_of(const hal::Limits& limits) {
  return {.version = std::string(version()),
          .commit = std::string(commit()),
          .device = limits.device_name,
          .driver = limits.driver,
          .api = limits.api,
          .type = std::string(system::type_name(limits.type)),
          .memory_bytes = limits.memory_bytes,
          .os = operating_system(),
          .is_tuned = limits.tuning != nullptr};
}

std::string header_line(const Setting& setting) {
  return fmt::format("pumice {} ({}) | {} | {} | {} | {}", setting.version,
                     setting.commit.empty() ? "unknown commit" : setting.commit, setting.device,
                     setting.driver, setting.os,
                     setting.is_tuned ? "tuned kernels" : "kernels by fixed rules");
}

}  // namespace pumice::benchmark
