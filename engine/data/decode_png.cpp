#include "engine/data/decode_png.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "engine/data/exif.h"

namespace pumice::data {
namespace {

constexpr const char* kCutOffPng = "is cut off";

/// libpng on a file in memory. Its errors longjmp out of guarded(), over no object with a
/// destructor.
class PngReader {
 public:
  explicit PngReader(std::span<const uint8_t> file)
      : rest_(file),
        file_bytes_(file.size()),
        png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning)),
        info_(png_ == nullptr ? nullptr : png_create_info_struct(png_)) {
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  Pixels read() {
    guarded([&] { read_header(); });
    require_enough_bytes();
    Pixels pixels = make_pixels(png_get_image_width(png_, info_), png_get_image_height(png_, info_),
                                png_get_channels(png_, info_));
    std::vector<png_bytep> rows(pixels.height);
    for (uint32_t y = 0; y < pixels.height; ++y) rows[y] = &pixels.values[y * pixels.row_bytes()];
    guarded([&] {
      png_read_image(png_, rows.data());
      png_read_end(png_, info_);
    });
    pixels.orientation = orientation();
    return pixels;
  }

 private:
  template <typename Body>
  void guarded(Body body) {
    if (setjmp(png_jmpbuf(png_)) == 0) return body();
    require(problem_ != kCutOffPng, "{}", kCutOffPng);
    fail("cannot be decoded: {}", problem_);
  }

  void read_header() {
    png_set_read_fn(png_, this, on_read);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // see make_pixels()
    // Skips everything that pixels do not need, except the orientation.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_AS_DEFAULT,
                                reinterpret_cast<png_const_bytep>("eXIf"), 1);
    png_read_info(png_, info_);
    bits_ = png_get_bit_depth(png_, info_) * png_get_channels(png_, info_);
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  // Before memory is allocated for what a small file merely claims to hold.
  void require_enough_bytes() const {
    constexpr uint64_t kMostPacked = 1032;  // the best that deflate can do (zlib's technical notes)
    const uint32_t width = png_get_image_width(png_, info_);
    const uint32_t height = png_get_image_height(png_, info_);
    require_decodable(width, height);
    require((width * bits_ + 7) / 8 * uint64_t{height} <= kMostPacked * file_bytes_, "{}",
            kCutOffPng);
  }

  uint32_t orientation() {
    png_uint_32 size = 0;
    png_bytep exif = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &exif) == 0) return 1;
    return exif_orientation({exif, size});
  }

  static void on_read(png_structp png, png_bytep bytes, size_t count) {
    auto& rest = static_cast<PngReader*>(png_get_io_ptr(png))->rest_;
    if (count > rest.size()) png_error(png, kCutOffPng);
    std::memcpy(bytes, rest.data(), count);
    rest = rest.subspan(count);
  }

  [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
    static_cast<PngReader*>(png_get_error_ptr(png))->problem_ = message;
    png_longjmp(png, 1);
  }

  // libpng drops damaged ancillary chunks with a warning; of those, only transparency affects
  // pixels.
  static void on_warning(png_structp png, png_const_charp message) {
    if (std::string_view(message).starts_with("tRNS")) png_error(png, message);
  }

  std::span<const uint8_t> rest_;
  uint64_t file_bytes_;
  uint64_t bits_ = 0;  ///< of a pixel in the file
  std::string problem_;
  png_structp png_;
  png_infop info_;
};

}  // namespace

Pixels decode_png(std::span<const uint8_t> file) {
  constexpr size_t kSignature = 8;
  require(file.size() < kSignature || png_sig_cmp(file.data(), 0, kSignature) == 0,
          "is not a PNG file");
  return PngReader(file).read();
}

}  // namespace pumice::data
