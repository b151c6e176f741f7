#include "native/formats/event_protobuf.h"

#include <bit>

namespace pumice::formats {
namespace {

// The wire type: the encoding of the value after a field's key.
enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

constexpr uint32_t key(uint32_t field, WireType type) { return field << 3 | type; }

}  // namespace

void Message::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
}

template <typename Bits>
void Message::little_endian(Bits bits) {
  for (size_t i = 0; i < sizeof(Bits); ++i) bytes_ += static_cast<char>(bits >> (8 * i));
}

Message& Message::number(uint32_t field, uint64_t value) {
  varint(key(field, kVarint));
  varint(value);
  return *this;
}

Message& Message::real(uint32_t field, double value) {
  varint(key(field, kFixed64));
  little_endian(std::bit_cast<uint64_t>(value));
  return *this;
}

Message& Message::real(uint32_t field, float value) {
  varint(key(field, kFixed32));
  little_endian(std::bit_cast<uint32_t>(value));
  return *this;
}

Message& Message::bytes(uint32_t field, std::string_view value) {
  varint(key(field, kLength));
  varint(value.size());
  bytes_ += value;
  return *this;
}

}  // namespace pumice::formats
