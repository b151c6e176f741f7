#include "native/formats/extension.h"

#include "engine/base/lowered.h"

namespace pumice::formats {

std::string extension_of(const std::filesystem::path& path) {
  return lowered(path.extension().string());
}

}  // namespace pumice::formats
