#include "engine/hal/vulkan/buffer.h"

#include <algorithm>

#include "engine/base/divide_up.h"

namespace pumice::hal::vulkan {
namespace {

constexpr uint64_t kGranularity = 16;

uint64_t whole(uint64_t bytes) { return round_up(std::max<uint64_t>(bytes, 1), kGranularity); }

std::shared_ptr<Memory> allocate(Queue& queue, uint64_t bytes, std::string_view label) {
  const Limits& limits = queue.context().limits();
  if (bytes > limits.max_buffer_bytes) {
    throw OutOfMemory(
        fmt::format("out of memory: '{}' needs {} bytes; one buffer on {} can have at "
                    "most {}",
                    label, bytes, limits.device_name, limits.max_buffer_bytes));
  }
  queue.collect();
  try {
    return std::make_shared<Memory>(queue.context(), bytes, MemoryKind::kDevice, label);
  } catch (const OutOfMemory&) {
    queue.finish();
    return std::make_shared<Memory>(queue.context(), bytes, MemoryKind::kDevice, label);
  }
}

}  // namespace

Buffer::Buffer(std::shared_ptr<Queue> queue, uint64_t bytes, std::string_view label)
    : queue_(std::move(queue)), label_(label), memory_(allocate(*queue_, whole(bytes), label)) {
  queue_->context().vk.vkCmdFillBuffer(queue_->begin_copy(), handle(), 0, VK_WHOLE_SIZE, 0);
}

Buffer::~Buffer() { queue_->retire(std::move(memory_)); }

const Buffer& own_buffer(const hal::Buffer& buffer, const Queue& queue, std::string_view who) {
  auto* own = dynamic_cast<const Buffer*>(&buffer);
  require(own && own->belongs_to(queue), "{}: buffer '{}' belongs to another device", who,
          buffer.label());
  return *own;
}

}  // namespace pumice::hal::vulkan
