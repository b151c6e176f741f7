#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/hal/vulkan/context.h"

namespace pumice::hal::vulkan {

enum class MemoryKind : uint8_t {
  kDevice,    ///< for kernels, filled and read by copies; see Preferences::host_memory
  kUpload,    ///< written by the host, source of copies
  kReadback,  ///< destination of copies, read by the host
};

/// The index of the type of kDevice memory with this preference: see Preferences::host_memory.
uint32_t memory_type_of_kernels(const Context& context, bool host_memory);

/// A VkBuffer with its memory. Freed immediately: the owner makes sure that the device is done with
/// it.
class Memory {
 public:
  /// Throws OutOfMemory.
  Memory(const Context& context, uint64_t bytes, MemoryKind kind, std::string_view label);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  VkBuffer buffer() const { return buffer_; }
  uint64_t bytes() const { return bytes_; }

  /// Copies from the host; visible to the next submission (kUpload).
  void store(uint64_t offset, std::span<const std::byte> bytes);
  /// What the device has copied here (kReadback).
  std::span<const std::byte> load();

 private:
  const Context& context_;
  uint64_t bytes_;
  VkBuffer buffer_ = VK_NULL_HANDLE;
  VmaAllocation allocation_ = VK_NULL_HANDLE;
  std::byte* mapped_ = nullptr;
};

}  // namespace pumice::hal::vulkan
