#pragma once

#include <memory>
#include <string>

#include "engine/hal/device.h"
#include "engine/hal/webgpu/browser.h"

namespace pumice::hal::webgpu {

/// A browser object, released with its owner.
class Handle {
 public:
  explicit Handle(int index) : index_(index) {}
  ~Handle() {
    if (index_ != 0) pumice_gpu_release(index_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  int index() const { return index_; }

 private:
  int index_;
};

/// Device memory, zero-filled by WebGPU. The browser keeps it alive for work in flight.
class Buffer final : public hal::Buffer {
 public:
  /// Throws OutOfMemory if a single buffer cannot be that large.
  Buffer(const Limits& limits, uint64_t bytes, std::string_view label);

  uint64_t bytes() const override { return bytes_; }
  std::string_view label() const override { return label_; }
  int handle() const { return handle_.index(); }

 private:
  uint64_t bytes_;
  std::string label_;
  Handle handle_;
};

/// Downcasts a buffer of the device contract. Throws Error, prefixed by `who`, if another backend
/// made it.
const Buffer& own_buffer(const hal::Buffer& buffer, std::string_view who);

}  // namespace pumice::hal::webgpu
