#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/cpu/program.h"

namespace pumice::hal::cpu {

class QueuedCpuDevice final : public QueuedDevice {
 public:
  explicit QueuedCpuDevice(const Options& options);

  BufferPtr allocate(uint64_t bytes, std::string_view label) override;
  std::unique_ptr<hal::Program> compile(const Plan& plan) override;
  void write(hal::Buffer& to, std::span<const std::byte> bytes) override;
  void run(hal::Program& program) override;
  std::unique_ptr<Readback> read(const hal::Buffer& from, ByteRange range) override;
  const Limits& limits() const override { return limits_; }

  bool has_work() const override { return !queue_.empty(); }
  void work(double milliseconds) override;

  /// What a readback waits for.
  struct Arrival {
    bool is_there = false;
    std::vector<std::byte> bytes;
  };

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Memory = std::shared_ptr<std::byte[]>;  // buffers may be freed before their work is done

  struct Write {
    Memory to;
    std::vector<std::byte> bytes;
  };
  struct Run {
    std::shared_ptr<const Program> program;
    size_t task = 0;     // the next one
    uint32_t group = 0;  // the next workgroup of it
  };
  struct Read {
    Memory from;
    ByteRange range;
    std::shared_ptr<Arrival> to;
  };

  // Both return whether they completed what they were given.
  static bool advance(Run& run, Time end);
  static bool advance(const Task& task, uint32_t& group, Time end);
  static void finish(const Read& read);
  void drop_unseen();
  bool is_awaited(const Buffer& buffer) const;

  size_t set_;
  Limits limits_;
  std::deque<std::variant<Write, Run, Read>> queue_;
};

}  // namespace pumice::hal::cpu
