#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "engine/hal/cpu/program.h"
#include "engine/hal/cpu/thread.h"

namespace pumice::hal::cpu {

/// What a queued device has been asked for and has not done yet. One thread at a time works on it,
/// with the threads of a pool: the one that queues, for short times, or a thread of its own, to
/// which the first can hand it over. The other functions are for the thread that queues.
class CommandQueue {
 public:
  using Clock = std::chrono::steady_clock;
  using Memory = std::shared_ptr<std::byte[]>;  // buffers may be freed before their work is done

  /// What a readback waits for.
  struct Arrival {
    std::atomic<bool> is_there = false;
    std::vector<std::byte> bytes;
  };

  struct Prepared {
    Program program;
    std::vector<uint32_t> steps;  // of each task: workgroups that take about kStep
  };

  struct Write {
    Memory to;
    std::vector<std::byte> bytes;
  };
  struct Run {
    std::shared_ptr<Prepared> prepared;
    size_t task = 0;     // the next one
    uint32_t group = 0;  // the next workgroup of it
  };
  struct Read {
    Memory from;
    ByteRange range;
    std::shared_ptr<Arrival> to;
  };
  using Command = std::variant<Write, Run, Read>;

  /// `arrived` is called by the queue's own thread when something that somebody waits for is there.
  explicit CommandQueue(std::function<void()> arrived) : arrived_(std::move(arrived)) {}

  void push(Command command);
  /// Writes at once if nothing is queued.
  void write(const Buffer& to, std::span<const std::byte> bytes);
  /// Whether there are commands, and this thread must work on them.
  bool waits_for_work();
  /// Works until `end`, at least one step, or until nothing is left. Returns whether nothing is.
  bool work(Clock::time_point end);

  /// Starts threads, so that as many as this compute. They begin at any later time, without being
  /// waited for.
  static void start(const std::shared_ptr<CommandQueue>& queue, uint32_t threads);
  /// Leaves what is queued to the queue's own thread, if that has begun.
  void hand_over();
  /// Ends the threads, which are not waited for.
  void stop();

 private:
  static void drive(const std::shared_ptr<CommandQueue>& queue);
  void take_turn();
  // The next command; null if there is none.
  Command* next();
  Command* after_front();

  // These return whether they completed what they were given.
  bool execute(Command& command, Clock::time_point end);
  bool advance(Run& run, Clock::time_point end);
  bool advance(const Task& task, uint32_t& step, uint32_t& group, Clock::time_point end);
  void finish(const Read& read);
  void drop_unseen();
  bool is_awaited(const Buffer& buffer) const;

  std::function<void()> arrived_;
  std::unique_ptr<Pool> pool_ = std::make_unique<Pool>(1);
  std::atomic<bool> has_thread_ = false;

  enum Owner : uint32_t { kQueuer, kThread, kNobody };
  std::atomic<uint32_t> owner_ = kQueuer;  // who works; nobody any more

  SpinLock lock_;                 // of what follows
  std::deque<Command> commands_;  // the first stays there while it is worked on
};

}  // namespace pumice::hal::cpu
