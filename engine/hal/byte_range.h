#pragma once

#include <cstdint>
#include <string_view>

namespace pumice::hal {

class Buffer;

/// A range of bytes of a buffer; by default, the whole buffer.
struct ByteRange {
  static constexpr uint64_t kToTheEnd = UINT64_MAX;

  uint64_t offset = 0;         ///< a multiple of 4
  uint64_t bytes = kToTheEnd;  ///< a multiple of 4, at least 4
};

/// The range with its size resolved. Throws Error, prefixed by `who`, unless it consists of whole
/// words within the buffer.
ByteRange range_within(const Buffer& buffer, ByteRange range, std::string_view who);

/// For write() of all backends: throws Error unless `bytes` bytes fit into the buffer.
void require_fits(const Buffer& to, uint64_t bytes);

}  // namespace pumice::hal
