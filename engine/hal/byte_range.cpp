#include "engine/hal/byte_range.h"

#include "engine/hal/device.h"

namespace pumice::hal {

ByteRange range_within(const Buffer& buffer, ByteRange range, std::string_view who) {
  const uint64_t all = buffer.bytes();
  if (range.bytes == ByteRange::kToTheEnd && range.offset <= all) range.bytes = all - range.offset;
  const bool is_inside = range.offset <= all && range.bytes <= all - range.offset;
  const bool is_whole = range.offset % 4 == 0 && range.bytes % 4 == 0 && range.bytes > 0;
  require(is_inside && is_whole,
          "{}: expects whole words within the {} bytes of '{}', got {} bytes at {}", who, all,
          buffer.label(), range.bytes, range.offset);
  return range;
}

void require_fits(const Buffer& to, uint64_t bytes) {
  require(bytes <= to.bytes(), "write: {} bytes do not fit into '{}' ({} bytes)", bytes, to.label(),
          to.bytes());
}

}  // namespace pumice::hal
