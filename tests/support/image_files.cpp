#include "tests/support/image_files.h"

#include <png.h>

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace pumice::test {
namespace {

void append(png_structp png, png_bytep bytes, size_t count) {
  auto* file = static_cast<Bytes*>(png_get_io_ptr(png));
  file->insert(file->end(), bytes, bytes + count);
}

void write_parts(png_structp png, png_infop info, const PngParts& parts) {
  png_set_IHDR(png, info, parts.width, parts.height, parts.bits, parts.color_type,
               parts.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!parts.palette.empty()) {
    png_set_PLTE(png, info, reinterpret_cast<png_const_colorp>(parts.palette.data()),
                 static_cast<int>(parts.palette.size() / 3));
  }
  png_write_info(png, info);
  for (const auto& [name, data] : parts.chunks) {
    png_write_chunk(png, reinterpret_cast<png_const_bytep>(name.c_str()), data.data(), data.size());
  }
  std::vector<png_bytep> rows;
  const size_t row_bytes = png_get_rowbytes(png, info);
  for (uint32_t y = 0; y < parts.height; ++y) {
    rows.push_back(const_cast<png_bytep>(&parts.rows.at(y * row_bytes)));
  }
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
}

void set_form(jpeg_compress_struct& info, const JpegParts& parts) {
  constexpr J_COLOR_SPACE kSpaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};
  info.image_width = parts.width;
  info.image_height = parts.height;
  info.input_components = static_cast<int>(parts.channels);
  info.in_color_space = kSpaces[parts.channels];
  jpeg_set_defaults(&info);
  if (parts.ycck) jpeg_set_colorspace(&info, JCS_YCCK);
  if (parts.unmarked) info.write_Adobe_marker = FALSE;
  jpeg_set_quality(&info, 100, TRUE);
  const int factor = parts.halved_colors ? 2 : 1;
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = factor;
  if (parts.channels == 4) {
    info.comp_info[3].h_samp_factor = info.comp_info[3].v_samp_factor = factor;
  }
  info.restart_in_rows = static_cast<int>(parts.restart_rows);
  if (parts.progressive) jpeg_simple_progression(&info);
}

void put(Bytes& bytes, uint32_t value, uint32_t size, bool big_endian) {
  for (uint32_t i = 0; i < size; ++i) {
    bytes.push_back(uint8_t(value >> 8 * (big_endian ? size - 1 - i : i)));
  }
}

}  // namespace

Bytes png_file(const PngParts& parts) {
  Bytes file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &file, append, nullptr);
  write_parts(png, info, parts);
  png_destroy_write_struct(&png, &info);
  return file;
}

Bytes jpeg_file(const JpegParts& parts) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  set_form(info, parts);
  jpeg_start_compress(&info, TRUE);
  if (!parts.exif.empty()) {
    Bytes marker{'E', 'x', 'i', 'f', 0, 0};
    marker.insert(marker.end(), parts.exif.begin(), parts.exif.end());
    jpeg_write_marker(&info, JPEG_APP0 + 1, marker.data(), static_cast<unsigned>(marker.size()));
  }
  const size_t row_bytes = size_t{parts.width} * parts.channels;
  for (uint32_t y = 0; y < parts.height; ++y) {
    auto* row = const_cast<JSAMPROW>(&parts.values.at(y * row_bytes));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes file(bytes, bytes + size);
  std::free(bytes);
  return file;
}

Bytes exif(uint32_t orientation, bool big_endian) {
  Bytes tiff(2, big_endian ? 'M' : 'I');
  auto put_here = [&](uint32_t value, uint32_t size) { put(tiff, value, size, big_endian); };
  put_here(42, 2);
  put_here(12, 4);  // where the directory is
  put_here(0, 4);
  put_here(2, 2);  // entries: each tag, type, count, value
  for (auto [tag, value] : {std::pair(0x0100u, 7u), std::pair(0x0112u, orientation)}) {
    put_here(tag, 2);
    put_here(3, 2);
    put_here(1, 4);
    put_here(value, 2);
    put_here(0, 2);
  }
  put_here(0, 4);  // no further directory
  return tiff;
}

}  // namespace pumice::test
