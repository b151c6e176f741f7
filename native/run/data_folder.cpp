#include "native/run/data_folder.h"

#include "engine/base/cache_folder.h"

namespace pumice {

std::filesystem::path data_folder(const std::string& wanted, const std::string& name) {
  if (!wanted.empty()) return wanted;
  return cache_folder() / "data" / name;
}

}  // namespace pumice
