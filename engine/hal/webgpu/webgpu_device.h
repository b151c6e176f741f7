#pragma once

#include <functional>
#include <memory>

#include "engine/hal/device.h"

namespace pumice::hal::webgpu {

struct Options {
  /// Called by Readback::take() until the bytes have arrived, in programs that can be suspended
  /// (tests built with -sJSPI). If empty, as in a page, take() before ready() throws Error.
  std::function<void()> wait;
};

/// Of the open device, including buffers for params and readbacks.
MemoryUse memory_use();

/// Wraps the GPUDevice that the page's JavaScript requested before it started this program: see
/// open_device.mjs. Throws Error if there is none. After a device is lost, the page may replace it;
/// all objects of the lost device must be destroyed before this is called again.
///
/// Browser errors arrive late: the next call throws them. write() of a number of bytes that is not
/// a multiple of 4 clears the rest of the last word.
std::unique_ptr<Device> create_device(const Options& options = {});

}  // namespace pumice::hal::webgpu
