#pragma once

#include "engine/hal/cpu/command_queue.h"
#include "engine/hal/cpu/cpu_device.h"

namespace pumice::hal::cpu {

class QueuedCpuDevice final : public QueuedDevice {
 public:
  QueuedCpuDevice(const Options& options, std::function<void()> arrived);
  ~QueuedCpuDevice() override { queue_->stop(); }
  QueuedCpuDevice(const QueuedCpuDevice&) = delete;
  QueuedCpuDevice& operator=(const QueuedCpuDevice&) = delete;

  BufferPtr allocate(uint64_t bytes, std::string_view label) override;
  std::unique_ptr<hal::Program> compile(const Plan& plan) override;
  void write(hal::Buffer& to, std::span<const std::byte> bytes) override;
  void run(hal::Program& program) override;
  std::unique_ptr<Readback> read(const hal::Buffer& from, ByteRange range) override;
  const Limits& limits() const override { return limits_; }

  bool has_work() const override { return queue_->waits_for_work(); }
  void work(double milliseconds) override;

 private:
  size_t set_;
  uint32_t threads_;
  Limits limits_;
  std::shared_ptr<CommandQueue> queue_;
  bool has_worked_ = false;
  bool has_threads_ = false;
};

}  // namespace pumice::hal::cpu
