#pragma once

#include "native/system/backend.h"

namespace pumice {

/// The devices of this machine, best first: Vulkan's GPUs, the processor itself (engine/hal/cpu),
/// Vulkan drivers that run on the processor. A Vulkan device is opened without the features that
/// failed its self-test.
system::Backend all_devices();

}  // namespace pumice
