#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::system {

struct DeviceRequest {
  std::string device;  ///< empty for the best; else an index, a type or part of the name
  bool validation = false;
  std::function<void(std::string_view)> on_message;  ///< receives validation messages
};

struct DeviceRow {
  uint32_t index = 0;
  hal::Limits limits;
  std::string rejected;  ///< why it cannot be used; empty when it can
};

/// How commands open devices: only main() knows the backend. Both functions throw Error.
struct Backend {
  std::function<std::unique_ptr<hal::Device>(const DeviceRequest&)> open;
  std::function<std::vector<DeviceRow>()> list;
};

}  // namespace pumice::system
