#pragma once

#include <utility>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::hal {

/// A readback of bytes that are already on the host.
class HostReadback final : public Readback {
 public:
  explicit HostReadback(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  bool ready() override { return true; }
  std::vector<std::byte> take() override { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace pumice::hal
