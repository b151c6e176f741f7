#pragma once

#include <memory>

#include "engine/hal/device.h"

namespace pumice::hal::null {

/// What a null device was asked to do so far.
struct Counts {
  uint64_t allocations = 0;
  uint64_t allocated_bytes = 0;  ///< of all allocations, also of buffers that are gone
  uint64_t live_bytes = 0;       ///< of the buffers that still exist
  uint64_t programs = 0;
  uint64_t runs = 0;
  uint64_t dispatches = 0;  ///< run, not compiled
  uint64_t writes = 0;
  uint64_t reads = 0;
};

/// Validates and counts, computes nothing: reading gives zeros or what was last written. For tests
/// of everything that leads up to a device, and for measuring what a plan would need.
class NullDevice : public Device {
 public:
  virtual Counts counts() const = 0;
};

/// A null device with these limits (the defaults are WebGPU's); it has no limit of total memory
/// unless `limits.memory_bytes` says so.
std::unique_ptr<NullDevice> create_device(Limits limits = {});

}  // namespace pumice::hal::null
