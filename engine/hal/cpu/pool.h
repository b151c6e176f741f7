#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "engine/hal/cpu_form.h"

namespace pumice::hal::cpu {

/// A dispatch with its arguments bound.
struct Task {
  CpuForm form = nullptr;
  CpuCall call = {};
  uint32_t groups = 0;  ///< workgroups
};

/// The threads of a device. The caller works along, and completes a task alone if the system gives
/// the other threads no time: a thread owns only the few workgroups that it has claimed.
class Pool {
 public:
  /// `threads`: including the caller; at least 1.
  explicit Pool(uint32_t threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  uint32_t threads() const { return static_cast<uint32_t>(helpers_.size()) + 1; }

  /// Runs all workgroups of a task.
  void run(const Task& task);

 private:
  void help();
  bool work_on_claim();
  void wait_for_task() const;
  void wait_for_others() const;

  // The number of the task above the chunks that nobody has claimed yet, so that a thread that
  // comes late cannot claim a chunk of one task by the count of another.
  std::atomic<uint64_t> claims_ = 0;
  std::atomic<uint32_t> unfinished_ = 0;  // chunks of the task
  std::atomic<const Task*> task_ = nullptr;
  std::atomic<uint32_t> chunks_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> helpers_;
};

/// The threads to use by default: PUMICE_CPU_THREADS, otherwise as many as this process may run on.
/// Throws Error if the variable is not a number from 1 to 1024.
uint32_t default_threads();

}  // namespace pumice::hal::cpu
