#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/hal/cpu/thread.h"
#include "engine/hal/cpu_form.h"

namespace pumice::hal::cpu {

/// A dispatch with its arguments bound.
struct Task {
  CpuForm form = nullptr;
  CpuCall call = {};
  uint32_t groups = 0;    ///< workgroups
  uint32_t first = 0;     ///< the first of them, if it is a part of a dispatch
  bool is_small = false;  ///< takes less time than other threads take to join

  /// Runs all of it on this thread.
  void run() const { form(call, first, first + groups); }
};

/// The threads of a device. The caller works along, and completes tasks alone if the system gives
/// the other threads no time: a thread owns only the few workgroups that it has claimed.
class Pool {
 public:
  /// `threads`: including the caller; at least 1.
  explicit Pool(uint32_t threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  uint32_t threads() const { return static_cast<uint32_t>(helpers_.size()) + 1; }

  /// Runs all workgroups of the tasks, which do not depend on each other, in any order.
  void run(std::span<const Task> tasks);
  /// Whether more tasks follow soon: the other threads then wait for them awake for longer.
  void expect_more(bool more) { expects_more_ = more; }

 private:
  void help();
  bool work_on_claim();
  void wait_for_tasks() const;
  void wait_for_others() const;

  void run_chunk(uint32_t chunk) const;

  // The number of the call of run() above the chunks that nobody has claimed yet, so that a thread
  // that comes late cannot claim a chunk of one call by the count of another.
  std::atomic<uint64_t> claims_ = 0;
  std::atomic<uint32_t> unfinished_ = 0;  // chunks
  // Of the current call; read only by threads that have claimed one of its chunks.
  std::span<const Task> tasks_;
  std::vector<uint32_t> ends_;  // of each task's chunks
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> expects_more_ = false;
  std::vector<Thread> helpers_;
};

/// The threads to use by default: PUMICE_CPU_THREADS, otherwise as many as this process may run on.
/// Throws Error if the variable is not a number from 1 to 1024.
uint32_t default_threads();

}  // namespace pumice::hal::cpu
