#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pumice::test {

using Bytes = std::vector<uint8_t>;

/// The content of a PNG that png_file() writes with libpng.
struct PngParts {
  uint32_t width = 1;
  uint32_t height = 1;
  int color_type = 2;  ///< PNG's: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  int bits = 8;
  Bytes rows = {};  ///< as PNG packs them, 16 bits big-endian
  Bytes palette = {};
  std::vector<std::pair<std::string, Bytes>> chunks = {};  ///< before the pixels: {"tRNS", …}
  bool interlaced = false;
};
Bytes png_file(const PngParts& parts);

/// The content of a JPEG that jpeg_file() writes with libjpeg at quality 100.
struct JpegParts {
  uint32_t width = 1;
  uint32_t height = 1;
  uint32_t channels = 3;  ///< 1: grey, 3: RGB, 4: CMYK, 255 is no ink
  Bytes values = {};
  Bytes exif = {};  ///< beginning with the TIFF header
  bool progressive = false;
  bool halved_colors = false;  ///< 4:2:0
  bool unmarked = false;       ///< without Adobe's marker
  bool ycck = false;           ///< for CMYK, as Adobe's programs write it
  uint32_t restart_rows = 0;   ///< rows of blocks between restart markers
};
Bytes jpeg_file(const JpegParts& parts);

/// EXIF data with that orientation and some tags around it.
Bytes exif(uint32_t orientation, bool big_endian);

}  // namespace pumice::test
