#pragma once

#include <span>
#include <string>

#include "engine/hal/choice.h"
#include "engine/train/ranks.h"

namespace pumice::commands {

/// What --device means for a rank. Without it, the ranks of a machine take turns with its devices
/// of the best type (Vulkan drivers on the CPU are a type of their own); one name holds for all; a
/// list "0,1,lavapipe" has one for each rank. Throws UsageError if its length is not the number of
/// ranks.
std::string device_of_rank(std::span<const hal::DeviceInfo> devices, const std::string& wanted,
                           const train::Ranks& ranks);

}  // namespace pumice::commands
