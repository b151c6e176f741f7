#include "engine/base/read_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/base/require.h"

namespace pumice {

std::string read_text(const std::filesystem::path& path) {
  std::error_code ignored;
  require(!std::filesystem::is_directory(path, ignored), "{}: expected a file, found a folder",
          path.string());
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", path.string(), std::strerror(errno));
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace pumice
