#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pumice::formats {

/// A message in the wire format of protocol buffers, filled field by field
/// (https://protobuf.dev/programming-guides/encoding). TensorBoard's events need only five flat
/// messages whose fields never change, for which the library, its compiler and copies of
/// TensorFlow's definitions would be too large a dependency.
class Message {
 public:
  Message& number(uint32_t field, uint64_t value);
  Message& real(uint32_t field, double value);
  Message& real(uint32_t field, float value);
  Message& bytes(uint32_t field, std::string_view value);  ///< a string or a nested message

  const std::string& bytes() const { return bytes_; }

 private:
  void varint(uint64_t value);
  template <typename Bits>
  void little_endian(Bits bits);

  std::string bytes_;
};

}  // namespace pumice::formats
