#include "engine/hal/vulkan/staging.h"

#include "engine/base/divide_up.h"

namespace pumice::hal::vulkan {
namespace {

constexpr size_t kMaxBlocks = 8;
constexpr uint64_t kAlignment = 256;  // the largest nonCoherentAtomSize that Vulkan allows

}  // namespace

Staging::Block& Staging::block_for(uint64_t bytes) {
  if (!blocks_.empty() && blocks_.back().used + bytes <= kBlockBytes) return blocks_.back();
  if (blocks_.size() >= kMaxBlocks && blocks_.front().busy_until > queue_.completed()) {
    queue_.submit();
    queue_.wait(blocks_.front().busy_until);
  }
  if (!blocks_.empty() && blocks_.front().busy_until <= queue_.completed()) {
    blocks_.push_back(std::move(blocks_.front()));
    blocks_.pop_front();
  } else {
    blocks_.push_back(
        {std::make_unique<Memory>(queue_.context(), kBlockBytes, MemoryKind::kUpload, "staging"), 0,
         0});
  }
  blocks_.back().used = 0;
  return blocks_.back();
}

Staging::Slice Staging::put(std::span<const std::byte> bytes) {
  uint64_t reserved = round_up(bytes.size(), kAlignment);
  Block& block = block_for(reserved);
  uint64_t offset = block.used;
  block.memory->store(offset, bytes);
  block.used += reserved;
  block.busy_until = queue_.next();
  return {block.memory->buffer(), offset};
}

}  // namespace pumice::hal::vulkan
