#include "engine/data/file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "engine/base/require.h"

namespace pumice::data {

namespace fs = std::filesystem;

std::vector<uint8_t> read_file(const fs::path& path) {
  std::error_code error;
  require(!fs::is_directory(path, error), "{}: expected a file, found a folder", path.string());
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", path.string(), std::strerror(errno));
  const uintmax_t bytes = fs::file_size(path, error);
  require(!error, "{}: cannot read: {}", path.string(), error.message());
  std::vector<uint8_t> content(bytes);
  stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(bytes));
  require(stream.good(), "{}: cannot read: {}", path.string(), std::strerror(errno));
  return content;
}

}  // namespace pumice::data
