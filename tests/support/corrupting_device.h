#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/hal/device_with_limits.h"

namespace pumice::test {

/// A device on which one kernel, by its name, computes wrong numbers: after every run, the first
/// number of each of its results is changed.
class CorruptingDevice : public hal::DeviceWithLimits {
 public:
  /// With `alternates`, only every second run is wrong.
  CorruptingDevice(hal::Device& device, std::string kernel, bool alternates = false)
      : DeviceWithLimits(device, device.limits()),
        kernel_(std::move(kernel)),
        alternates_(alternates) {}

  std::unique_ptr<hal::Program> compile(const hal::Plan& plan) override {
    auto program = std::make_unique<CorruptedProgram>();
    program->inner = DeviceWithLimits::compile(plan);
    for (const hal::Dispatch& dispatch : plan.dispatches) {
      if (dispatch.kernel->name != kernel_) continue;
      const auto& result = dispatch.bindings.back();
      program->results.push_back({plan.buffers[result.buffer], result.offset});
    }
    return program;
  }

  void run(hal::Program& program) override {
    auto& own = dynamic_cast<CorruptedProgram&>(program);
    DeviceWithLimits::run(*own.inner);
    if (alternates_ && ++runs_ % 2 == 1) return;
    for (const auto& [buffer, offset] : own.results) {
      std::vector<std::byte> bytes = read(*buffer)->take();
      const float wrong = 1000;
      std::memcpy(bytes.data() + offset, &wrong, sizeof(wrong));
      write(*buffer, bytes);
    }
  }

 private:
  struct CorruptedProgram : hal::Program {
    std::unique_ptr<hal::Program> inner;
    std::vector<std::pair<hal::BufferPtr, uint64_t>> results;
  };

  std::string kernel_;
  bool alternates_;
  uint32_t runs_ = 0;
};

}  // namespace pumice::test
