#include "engine/data/decode_jpeg.h"

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include <jpeglib.h>
// After jpeglib.h, which it depends on.
#include <jerror.h>

#include "engine/data/exif.h"

namespace pumice::data {
namespace {

constexpr const char* kCutOffJpeg = "is cut off";
constexpr int kExifMarker = JPEG_APP0 + 1;

/// libjpeg on a file in memory. Its errors longjmp out of guarded(), over no object with a
/// destructor.
class JpegReader {
 public:
  explicit JpegReader(std::span<const uint8_t> file) : file_bytes_(file.size()) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr info) { of(info).stop(); };
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0) of(info).hear_warning();
    };
    info_.client_data = this;
    guarded([&] {
      jpeg_create_decompress(&info_);
      jpeg_mem_src(&info_, file.data(), file.size());
    });
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&info_); }

  Pixels read() {
    guarded([&] { read_header(); });
    require_enough_bytes();
    Pixels pixels = make_pixels(info_.image_width, info_.image_height,
                                info_.out_color_space == JCS_GRAYSCALE ? 1 : 3);
    pixels.orientation = orientation();  // before libjpeg frees the markers
    if (info_.out_color_space == JCS_CMYK) inks_.resize(size_t{4} * pixels.width);
    guarded([&] {
      jpeg_start_decompress(&info_);
      while (info_.output_scanline < info_.output_height) {
        read_row(&pixels.values[info_.output_scanline * pixels.row_bytes()]);
      }
      jpeg_finish_decompress(&info_);  // reads up to the end marker
    });
    require(!ended_, "{}", kCutOffJpeg);
    return pixels;
  }

 private:
  static JpegReader& of(j_common_ptr info) { return *static_cast<JpegReader*>(info->client_data); }

  template <typename Body>
  void guarded(Body body) {
    if (setjmp(stop_) == 0) return body();
    fail("{}", problem_);
  }

  // Before memory is allocated for what a small file merely claims to hold.
  void require_enough_bytes() const {
    constexpr uint64_t kMostPacked = 8 * 64;  // a Huffman code of one bit for a block's mean
    require_decodable(info_.image_width, info_.image_height);
    const uint64_t pixels = uint64_t{info_.image_width} * info_.image_height;
    require(info_.arith_code != FALSE || pixels / kMostPacked <= file_bytes_, "{}", kCutOffJpeg);
  }

  void read_header() {
    jpeg_save_markers(&info_, kExifMarker, 0xffff);
    jpeg_read_header(&info_, TRUE);
    const J_COLOR_SPACE space = info_.jpeg_color_space;
    const bool has_inks = space == JCS_CMYK || space == JCS_YCCK;
    info_.out_color_space = space == JCS_GRAYSCALE ? space : has_inks ? JCS_CMYK : JCS_RGB;
  }

  void read_row(uint8_t* row) {
    JSAMPROW target = inks_.empty() ? row : inks_.data();
    jpeg_read_scanlines(&info_, &target, 1);
    if (!inks_.empty()) mix_inks(row);
  }

  // All programs write inverted inks, as Adobe's do: 255 means no ink.
  void mix_inks(uint8_t* row) const {
    for (uint32_t x = 0; x < info_.output_width; ++x) {
      const uint8_t* ink = &inks_[4 * x];
      for (uint32_t c = 0; c < 3; ++c)
        row[3 * x + c] = static_cast<uint8_t>((ink[c] * ink[3] + 127) / 255);
    }
  }

  uint32_t orientation() const {
    constexpr std::string_view kExif("Exif\0\0", 6);
    for (jpeg_saved_marker_ptr marker = info_.marker_list; marker; marker = marker->next) {
      const std::string_view text(reinterpret_cast<const char*>(marker->data), marker->data_length);
      if (!text.starts_with(kExif)) continue;
      return exif_orientation({marker->data + kExif.size(), text.size() - kExif.size()});
    }
    return 1;
  }

  [[noreturn]] void stop() {
    std::array<char, JMSG_LENGTH_MAX> message{};
    errors_.format_message(reinterpret_cast<j_common_ptr>(&info_), message.data());
    problem_ = ended_ ? kCutOffJpeg : std::string("cannot be decoded: ") + message.data();
    std::longjmp(stop_, 1);
  }

  // libjpeg fills missing pixels with grey and continues.
  void hear_warning() {
    switch (errors_.msg_code) {
      case JWRN_JPEG_EOF:
        ended_ = true;
        return;
      case JWRN_HIT_MARKER:
        ended_ = info_.unread_marker == JPEG_EOI;
        stop();
      case JWRN_EXTRANEOUS_DATA:
        if (is_restart(errors_.msg_parm.i[1])) stop();
        return;
      case JWRN_HUFF_BAD_CODE:
      case JWRN_ARITH_BAD_CODE:
      case JWRN_MUST_RESYNC:
      case JWRN_BOGUS_PROGRESSION:
        stop();
      default:
        return;  // affects no pixel
    }
  }

  static bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

  uint64_t file_bytes_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf stop_{};
  std::string problem_;
  bool ended_ = false;         ///< libjpeg reached the end of the file
  std::vector<uint8_t> inks_;  ///< a row of cyan, magenta, yellow and black
};

}  // namespace

Pixels decode_jpeg(std::span<const uint8_t> file) { return JpegReader(file).read(); }

}  // namespace pumice::data
