#include "native/system/operating_system.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace pumice::system {
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

}  // namespace

std::string operating_system() {
  utsname names{};
  if (uname(&names) != 0) return "an unknown system";
  const std::string name = distribution();
  return fmt::format("{}{}{} {}, {}", name, name.empty() ? "" : ", ", names.sysname, names.release,
                     names.machine);
}

double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

}  // namespace pumice::system
