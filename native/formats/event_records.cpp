#include "native/formats/event_records.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "engine/base/require.h"

namespace pumice::formats {
namespace {

constexpr uint32_t kReversedPolynomial = 0x82f63b78;

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) ? crc >> 1 ^ kReversedPolynomial : crc >> 1;
    table[byte] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = make_table();

std::string little_endian(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// Masked, because the checksum of data that contains its own checksum is weak.
std::string checksum(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return little_endian((crc >> 15 | crc << 17) + 0xa282ead8u, 4);
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  return ~crc;
}

RecordFile::RecordFile(const std::filesystem::path& path)
    : path_(path), file_(std::fopen(path.c_str(), "wbx"), std::fclose) {
  require(file_ != nullptr, "{}: cannot create: {}", path.string(), std::strerror(errno));
}

void RecordFile::append(std::string_view record) {
  const std::string length = little_endian(record.size(), 8);
  const std::string framed = length + checksum(length) + std::string(record) + checksum(record);
  const bool written = std::fwrite(framed.data(), 1, framed.size(), file_.get()) == framed.size() &&
                       std::fflush(file_.get()) == 0;
  require(written, "{}: cannot write: {}", path_.string(), std::strerror(errno));
}

}  // namespace pumice::formats
