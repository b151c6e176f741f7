#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/hal/device.h"

namespace pumice::hal::cpu {

/// Memory of the process, zero-filled.
class Buffer final : public hal::Buffer {
 public:
  /// Throws OutOfMemory.
  Buffer(const Limits& limits, uint64_t bytes, std::string_view label);

  uint64_t bytes() const override { return bytes_; }
  std::string_view label() const override { return label_; }
  std::byte* data() const { return data_.get(); }
  /// For work in flight, which may outlive the buffer.
  const std::shared_ptr<std::byte[]>& memory() const { return data_; }

 private:
  uint64_t bytes_;
  std::string label_;
  std::shared_ptr<std::byte[]> data_;
};

/// Downcasts a buffer of the device contract. Throws Error, prefixed by `who`, if another backend
/// made it.
const Buffer& own_buffer(const hal::Buffer& buffer, std::string_view who);

}  // namespace pumice::hal::cpu
