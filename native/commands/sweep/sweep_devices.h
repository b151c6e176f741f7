#pragma once

#include <string>
#include <vector>

#include "native/commands/session.h"

namespace pumice::commands {

/// The indices of the devices that --devices lists: each as for --device, or "all": all GPUs, or
/// all devices that can be used if there is no GPU. Without a list, the device of the session,
/// which may be "". Throws Error if one is not there or listed twice.
std::vector<std::string> devices_of(const std::vector<std::string>& listed, const Session& session);

}  // namespace pumice::commands
