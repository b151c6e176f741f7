#pragma once

#include "engine/hal/webgpu/pipelines.h"
#include "engine/hal/webgpu/webgpu_device.h"

namespace pumice::hal::webgpu {

class WebGpuDevice final : public Device {
 public:
  explicit WebGpuDevice(const Options& options);

  BufferPtr allocate(uint64_t bytes, std::string_view label) override;
  std::unique_ptr<hal::Program> compile(const Plan& plan) override;
  void write(hal::Buffer& to, std::span<const std::byte> bytes) override;
  void run(hal::Program& program) override;
  std::unique_ptr<hal::Readback> read(const hal::Buffer& from, ByteRange range) override;
  const Limits& limits() const override { return limits_; }

 private:
  Options options_;
  Limits limits_;
  Pipelines pipelines_;
};

}  // namespace pumice::hal::webgpu
