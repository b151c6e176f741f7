#include "engine/data/exif.h"

namespace pumice::data {
namespace {

/// Reads numbers of a TIFF file, in the byte order given at its beginning. 0 beyond the end.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::span<const uint8_t> bytes)
      : bytes_(bytes), big_endian_(!bytes.empty() && bytes[0] == 'M') {}

  uint32_t u16(uint64_t at) const { return number(at, 2); }
  uint32_t u32(uint64_t at) const { return number(at, 4); }

 private:
  uint32_t number(uint64_t at, uint32_t size) const {
    if (at + size > bytes_.size()) return 0;
    uint32_t value = 0;
    for (uint32_t i = 0; i < size; ++i) {
      value = value << 8 | bytes_[at + (big_endian_ ? i : size - 1 - i)];
    }
    return value;
  }

  std::span<const uint8_t> bytes_;
  bool big_endian_;
};

}  // namespace

uint32_t exif_orientation(std::span<const uint8_t> exif) {
  constexpr uint32_t kTiff = 42, kOrientation = 0x0112, kShort = 3;
  constexpr uint64_t kEntryBytes = 12;
  const bool has_order =
      exif.size() >= 2 && exif[0] == exif[1] && (exif[0] == 'I' || exif[0] == 'M');
  const TiffNumbers numbers(exif);
  if (!has_order || numbers.u16(2) != kTiff) return 1;
  const uint64_t directory = numbers.u32(4);
  const uint32_t entries = numbers.u16(directory);
  for (uint32_t i = 0; i < entries; ++i) {
    const uint64_t entry = directory + 2 + i * kEntryBytes;
    if (numbers.u16(entry) != kOrientation) continue;
    const uint32_t value = numbers.u16(entry + 8);
    const bool valid = numbers.u16(entry + 2) == kShort && numbers.u32(entry + 4) == 1;
    return valid && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

}  // namespace pumice::data
