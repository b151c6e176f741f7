#include "engine/data/image_cache.h"

#include <array>
#include <cstring>
#include <span>
#include <system_error>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "engine/data/file.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

/// Followed by the key, the flags of missing files, and the pixels.
struct CacheHeader {
  std::array<char, 8> magic{'P', 'U', 'M', 'I', 'C', 'E', 'P', '2'};
  uint32_t count = 0, height = 0, width = 0, channels = 0;
  uint64_t key_bytes = 0, files = 0, pixel_bytes = 0;
};

/// Splits a file into consecutive parts.
class Parts {
 public:
  explicit Parts(std::span<const uint8_t> rest) : rest_(rest) {}

  std::span<const uint8_t> next(uint64_t bytes) {
    require(bytes <= rest_.size(), "the file is too short");
    std::span<const uint8_t> part = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return part;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const uint8_t> rest_;
};

KeptImages parse(std::span<const uint8_t> file, const std::string& key) {
  Parts parts(file);
  CacheHeader header;
  const auto magic = header.magic;
  std::memcpy(&header, parts.next(sizeof(header)).data(), sizeof(header));
  require(header.magic == magic, "not an image cache of this version");
  std::span<const uint8_t> found = parts.next(header.key_bytes);
  require(std::string(found.begin(), found.end()) == key, "the images have changed");
  ImageSet images{.count = header.count,
                  .height = header.height,
                  .width = header.width,
                  .channels = header.channels};
  std::span<const uint8_t> is_missing = parts.next(header.files);
  std::span<const uint8_t> pixels = parts.next(header.pixel_bytes);
  images.pixels.assign(pixels.begin(), pixels.end());
  require(parts.at_end() && images.pixels.size() == images.count * images.image_size(),
          "the file has a wrong size");
  return {std::move(images), {is_missing.begin(), is_missing.end()}};
}

}  // namespace

void keep_images(const fs::path& file, const std::string& key, const ImageSet& images,
                 std::span<const uint8_t> is_missing) {
  const CacheHeader header{.count = images.count,
                           .height = images.height,
                           .width = images.width,
                           .channels = images.channels,
                           .key_bytes = key.size(),
                           .files = is_missing.size(),
                           .pixel_bytes = images.pixels.size()};
  const std::array<ByteSpan, 4> pieces{std::as_bytes(std::span(&header, 1)), as_bytes(key),
                                       std::as_bytes(is_missing),
                                       std::as_bytes(std::span(images.pixels))};
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  write_file_atomically(file, pieces);
}

std::optional<KeptImages> kept_images(const fs::path& file, const std::string& key) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  try {
    return parse(read_file(file), key);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace pumice::data
