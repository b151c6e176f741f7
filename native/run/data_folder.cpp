#include "native/run/data_folder.h"

#include <cstdlib>

namespace pumice {
namespace {

std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') return cache;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".cache";
}

}  // namespace

std::filesystem::path data_folder(const std::string& wanted, const std::string& name) {
  if (!wanted.empty()) return wanted;
  return cache_folder() / "pumice" / "data" / name;
}

}  // namespace pumice
