#include "engine/data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/base/big_endian.h"
#include "engine/base/require.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxBytes = uint64_t{1} << 40;

struct CloseGzip {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

GzipFile open_file(const fs::path& path) {
  std::error_code ignored;
  require(!fs::is_directory(path, ignored), "{}: expected an IDX file, found a folder",
          path.string());
  errno = 0;
  GzipFile file(gzopen(path.c_str(), "rb"));
  require(file != nullptr, "{}: cannot open: {}", path.string(),
          errno != 0 ? std::strerror(errno) : "out of memory");
  return file;
}

// Up to `wanted` bytes, fewer only at the end of the file. The buffer grows with what is there, so
// a damaged header cannot ask for more memory than the file has bytes.
std::vector<uint8_t> read_up_to(gzFile file, uint64_t wanted, const fs::path& path) {
  constexpr uint64_t kPiece = 1 << 20;
  std::vector<uint8_t> bytes;
  while (bytes.size() < wanted) {
    uint64_t before = bytes.size();
    uint64_t piece = std::min(kPiece, wanted - before);
    bytes.resize(before + piece);
    int got = gzread(file, bytes.data() + before, static_cast<unsigned>(piece));
    bytes.resize(before + static_cast<uint64_t>(std::max(got, 0)));
    if (got <= 0) break;
  }
  // A short gzip stream ends like a short plain file: the caller says how much is missing.
  int code = Z_OK;
  std::string_view message = gzerror(file, &code);
  if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return bytes;
  if (code == Z_ERRNO) fail("{}: cannot read: {}", path.string(), std::strerror(errno));
  std::string prefix = path.string() + ": ";  // zlib begins most of its messages so too
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  fail("{}cannot read: {}", prefix, message);
}

Shape read_header(gzFile file, uint32_t rank, const fs::path& path) {
  constexpr uint32_t kUnsignedByte = 0x0800;
  uint64_t header_bytes = 4 + uint64_t{4} * rank;
  std::vector<uint8_t> header = read_up_to(file, header_bytes, path);
  uint32_t expected = kUnsignedByte | rank;
  if (header.size() >= 4) {
    require(big_endian_at(header, 0) == expected,
            "{}: not an IDX file of bytes with {} axes: expected magic {:#010x}, found {:#010x}",
            path.string(), rank, expected, big_endian_at(header, 0));
  }
  require(header.size() == header_bytes, "{}: truncated: expected a header of {} bytes, found {}",
          path.string(), header_bytes, header.size());
  std::vector<uint32_t> extents;
  for (uint32_t axis = 0; axis < rank; ++axis)
    extents.push_back(big_endian_at(header, 4 + 4 * axis));
  return Shape(extents);
}

uint64_t checked_size(const Shape& shape, const fs::path& path) {
  uint64_t size = 1;
  for (uint32_t extent : shape) {
    require(extent > 0, "{}: is empty: its header says {}", path.string(), shape);
    require(size <= kMaxBytes / extent, "{}: impossible extents {} in its header", path.string(),
            shape);
    size *= extent;
  }
  return size;
}

}  // namespace

IdxArray read_idx(const fs::path& path, uint32_t rank) {
  GzipFile file = open_file(path);
  Shape shape = read_header(file.get(), rank, path);
  uint64_t size = checked_size(shape, path);
  std::vector<uint8_t> values = read_up_to(file.get(), size, path);
  uint64_t header_bytes = 4 + uint64_t{4} * rank;
  require(values.size() == size, "{}: truncated: expected {} bytes, found {}", path.string(),
          header_bytes + size, header_bytes + values.size());
  require(read_up_to(file.get(), 1, path).empty(),
          "{}: trailing bytes: expected {} bytes for its header's {}, found more", path.string(),
          header_bytes + size, shape);
  return {std::move(shape), std::move(values)};
}

ImageSet read_idx_images(const fs::path& images_path, const fs::path& labels_path) {
  IdxArray images = read_idx(images_path, 3);
  IdxArray labels = read_idx(labels_path, 1);
  require(images.shape[0] == labels.shape[0], "{}: has {} labels, but {} has {} images",
          labels_path.string(), labels.shape[0], images_path.string(), images.shape[0]);
  return {.count = images.shape[0],
          .height = images.shape[1],
          .width = images.shape[2],
          .channels = 1,
          .pixels = std::move(images.values),
          .labels = std::move(labels.values)};
}

}  // namespace pumice::data
