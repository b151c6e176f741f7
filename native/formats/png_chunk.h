#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pumice::formats {

// The layout of a PNG: https://www.w3.org/TR/png-3/#5PNG-file-signature
inline constexpr size_t kPngSignature = 8;
inline constexpr size_t kPngHeader = 25;      ///< the chunk IHDR
inline constexpr size_t kAroundPngData = 12;  ///< a chunk's length, type and checksum

/// Four bytes, most significant first.
std::string big_endian(uint32_t value);

/// A chunk with its length and checksum.
std::string png_chunk(std::string_view type, std::string_view data);

}  // namespace pumice::formats
