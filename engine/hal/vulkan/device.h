#pragma once

#include "engine/hal/device_clock.h"
#include "engine/hal/pieces.h"
#include "engine/hal/vulkan/pipelines.h"
#include "engine/hal/vulkan/staging.h"
#include "engine/hal/vulkan/vulkan_device.h"

namespace pumice::hal::vulkan {

class Program;

class VulkanDevice final : public Device, public DeviceClock {
 public:
  VulkanDevice(std::shared_ptr<Context> context, const Options& options);
  ~VulkanDevice() override;

  BufferPtr allocate(uint64_t bytes, std::string_view label) override;
  std::unique_ptr<hal::Program> compile(const Plan& plan) override;
  void write(hal::Buffer& to, std::span<const std::byte> bytes) override;
  void run(hal::Program& program) override;
  std::unique_ptr<hal::Readback> read(const hal::Buffer& from, ByteRange range) override;
  const Limits& limits() const override;

  std::optional<double> run_timed(hal::Program& program) override;

  /// See hal::vulkan::has_other_host_memory().
  bool has_other_host_memory() const;

 private:
  Program& own(hal::Program& program) const;

  std::shared_ptr<Context> context_;
  std::shared_ptr<Queue> queue_;
  std::shared_ptr<Pipelines> pipelines_;
  Staging staging_;
  SubmissionLimits submission_limits_;
};

}  // namespace pumice::hal::vulkan
