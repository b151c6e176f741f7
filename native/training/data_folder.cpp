#include "native/training/data_folder.h"

#include <cstdlib>
#include <system_error>

#include "engine/base/cache_folder.h"

namespace pumice {

namespace fs = std::filesystem;

fs::path data_folder(const std::string& wanted, const std::string& name) {
  if (!wanted.empty()) return wanted;
  if (const char* all = std::getenv("PUMICE_DATA"); all && *all) {
    std::error_code ignored;
    const fs::path own = fs::path(all) / name;
    return fs::is_directory(own, ignored) ? own : fs::path(all);
  }
  return cache_folder() / "data" / name;
}

}  // namespace pumice
