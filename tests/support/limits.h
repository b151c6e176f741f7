#pragma once

#include "engine/hal/device.h"

namespace pumice::test {

/// A device's limits, changed to those of another type of device.
inline hal::Limits as_type(hal::Limits limits, hal::DeviceType type) {
  limits.type = type;
  limits.prefers = hal::preferences_of(limits);
  return limits;
}

/// WebGPU's limits for a device of this type, with subgroups of `lanes` and with texel buffers.
inline hal::Limits limits_of(hal::DeviceType type, uint32_t lanes) {
  hal::Limits limits;
  limits.subgroup_size = lanes;
  limits.max_texel_elements = 1u << 27;
  limits.features = static_cast<uint32_t>(hal::Feature::kSubgroupShuffle) |
                    static_cast<uint32_t>(hal::Feature::kTexelBuffer) |
                    static_cast<uint32_t>(hal::Feature::kFusedKernels);
  return as_type(limits, type);
}

}  // namespace pumice::test
