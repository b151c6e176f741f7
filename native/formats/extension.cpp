#include "native/formats/extension.h"

#include <algorithm>
#include <cctype>

namespace pumice::formats {

std::string extension_of(const std::filesystem::path& path) {
  std::string extension = path.extension();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

}  // namespace pumice::formats
