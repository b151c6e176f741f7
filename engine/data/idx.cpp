#include "engine/data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
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

// Up to `wanted` bytes, fewer only at the end of the file. The buffer grows as data arrives, so a
// damaged header cannot demand more memory than the file has bytes.
std::vector<uint8_t> read_up_to(gzFile file, uint64_t wanted, const fs::path& path) {
  constexpr uint64_t kLeastPiece = 1 << 14;
  constexpr uint64_t kMostPiece = 1 << 20;
  std::vector<uint8_t> bytes;
  while (bytes.size() < wanted) {
    uint64_t before = bytes.size();
    uint64_t piece = std::min(std::clamp(before, kLeastPiece, kMostPiece), wanted - before);
    bytes.resize(before + piece);
    int got = gzread(file, bytes.data() + before, static_cast<unsigned>(piece));
    bytes.resize(before + static_cast<uint64_t>(std::max(got, 0)));
    if (got <= 0) break;
  }
  // A truncated gzip stream ends like a short plain file: the caller reports how much is missing.
  int code = Z_OK;
  std::string_view message = gzerror(file, &code);
  if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return bytes;
  if (code == Z_ERRNO) fail("{}: cannot read: {}", path.string(), std::strerror(errno));
  std::string prefix = path.string() + ": ";  // most of zlib's messages begin with it, too
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  fail("{}cannot read: {}", prefix, message);
}

constexpr uint32_t kUnsignedByte = 0x08, kSignedByte = 0x09, kShort = 0x0b, kInt = 0x0c;

struct IdxHeader {
  uint32_t type = 0;
  Shape shape;

  uint64_t bytes() const { return 4 + uint64_t{4} * shape.rank(); }
};

uint32_t read_magic(gzFile file, const fs::path& path, uint64_t expected) {
  const std::vector<uint8_t> magic = read_up_to(file, 4, path);
  require(magic.size() == 4, "{}: truncated: expected a header of {} bytes, found {}",
          path.string(), expected, magic.size());
  return big_endian_at(magic, 0);
}

IdxHeader read_rest_of_header(gzFile file, uint32_t magic, const fs::path& path) {
  const uint32_t rank = magic & 0xff;
  const std::vector<uint8_t> rest = read_up_to(file, uint64_t{4} * rank, path);
  require(rest.size() == uint64_t{4} * rank,
          "{}: truncated: expected a header of {} bytes, found {}", path.string(),
          4 + uint64_t{4} * rank, 4 + rest.size());
  std::vector<uint32_t> extents;
  for (uint32_t axis = 0; axis < rank; ++axis) extents.push_back(big_endian_at(rest, 4 * axis));
  return {magic >> 8, Shape(extents)};
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

// The values that follow the header, up to the end of the file.
std::vector<uint8_t> read_values(gzFile file, const IdxHeader& header, uint64_t width,
                                 const fs::path& path) {
  const uint64_t size = checked_size(header.shape, path) * width;
  std::vector<uint8_t> values = read_up_to(file, size, path);
  require(values.size() == size, "{}: truncated: expected {} bytes, found {}", path.string(),
          header.bytes() + size, header.bytes() + values.size());
  require(read_up_to(file, 1, path).empty(),
          "{}: trailing bytes: expected {} bytes for its header's {}, found more", path.string(),
          header.bytes() + size, header.shape);
  return values;
}

uint64_t width_of(uint32_t type) { return type == kInt ? 4 : type == kShort ? 2 : 1; }

int32_t number_at(const std::vector<uint8_t>& bytes, uint64_t at, uint32_t type) {
  if (type == kInt) return static_cast<int32_t>(big_endian_at(bytes, at));
  if (type == kShort) return static_cast<int16_t>(bytes[at] << 8 | bytes[at + 1]);
  return type == kSignedByte ? static_cast<int8_t>(bytes[at]) : bytes[at];
}

void put_labels(ImageSet& images, const std::vector<int32_t>& labels, const fs::path& path) {
  constexpr int32_t kMost = std::numeric_limits<Label>::max();
  const auto bad = std::find_if(labels.begin(), labels.end(),
                                [](int32_t label) { return label < 0 || label > kMost; });
  if (bad == labels.end()) return images.labels.assign(labels.begin(), labels.end());
  images.unlabelled = fmt::format("{}: expected labels from 0 to {}, found {} for image {}",
                                  path.string(), kMost, *bad, bad - labels.begin());
}

// Empty, with the reason in `problem`, if the file does not hold integers.
std::vector<int32_t> read_labels(const fs::path& path, std::string& problem) {
  GzipFile file = open_file(path);
  const uint32_t magic = read_magic(file.get(), path, 8), type = magic >> 8, rank = magic & 0xff;
  const bool is_whole =
      type == kUnsignedByte || type == kSignedByte || type == kShort || type == kInt;
  if (!is_whole || (rank != 1 && rank != 2)) {
    problem = fmt::format("{}: not an IDX file of labels: expected magic {:#010x}, found {:#010x}",
                          path.string(), kUnsignedByte << 8 | 1, magic);
    return {};
  }
  const IdxHeader header = read_rest_of_header(file.get(), magic, path);
  const std::vector<uint8_t> values = read_values(file.get(), header, width_of(type), path);
  const uint64_t row = width_of(type) * (rank == 2 ? header.shape[1] : 1);
  std::vector<int32_t> labels;
  for (uint64_t at = 0; at < values.size(); at += row)
    labels.push_back(number_at(values, at, type));
  return labels;
}

}  // namespace

IdxArray read_idx(const fs::path& path, uint32_t rank) {
  GzipFile file = open_file(path);
  const uint32_t magic = read_magic(file.get(), path, 4 + uint64_t{4} * rank);
  const uint32_t expected = kUnsignedByte << 8 | rank;
  require(magic == expected,
          "{}: not an IDX file of bytes with {} axes: expected magic {:#010x}, found {:#010x}",
          path.string(), rank, expected, magic);
  IdxHeader header = read_rest_of_header(file.get(), magic, path);
  std::vector<uint8_t> values = read_values(file.get(), header, 1, path);
  return {std::move(header.shape), std::move(values)};
}

ImageSet read_idx_images(const fs::path& images_path) {
  IdxArray images = read_idx(images_path, 3);
  return {.count = images.shape[0],
          .height = images.shape[1],
          .width = images.shape[2],
          .channels = 1,
          .pixels = std::move(images.values),
          .labels = {}};
}

ImageSet read_idx_images(const fs::path& images_path, const fs::path& labels_path) {
  ImageSet set = read_idx_images(images_path);
  const std::vector<int32_t> labels = read_labels(labels_path, set.unlabelled);
  if (!set.unlabelled.empty()) return set;
  require(set.count == labels.size(), "{}: has {} labels, but {} has {} images",
          labels_path.string(), labels.size(), images_path.string(), set.count);
  put_labels(set, labels, labels_path);
  return set;
}

}  // namespace pumice::data
