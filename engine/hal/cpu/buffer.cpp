#include "engine/hal/cpu/buffer.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "engine/base/divide_up.h"
#include "engine/hal/cpu/cpu_device.h"

namespace pumice::hal::cpu {
namespace {

constexpr uint64_t kGranularity = 16;
constexpr std::align_val_t kAlignment{64};  // a cache line, and the widest vector

std::atomic<uint64_t> buffers_in_use = 0, bytes_in_use = 0;

std::shared_ptr<std::byte[]> take(void* data, uint64_t bytes) {
  ++buffers_in_use;
  bytes_in_use += bytes;
  std::memset(data, 0, bytes);
  return {static_cast<std::byte*>(data), [bytes](std::byte* memory) {
            --buffers_in_use;
            bytes_in_use -= bytes;
            ::operator delete(memory, kAlignment);
          }};
}

std::shared_ptr<std::byte[]> allocate(const Limits& limits, uint64_t bytes,
                                      std::string_view label) {
  if (bytes <= limits.max_buffer_bytes) {
    if (void* data = ::operator new(bytes, kAlignment, std::nothrow)) return take(data, bytes);
  }
  throw OutOfMemory(
      fmt::format("out of memory: '{}' needs {} bytes on {}", label, bytes, limits.device_name));
}

}  // namespace

Buffer::Buffer(const Limits& limits, uint64_t bytes, std::string_view label)
    : bytes_(round_up(std::max<uint64_t>(bytes, 1), kGranularity)),
      label_(label),
      data_(allocate(limits, bytes_, label)) {}

MemoryUse memory_use() { return {buffers_in_use, bytes_in_use}; }

const Buffer& own_buffer(const hal::Buffer& buffer, std::string_view who) {
  auto* own = dynamic_cast<const Buffer*>(&buffer);
  require(own, "{}: buffer '{}' belongs to another device", who, buffer.label());
  return *own;
}

}  // namespace pumice::hal::cpu
