#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "engine/base/require.h"
#include "engine/io/safetensors.h"

namespace pumice::io {
namespace {

namespace fs = std::filesystem;

std::ifstream open_file(const fs::path& path, uint64_t& size) {
  std::error_code error;
  require(!fs::is_directory(path, error), "{}: expected a safetensors file, found a folder",
          path.string());
  size = fs::file_size(path, error);
  require(!error, "{}: cannot open: {}", path.string(), error.message());
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", path.string(), std::strerror(errno));
  return stream;
}

// Appends the next bytes of the file.
void read_more(std::ifstream& stream, const fs::path& path, uint64_t count,
               std::vector<std::byte>& bytes) {
  const size_t before = bytes.size();
  bytes.resize(before + count);
  stream.read(reinterpret_cast<char*>(bytes.data() + before), static_cast<std::streamsize>(count));
  require(stream.good() || count == 0, "{}: cannot read: {}", path.string(), std::strerror(errno));
}

}  // namespace

// A length that claims too much is refused by the constructor.
SafetensorsHeader SafetensorsHeader::read(const fs::path& path) {
  uint64_t size = 0;
  std::ifstream stream = open_file(path, size);
  std::vector<std::byte> bytes;
  uint64_t length = 0;
  read_more(stream, path, std::min<uint64_t>(size, sizeof(length)), bytes);
  std::memcpy(&length, bytes.data(), bytes.size());
  read_more(stream, path, std::min({length, size - bytes.size(), kMaxHeaderBytes}), bytes);
  return {bytes, size, path.string()};
}

Safetensors::Safetensors(std::vector<std::byte> file, std::string file_name)
    : bytes_(std::move(file)), header_(bytes_, bytes_.size(), std::move(file_name)) {
  const std::span<const std::byte> data =
      std::span<const std::byte>(bytes_).subspan(header_.data_begin());
  for (const TensorEntry& entry : header_.tensors()) {
    tensors_.push_back(
        {entry.name, entry.dtype, entry.shape, data.subspan(entry.begin, entry.end - entry.begin)});
  }
}

Safetensors Safetensors::read(const fs::path& path) {
  uint64_t size = 0;
  std::ifstream stream = open_file(path, size);
  std::vector<std::byte> bytes;
  read_more(stream, path, size, bytes);
  return {std::move(bytes), path.string()};
}

const NamedTensor* Safetensors::find(std::string_view name) const {
  auto found = std::find_if(tensors_.begin(), tensors_.end(),
                            [&](const NamedTensor& tensor) { return tensor.name == name; });
  return found == tensors_.end() ? nullptr : &*found;
}

const NamedTensor& Safetensors::tensor(std::string_view name) const {
  const NamedTensor* found = find(name);
  require(found != nullptr, "{}: has no tensor '{}'", file_name(), name);
  return *found;
}

}  // namespace pumice::io
