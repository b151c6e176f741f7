#pragma once

#include <memory>

#include "engine/hal/device.h"

namespace pumice::hal::null {

/// What a null device has been asked to do so far.
struct Counts {
  uint64_t allocations = 0;
  uint64_t allocated_bytes = 0;  ///< of all allocations, including buffers that were freed
  uint64_t live_bytes = 0;       ///< of buffers that still exist
  uint64_t programs = 0;
  uint64_t runs = 0;
  uint64_t dispatches = 0;  ///< dispatches run, not compiled
  uint64_t writes = 0;
  uint64_t reads = 0;
};

/// Validates and counts but computes nothing: reads return zeros or what was last written. For
/// tests of everything above a device, and for measuring what a plan would need.
class NullDevice : public Device {
 public:
  virtual Counts counts() const = 0;
};

/// A null device with these limits (WebGPU's by default). Its total memory is unlimited unless
/// `limits.memory_bytes` is set.
std::unique_ptr<NullDevice> create_device(Limits limits = {});

}  // namespace pumice::hal::null
