#pragma once

#include <utility>

#include "engine/hal/device_clock.h"

namespace pumice::hal {

inline Limits with_precision(Limits limits, Precision precision) {
  limits.prefers.precision = precision;
  return limits;
}

/// A device under other limits, such as another precision: graphs built for it follow these. A base
/// for devices that change a single call, too.
class DeviceWithLimits : public Device, public DeviceClock {
 public:
  /// `device` must outlive this, and be capable of what `limits` say.
  DeviceWithLimits(Device& device, Limits limits) : device_(device), limits_(std::move(limits)) {}

  BufferPtr allocate(uint64_t bytes, std::string_view label) override {
    return device_.allocate(bytes, label);
  }
  std::unique_ptr<Program> compile(const Plan& plan) override { return device_.compile(plan); }
  void write(Buffer& to, std::span<const std::byte> bytes) override { device_.write(to, bytes); }
  void run(Program& program) override { device_.run(program); }
  using Device::read;
  std::unique_ptr<Readback> read(const Buffer& from, ByteRange range) override {
    return device_.read(from, range);
  }
  const Limits& limits() const override { return limits_; }

  std::optional<double> run_timed(Program& program) override {
    if (auto* clock = dynamic_cast<DeviceClock*>(&device_)) return clock->run_timed(program);
    device_.run(program);
    return std::nullopt;
  }

 private:
  Device& device_;
  Limits limits_;
};

}  // namespace pumice::hal
