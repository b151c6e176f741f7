#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "engine/hal/device_with_limits.h"

namespace pumice::test {

/// What goes wrong, and what happened so far on all devices that share it; numbers count from 1,
/// and 0 means never.
struct Faults {
  uint32_t lost_in_run = 0;    ///< the run, of each device, in which it is lost
  uint32_t most_losses = ~0u;  ///< devices that are lost; later ones work
  uint32_t bad_allocation = 0;
  uint32_t bad_run = 0;
  uint32_t bad_readback = 0;
  std::chrono::microseconds delay{0};  ///< of every run and readback

  uint32_t devices = 0;
  uint32_t losses = 0;
  uint32_t allocations = 0;
  uint32_t runs = 0;
  uint32_t readbacks = 0;
};

/// A device of a driver that fails.
class FaultyDevice : public hal::DeviceWithLimits {
 public:
  FaultyDevice(hal::Device& device, std::shared_ptr<Faults> faults)
      : DeviceWithLimits(device, device.limits()), faults_(std::move(faults)) {
    ++faults_->devices;
  }

  hal::BufferPtr allocate(uint64_t bytes, std::string_view label) override {
    require_present();
    if (++faults_->allocations == faults_->bad_allocation) {
      throw hal::OutOfMemory(fmt::format("faulty: {}: out of memory ({} bytes)", label, bytes));
    }
    return DeviceWithLimits::allocate(bytes, label);
  }

  std::unique_ptr<hal::Program> compile(const hal::Plan& plan) override {
    require_present();
    return DeviceWithLimits::compile(plan);
  }

  void write(hal::Buffer& to, std::span<const std::byte> bytes) override {
    require_present();
    DeviceWithLimits::write(to, bytes);
  }

  void run(hal::Program& program) override {
    require_present();
    std::this_thread::sleep_for(faults_->delay);
    if (++faults_->runs == faults_->bad_run) fail("faulty: the queue refused a program");
    if (++runs_ == faults_->lost_in_run && faults_->losses < faults_->most_losses) {
      ++faults_->losses;
      *is_lost_ = true;
    }
    require_present();
    DeviceWithLimits::run(program);
  }

  using Device::read;
  std::unique_ptr<hal::Readback> read(const hal::Buffer& from, hal::ByteRange range) override {
    require_present();
    std::this_thread::sleep_for(faults_->delay);
    if (++faults_->readbacks == faults_->bad_readback) fail("faulty: the copy to the host failed");
    auto readback = std::make_unique<FaultyReadback>();
    readback->is_lost = is_lost_;
    readback->inner = DeviceWithLimits::read(from, range);
    return readback;
  }

 private:
  struct FaultyReadback : hal::Readback {
    std::unique_ptr<hal::Readback> inner;
    std::shared_ptr<bool> is_lost;

    bool ready() override {
      require_not_lost(*is_lost);
      return inner->ready();
    }
    std::vector<std::byte> take() override {
      require_not_lost(*is_lost);
      return inner->take();
    }
  };

  static void require_not_lost(bool is_lost) {
    if (is_lost) throw hal::DeviceLost("faulty: the device was lost");
  }
  void require_present() const { require_not_lost(*is_lost_); }

  std::shared_ptr<Faults> faults_;
  std::shared_ptr<bool> is_lost_ = std::make_shared<bool>(false);
  uint32_t runs_ = 0;
};

}  // namespace pumice::test
