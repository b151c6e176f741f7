#include "engine/hal/cpu/command_queue.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>

#include "engine/hal/cpu/park.h"

namespace pumice::hal::cpu {
namespace {

using Lock = std::lock_guard<SpinLock>;

// A step is about this long: fine enough to end on time, coarse enough not to be noticed.
constexpr std::chrono::microseconds kStep{500};
constexpr size_t kSmallTasksBetweenLooks = 16;
constexpr uint32_t kFirstSteps = 256;  // the first step of a task is this part of its workgroups
// The queue's own thread looks this often whether work has become needless.
constexpr std::chrono::milliseconds kLook{8};

}  // namespace

void CommandQueue::push(Command command) {
  const Lock lock(lock_);
  commands_.push_back(std::move(command));
}

void CommandQueue::write(const Buffer& to, std::span<const std::byte> bytes) {
  const Lock lock(lock_);
  if (commands_.empty()) {
    std::memcpy(to.data(), bytes.data(), bytes.size());
  } else {
    commands_.push_back(Write{to.memory(), {bytes.begin(), bytes.end()}});
  }
}

bool CommandQueue::waits_for_work() {
  const Lock lock(lock_);
  return !commands_.empty() && owner_ == kQueuer;
}

bool CommandQueue::work(Clock::time_point end) {
  Command* front = next();
  while (front != nullptr) {
    const bool is_done = execute(*front, end);
    front = is_done ? after_front() : front;
    if (!is_done || Clock::now() >= end) break;
  }
  return front == nullptr;
}

CommandQueue::Command* CommandQueue::next() {
  const Lock lock(lock_);
  drop_unseen();
  return commands_.empty() ? nullptr : &commands_.front();
}

CommandQueue::Command* CommandQueue::after_front() {
  const Lock lock(lock_);
  commands_.pop_front();
  return commands_.empty() ? nullptr : &commands_.front();
}

void CommandQueue::start(const std::shared_ptr<CommandQueue>& queue, uint32_t threads) {
  queue->pool_ = std::make_unique<Pool>(threads);
  Thread([own = queue] { drive(own); }).detach();
}

void CommandQueue::hand_over() {
  if (!has_thread_) return;
  owner_ = kThread;
  wake_all(owner_);
}

void CommandQueue::stop() {
  owner_ = kNobody;
  wake_all(owner_);
}

void CommandQueue::drive(const std::shared_ptr<CommandQueue>& queue) {
  queue->has_thread_ = true;
  while (queue->owner_ != kNobody) queue->take_turn();
  // Ends the pool here: the other thread must not wait for it.
  while (queue.use_count() > 1) SpinLock::yield();
}

void CommandQueue::take_turn() {
  uint32_t owner = owner_;
  if (owner != kThread) return park(owner_, owner);
  work(Clock::now() + kLook);
  const Lock lock(lock_);
  if (commands_.empty()) owner_.compare_exchange_strong(owner, kQueuer);
}

bool CommandQueue::execute(Command& command, Clock::time_point end) {
  if (auto* run = std::get_if<Run>(&command)) return advance(*run, end);
  if (auto* write = std::get_if<Write>(&command)) {
    std::memcpy(write->to.get(), write->bytes.data(), write->bytes.size());
  } else {
    finish(std::get<Read>(command));
  }
  return true;
}

bool CommandQueue::advance(Run& run, Clock::time_point end) {
  const std::span<const Task> tasks = run.prepared->program.tasks();
  pool_->expect_more(true);
  while (run.task < tasks.size()) {
    if (tasks[run.task].is_small) {
      tasks[run.task++].run();
      if (run.task % kSmallTasksBetweenLooks != 0) continue;
    } else if (advance(tasks[run.task], run.prepared->steps[run.task], run.group, end)) {
      ++run.task;
      run.group = 0;
    }
    if (Clock::now() >= end) break;
  }
  pool_->expect_more(false);
  return run.task == tasks.size();
}

bool CommandQueue::advance(const Task& task, uint32_t& step, uint32_t& group,
                           Clock::time_point end) {
  if (step == 0) step = std::max(task.groups / kFirstSteps, 1u);
  auto before = Clock::now();
  while (group < task.groups) {
    const uint32_t count =
        owner_ == kThread ? task.groups - group : std::min(step, task.groups - group);
    const Task part{.form = task.form, .call = task.call, .groups = count, .first = group};
    pool_->run({&part, 1});
    group += count;
    const auto now = Clock::now();
    if (now >= end) break;
    if (now - before < kStep / 2 && step < task.groups) step *= 2;
    before = now;
  }
  return group == task.groups;
}

void CommandQueue::finish(const Read& read) {
  if (read.to.use_count() == 1) return;  // nobody waits for it any more
  const std::byte* begin = read.from.get() + read.range.offset;
  read.to->bytes.assign(begin, begin + read.range.bytes);
  read.to->is_there = true;
  if (owner_ == kThread && arrived_) arrived_();
}

// Drops the runs of programs that are gone and whose results nobody can see: what they write
// belongs only to each other.
void CommandQueue::drop_unseen() {
  std::map<const Prepared*, long> runs;
  std::map<const Prepared*, long> owners;
  for (const auto& each : commands_) {
    if (const auto* run = std::get_if<Run>(&each)) {
      ++runs[run->prepared.get()];
      owners[run->prepared.get()] = run->prepared.use_count();
    }
  }
  std::erase_if(runs, [&](const auto& each) { return owners[each.first] > each.second; });
  for (size_t seen = 1; seen > 0 && !runs.empty();) {
    std::map<const hal::Buffer*, long> held;
    for (const auto& [prepared, count] : runs) {
      for (const BufferPtr& buffer : prepared->program.buffers()) ++held[buffer.get()];
    }
    seen = std::erase_if(runs, [&](const auto& each) {
      const Program& program = each.first->program;
      return std::ranges::any_of(program.written(), [&](uint32_t index) {
        const BufferPtr& buffer = program.buffers()[index];
        return buffer.use_count() > held[buffer.get()] || is_awaited(own_buffer(*buffer, "work"));
      });
    });
  }
  if (runs.empty()) return;
  std::erase_if(commands_, [&](const auto& each) {
    const auto* run = std::get_if<Run>(&each);
    return run != nullptr && runs.contains(run->prepared.get());
  });
}

bool CommandQueue::is_awaited(const Buffer& buffer) const {
  return std::ranges::any_of(commands_, [&](const auto& each) {
    const auto* read = std::get_if<Read>(&each);
    return read != nullptr && read->from == buffer.memory() && read->to.use_count() > 1;
  });
}

}  // namespace pumice::hal::cpu
