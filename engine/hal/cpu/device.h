#pragma once

#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/cpu/pool.h"
#include "engine/hal/device_clock.h"

namespace pumice::hal::cpu {

/// The index of the instruction set that the options ask for.
size_t set_of(const Options& options);

/// Of a device with that instruction set.
Limits limits_of(size_t set);

class CpuDevice final : public Device, public DeviceClock {
 public:
  explicit CpuDevice(const Options& options);

  BufferPtr allocate(uint64_t bytes, std::string_view label) override;
  std::unique_ptr<hal::Program> compile(const Plan& plan) override;
  void write(hal::Buffer& to, std::span<const std::byte> bytes) override;
  void run(hal::Program& program) override;
  std::unique_ptr<Readback> read(const hal::Buffer& from, ByteRange range) override;
  const Limits& limits() const override { return limits_; }

  std::optional<double> run_timed(hal::Program& program) override;

 private:
  size_t set_;
  Limits limits_;
  Pool pool_;
};

}  // namespace pumice::hal::cpu
