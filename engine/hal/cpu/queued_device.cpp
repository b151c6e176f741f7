#include "engine/hal/cpu/queued_device.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/hal/cpu/device.h"
#include "engine/hal/validate.h"

namespace pumice::hal::cpu {
namespace {

using Clock = std::chrono::steady_clock;

// A step is about this long: fine enough to end on time, coarse enough not to be noticed.
constexpr std::chrono::microseconds kStep{500};
constexpr uint32_t kFirstSteps = 256;  // the first step of a task is this part of its workgroups

class QueuedProgram final : public hal::Program {
 public:
  explicit QueuedProgram(std::shared_ptr<const cpu::Program> program)
      : program_(std::move(program)) {}
  const std::shared_ptr<const cpu::Program>& program() const { return program_; }

 private:
  std::shared_ptr<const cpu::Program> program_;
};

class QueuedReadback final : public Readback {
 public:
  QueuedReadback(QueuedDevice& device, std::shared_ptr<QueuedCpuDevice::Arrival> arrival)
      : device_(device), arrival_(std::move(arrival)) {}
  bool ready() override { return arrival_->is_there; }
  std::vector<std::byte> take() override {
    while (!arrival_->is_there) device_.work(1);
    return std::move(arrival_->bytes);
  }

 private:
  QueuedDevice& device_;
  std::shared_ptr<QueuedCpuDevice::Arrival> arrival_;
};

}  // namespace

QueuedCpuDevice::QueuedCpuDevice(const Options& options)
    : set_(set_of(options)), limits_(limits_of(set_)) {}

BufferPtr QueuedCpuDevice::allocate(uint64_t bytes, std::string_view label) {
  return std::make_shared<Buffer>(limits_, bytes, label);
}

std::unique_ptr<hal::Program> QueuedCpuDevice::compile(const Plan& plan) {
  require_valid(plan, limits_);
  return std::make_unique<QueuedProgram>(std::make_shared<Program>(plan, set_));
}

void QueuedCpuDevice::write(hal::Buffer& to, std::span<const std::byte> bytes) {
  const Buffer& buffer = own_buffer(to, "write");
  require_fits(buffer, bytes.size());
  if (bytes.empty()) return;
  if (has_work()) {
    queue_.push_back(Write{buffer.memory(), {bytes.begin(), bytes.end()}});
  } else {
    std::memcpy(buffer.data(), bytes.data(), bytes.size());
  }
}

void QueuedCpuDevice::run(hal::Program& program) {
  auto* own = dynamic_cast<QueuedProgram*>(&program);
  require(own, "run: the program belongs to another device");
  queue_.push_back(Run{own->program()});
}

std::unique_ptr<Readback> QueuedCpuDevice::read(const hal::Buffer& from, ByteRange range) {
  const Buffer& buffer = own_buffer(from, "read");
  auto arrival = std::make_shared<Arrival>();
  queue_.push_back(Read{buffer.memory(), range_within(buffer, range, "read"), arrival});
  return std::make_unique<QueuedReadback>(*this, std::move(arrival));
}

void QueuedCpuDevice::work(double milliseconds) {
  const Time end = Clock::now() + std::chrono::microseconds(std::lround(1000 * milliseconds));
  drop_unseen();
  while (has_work()) {
    auto& front = queue_.front();
    if (auto* run = std::get_if<Run>(&front)) {
      if (!advance(*run, end)) return;
    } else if (auto* write = std::get_if<Write>(&front)) {
      std::memcpy(write->to.get(), write->bytes.data(), write->bytes.size());
    } else {
      finish(std::get<Read>(front));
    }
    queue_.pop_front();
    if (Clock::now() >= end) return;
  }
}

bool QueuedCpuDevice::advance(Run& run, Time end) {
  const std::span<const Task> tasks = run.program->tasks();
  while (run.task < tasks.size()) {
    if (advance(tasks[run.task], run.group, end)) {
      ++run.task;
      run.group = 0;
    }
    if (Clock::now() >= end) break;
  }
  return run.task == tasks.size();
}

bool QueuedCpuDevice::advance(const Task& task, uint32_t& group, Time end) {
  uint64_t step = std::max(task.groups / kFirstSteps, 1u);
  Time before = Clock::now();
  while (group < task.groups) {
    const auto last = static_cast<uint32_t>(std::min<uint64_t>(group + step, task.groups));
    task.form(task.call, group, last);
    group = last;
    const Time now = Clock::now();
    if (now >= end) break;
    if (now - before < kStep / 2) step *= 2;
    before = now;
  }
  return group == task.groups;
}

void QueuedCpuDevice::finish(const Read& read) {
  if (read.to.use_count() == 1) return;  // nobody waits for it any more
  const std::byte* begin = read.from.get() + read.range.offset;
  read.to->bytes.assign(begin, begin + read.range.bytes);
  read.to->is_there = true;
}

// Drops the runs of programs that are gone and whose results nobody can see: what they write
// belongs only to each other.
void QueuedCpuDevice::drop_unseen() {
  std::map<const Program*, long> runs;
  std::map<const Program*, long> owners;
  for (const auto& each : queue_) {
    if (const auto* run = std::get_if<Run>(&each)) {
      ++runs[run->program.get()];
      owners[run->program.get()] = run->program.use_count();
    }
  }
  std::erase_if(runs, [&](const auto& each) { return owners[each.first] > each.second; });
  for (size_t seen = 1; seen > 0 && !runs.empty();) {
    std::map<const hal::Buffer*, long> held;
    for (const auto& [program, count] : runs) {
      for (const BufferPtr& buffer : program->buffers()) ++held[buffer.get()];
    }
    seen = std::erase_if(runs, [&](const auto& each) {
      return std::ranges::any_of(each.first->written(), [&](uint32_t index) {
        const BufferPtr& buffer = each.first->buffers()[index];
        return buffer.use_count() > held[buffer.get()] || is_awaited(own_buffer(*buffer, "work"));
      });
    });
  }
  if (runs.empty()) return;
  std::erase_if(queue_, [&](const auto& each) {
    const auto* run = std::get_if<Run>(&each);
    return run != nullptr && runs.contains(run->program.get());
  });
}

bool QueuedCpuDevice::is_awaited(const Buffer& buffer) const {
  return std::ranges::any_of(queue_, [&](const auto& each) {
    const auto* read = std::get_if<Read>(&each);
    return read != nullptr && read->from == buffer.memory() && read->to.use_count() > 1;
  });
}

std::unique_ptr<QueuedDevice> create_queued_device(const Options& options) {
  return std::make_unique<QueuedCpuDevice>(options);
}

}  // namespace pumice::hal::cpu
