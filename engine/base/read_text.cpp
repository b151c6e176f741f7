#include "engine/base/read_text.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
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
  std::string text;
  std::array<char, 16384> piece;
  while (stream.read(piece.data(), piece.size()) || stream.gcount() > 0) {
    text.append(piece.data(), static_cast<size_t>(stream.gcount()));
  }
  return text;
}

}  // namespace pumice
