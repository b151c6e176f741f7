#include "engine/hal/vulkan/memory.h"

#include <fmt/format.h>

#include <cstring>

namespace pumice::hal::vulkan {
namespace {

VkBufferUsageFlags usage_of(MemoryKind kind, const Limits& limits) {
  switch (kind) {
    case MemoryKind::kUpload:
      return VK_BUFFER_USAGE_TRANSFER_SRC_BIT;
    case MemoryKind::kReadback:
      return VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    case MemoryKind::kDevice:
      break;
  }
  VkBufferUsageFlags usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                             VK_BUFFER_USAGE_TRANSFER_DST_BIT;
  if (limits.max_texel_elements > 0) usage |= VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT;
  return usage;
}

VmaAllocationCreateInfo allocation_info(MemoryKind kind, const PhysicalDevice& physical) {
  VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO_PREFER_HOST};
  switch (kind) {
    case MemoryKind::kDevice:
      if (physical.limits.prefers.host_memory) {
        info.requiredFlags = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT;
      } else {
        info.usage = VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE;
      }
      break;
    case MemoryKind::kUpload:
      info.flags =
          VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
      break;
    case MemoryKind::kReadback:
      info.flags = VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT;
      break;
  }
  // Beyond the budget a driver starts to swap or takes the desktop down with it.
  if (physical.memory_budget) info.flags |= VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT;
  return info;
}

std::string out_of_memory(const Context& context, uint64_t bytes, std::string_view label) {
  constexpr double kMiB = 1 << 20;
  Context::Memory memory = context.memory();
  return fmt::format("out of memory: '{}' needs {:.1f} MiB; {} has {:.1f} of {:.1f} MiB free",
                     label, bytes / kMiB, context.limits().device_name, memory.free / kMiB,
                     memory.all / kMiB);
}

}  // namespace

uint32_t memory_type_of_kernels(const Context& context, bool host_memory) {
  VkBufferCreateInfo buffer = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                               .size = 1,
                               .usage = usage_of(MemoryKind::kDevice, context.limits())};
  PhysicalDevice physical = context.physical();
  physical.limits.prefers.host_memory = host_memory;
  const VmaAllocationCreateInfo allocation = allocation_info(MemoryKind::kDevice, physical);
  uint32_t type = 0;
  check(vmaFindMemoryTypeIndexForBufferInfo(context.allocator(), &buffer, &allocation, &type),
        "vulkan: cannot choose a kind of memory");
  return type;
}

Memory::Memory(const Context& context, uint64_t bytes, MemoryKind kind, std::string_view label)
    : context_(context), bytes_(bytes) {
  VkBufferCreateInfo buffer = {
      .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
      .size = bytes,
      .usage = usage_of(kind, context.limits()),
      .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
  };
  const VmaAllocationCreateInfo allocation = allocation_info(kind, context.physical());
  VmaAllocationInfo placed = {};
  VkResult result =
      vmaCreateBuffer(context.allocator(), &buffer, &allocation, &buffer_, &allocation_, &placed);
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY) {
    throw OutOfMemory(out_of_memory(context, bytes, label));
  }
  check(result, fmt::format("vulkan: cannot allocate '{}'", label));
  mapped_ = static_cast<std::byte*>(placed.pMappedData);
  context.name(VK_OBJECT_TYPE_BUFFER, buffer_, label);
}

Memory::~Memory() { vmaDestroyBuffer(context_.allocator(), buffer_, allocation_); }

void Memory::store(uint64_t offset, std::span<const std::byte> bytes) {
  std::memcpy(mapped_ + offset, bytes.data(), bytes.size());
  check(vmaFlushAllocation(context_.allocator(), allocation_, offset, bytes.size()),
        "vulkan: cannot flush memory");
}

std::span<const std::byte> Memory::load() {
  check(vmaInvalidateAllocation(context_.allocator(), allocation_, 0, VK_WHOLE_SIZE),
        "vulkan: cannot invalidate memory");
  return {mapped_, static_cast<size_t>(bytes_)};
}

}  // namespace pumice::hal::vulkan
