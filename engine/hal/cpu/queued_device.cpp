#include "engine/hal/cpu/queued_device.h"

#include <algorithm>
#include <cmath>

#include "engine/hal/cpu/device.h"
#include "engine/hal/validate.h"

namespace pumice::hal::cpu {
namespace {

using Prepared = CommandQueue::Prepared;
using Arrival = CommandQueue::Arrival;

class QueuedProgram final : public hal::Program {
 public:
  explicit QueuedProgram(cpu::Program program) {
    std::vector<uint32_t> steps(program.tasks().size());
    prepared_ = std::make_shared<Prepared>(Prepared{std::move(program), std::move(steps)});
  }
  const std::shared_ptr<Prepared>& prepared() const { return prepared_; }

 private:
  std::shared_ptr<Prepared> prepared_;
};

class QueuedReadback final : public Readback {
 public:
  QueuedReadback(QueuedDevice& device, std::shared_ptr<Arrival> arrival)
      : device_(device), arrival_(std::move(arrival)) {}
  bool ready() override { return arrival_->is_there; }
  std::vector<std::byte> take() override {
    while (!arrival_->is_there) {
      device_.work(1);
      SpinLock::yield();
    }
    return std::move(arrival_->bytes);
  }

 private:
  QueuedDevice& device_;
  std::shared_ptr<Arrival> arrival_;
};

}  // namespace

QueuedCpuDevice::QueuedCpuDevice(const Options& options, std::function<void()> arrived)
    : set_(set_of(options)),
      threads_(std::max(options.threads, 1u)),
      limits_(limits_of(set_)),
      queue_(std::make_shared<CommandQueue>(std::move(arrived))) {
  limits_.threads = threads_;
}

BufferPtr QueuedCpuDevice::allocate(uint64_t bytes, std::string_view label) {
  return std::make_shared<Buffer>(limits_, bytes, label);
}

std::unique_ptr<hal::Program> QueuedCpuDevice::compile(const Plan& plan) {
  require_valid(plan, limits_);
  return std::make_unique<QueuedProgram>(Program(plan, set_));
}

void QueuedCpuDevice::write(hal::Buffer& to, std::span<const std::byte> bytes) {
  const Buffer& buffer = own_buffer(to, "write");
  require_fits(buffer, bytes.size());
  if (!bytes.empty()) queue_->write(buffer, bytes);
}

void QueuedCpuDevice::run(hal::Program& program) {
  auto* own = dynamic_cast<QueuedProgram*>(&program);
  require(own, "run: the program belongs to another device");
  queue_->push(CommandQueue::Run{own->prepared()});
}

std::unique_ptr<Readback> QueuedCpuDevice::read(const hal::Buffer& from, ByteRange range) {
  const Buffer& buffer = own_buffer(from, "read");
  auto arrival = std::make_shared<Arrival>();
  queue_->push(CommandQueue::Read{buffer.memory(), range_within(buffer, range, "read"), arrival});
  return std::make_unique<QueuedReadback>(*this, std::move(arrival));
}

void QueuedCpuDevice::work(double milliseconds) {
  if (!queue_->waits_for_work()) return;
  const auto time = std::chrono::microseconds(std::lround(1000 * milliseconds));
  const bool is_done = queue_->work(CommandQueue::Clock::now() + time);
  // Not before the first images, unless these take long: threads take time to begin.
  if (threads_ > 1 && !has_threads_ && (has_worked_ || !is_done)) {
    CommandQueue::start(queue_, threads_);
    has_threads_ = true;
  }
  has_worked_ = true;
  if (!is_done) queue_->hand_over();
}

std::unique_ptr<QueuedDevice> create_queued_device(const Options& options,
                                                   std::function<void()> arrived) {
  return std::make_unique<QueuedCpuDevice>(options, std::move(arrived));
}

}  // namespace pumice::hal::cpu
