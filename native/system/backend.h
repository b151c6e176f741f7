#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hal/choice.h"

namespace pumice::system {

struct DeviceRequest {
  std::string device;  ///< see hal::choose()
  bool validation = false;
  std::function<void(std::string_view)> on_message;     ///< receives validation messages
  std::function<void(const std::string&)> notify = {};  ///< receives news of a device's first use
  bool with_every_core = false;  ///< no self-test, and nothing is disabled that failed one
};

/// How commands open devices: only main() knows the backend. Both functions throw Error.
struct Backend {
  std::function<std::unique_ptr<hal::Device>(const DeviceRequest&)> open;
  std::function<std::vector<hal::DeviceInfo>()> list;
};

}  // namespace pumice::system
