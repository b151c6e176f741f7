#pragma once

#include <functional>
#include <string>

namespace pumice {

/// Receives progress messages, one line each.
using Notify = std::function<void(const std::string&)>;

}  // namespace pumice
