#include "engine/base/cache_folder.h"

#include <cstdlib>

namespace pumice {

std::filesystem::path cache_folder() {
  using std::filesystem::path;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache) {
    return path(cache) / "pumice";
  }
  if (const char* home = std::getenv("HOME"); home && *home)
    return path(home) / ".cache" / "pumice";
  return {};
}

}  // namespace pumice
