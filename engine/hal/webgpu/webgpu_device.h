#pragma once

#include <functional>
#include <memory>

#include "engine/hal/device.h"

namespace pumice::hal::webgpu {

struct Options {
  /// Called by Readback::take() until the bytes are there, where a caller may be suspended (tests
  /// built with -sJSPI). Empty, as in a page: take() before ready() throws Error.
  std::function<void()> wait;
};

/// What the open device's buffers take, also those that only pass on params and readbacks.
struct MemoryUse {
  uint64_t buffers = 0;
  uint64_t bytes = 0;
};
MemoryUse memory_use();

/// The GPUDevice that the page's JavaScript requested before it started this program: see
/// open_device.mjs. Throws Error where there is none. After a device is lost, the page may put
/// another one in its place; then what the lost one made must be gone before this is called.
///
/// Errors of the browser arrive late: the next call throws them. write() of a number of bytes that
/// is no multiple of 4 clears the rest of the last word.
std::unique_ptr<Device> create_device(const Options& options = {});

}  // namespace pumice::hal::webgpu
