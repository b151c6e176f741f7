#include "engine/hal/webgpu/buffer.h"

#include <algorithm>

#include "engine/base/divide_up.h"

namespace pumice::hal::webgpu {
namespace {

constexpr uint64_t kGranularity = 16;

uint64_t whole(uint64_t bytes) { return round_up(std::max<uint64_t>(bytes, 1), kGranularity); }

int create(const Limits& limits, uint64_t bytes, std::string_view label) {
  if (bytes > limits.max_buffer_bytes) {
    throw OutOfMemory(
        fmt::format("out of memory: '{}' needs {} bytes; one buffer on {} can have at most {}",
                    label, bytes, limits.device_name, limits.max_buffer_bytes));
  }
  return pumice_gpu_buffer(static_cast<double>(bytes));
}

}  // namespace

Buffer::Buffer(const Limits& limits, uint64_t bytes, std::string_view label)
    : bytes_(whole(bytes)), label_(label), handle_(create(limits, bytes_, label)) {}

const Buffer& own_buffer(const hal::Buffer& buffer, std::string_view who) {
  auto* own = dynamic_cast<const Buffer*>(&buffer);
  require(own, "{}: buffer '{}' belongs to another device", who, buffer.label());
  return *own;
}

}  // namespace pumice::hal::webgpu
