#pragma once

#include "native/system/backend.h"

namespace pumice {

/// The devices of this machine, best first: Vulkan's GPUs, the processor itself (engine/hal/cpu),
/// Vulkan drivers that run on the processor. Devices are opened without the features and cores
/// that failed their self-test, unless the request says otherwise.
system::Backend all_devices();

}  // namespace pumice
