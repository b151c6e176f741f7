#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::test {

/// A device on which one kernel, by its name, computes wrong numbers: after every run, the first
/// number of each of its results is changed.
class CorruptingDevice : public hal::Device {
 public:
  /// With `alternates`, only every second run is wrong.
  CorruptingDevice(hal::Device& device, std::string kernel, bool alternates = false)
      : device_(device), kernel_(std::move(kernel)), alternates_(alternates) {}

  hal::BufferPtr allocate(uint64_t bytes, std::string_view label) override {
    return device_.allocate(bytes, label);
  }

  std::unique_ptr<hal::Program> compile(const hal::Plan& plan) override {
    auto program = std::make_unique<CorruptedProgram>();
    program->inner = device_.compile(plan);
    for (const hal::Dispatch& dispatch : plan.dispatches) {
      if (dispatch.kernel->name != kernel_) continue;
      const auto& result = dispatch.bindings.back();
      program->results.push_back({plan.buffers[result.buffer], result.offset});
    }
    return program;
  }

  void write(hal::Buffer& to, std::span<const std::byte> bytes) override {
    device_.write(to, bytes);
  }

  void run(hal::Program& program) override {
    auto& own = dynamic_cast<CorruptedProgram&>(program);
    device_.run(*own.inner);
    if (alternates_ && ++runs_ % 2 == 1) return;
    for (const auto& [buffer, offset] : own.results) {
      std::vector<std::byte> bytes = device_.read(*buffer)->take();
      const float wrong = 1000;
      std::memcpy(bytes.data() + offset, &wrong, sizeof(wrong));
      device_.write(*buffer, bytes);
    }
  }

  using hal::Device::read;
  std::unique_ptr<hal::Readback> read(const hal::Buffer& from, hal::ByteRange range) override {
    return device_.read(from, range);
  }

  const hal::Limits& limits() const override { return device_.limits(); }

 private:
  struct CorruptedProgram : hal::Program {
    std::unique_ptr<hal::Program> inner;
    std::vector<std::pair<hal::BufferPtr, uint64_t>> results;
  };

  hal::Device& device_;
  std::string kernel_;
  bool alternates_;
  uint32_t runs_ = 0;
};

}  // namespace pumice::test
