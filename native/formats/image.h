#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace pumice::formats {

/// Pixels of 8 bits per channel: grey (1) or red, green, blue (3).
struct Image {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t channels = 1;
  std::vector<uint8_t> pixels;  ///< [height, width, channels]
};

struct GridOptions {
  uint32_t columns = 0;      ///< 0: as square as possible
  uint32_t margin = 1;       ///< between and around the images, in pixels
  uint8_t background = 255;  ///< of margins and empty cells
};

/// Arranges images [N, height, width, channels] row by row. Throws Error unless `pixels` holds a
/// whole number of images, at least one.
Image grid(std::span<const uint8_t> pixels, uint32_t height, uint32_t width, uint32_t channels,
           const GridOptions& options = {});

/// Enlarges every pixel to factor x factor pixels.
Image scaled(const Image& image, uint32_t factor);

/// Encodes the image as PNG. Throws Error if it has no pixels.
std::string encode_png(const Image& image);

/// Writes a PNG atomically. Throws Error as write_file_atomically does.
void write_png(const std::filesystem::path& path, const Image& image);

/// Reads a PNG of any kind, converted to grey or RGB. Throws Error if it cannot be read.
Image read_png(const std::filesystem::path& path);

/// Writes a grid as a PNG at twice its size, so that small images are legible.
void write_grid(const std::filesystem::path& path, const Image& grid);

/// Reads what write_grid() wrote, at the grid's original size. Throws Error as read_png().
Image read_grid(const std::filesystem::path& path);

/// Half the width and height, every pixel the mean of four; an odd last row or column is dropped.
Image halved(const Image& image);

}  // namespace pumice::formats
