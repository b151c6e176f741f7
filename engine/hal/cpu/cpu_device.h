#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/hal/device.h"

namespace pumice::hal::cpu {

struct Options {
  /// Threads that run kernels, including the caller; 0: PUMICE_CPU_THREADS, otherwise as many as
  /// the process may run on. Results do not depend on it.
  uint32_t threads = 0;
  /// The name of an instruction set (instruction_set.h); empty: PUMICE_CPU_INSTRUCTIONS, otherwise
  /// the best that the processor has. Results differ between sets in their last bits.
  std::string instructions;
  /// Cores of matrix products that failed a self-test.
  DisabledCores disabled_cores = {};
};

/// Throws Error, with the variable's name and what was expected, if PUMICE_CPU_THREADS or
/// PUMICE_CPU_INSTRUCTIONS has a wrong value.
void require_valid_variables();

/// What create_device() would give, without starting threads. Throws Error if the processor lacks
/// the instructions.
Limits describe(const Options& options = {});

/// A device that runs the kernels' C++ form (shaders/compiler/cpp.py) on this machine's processor,
/// without any driver. run() returns when the work is done. Throws Error if the processor lacks the
/// instructions or an environment variable has a wrong value.
std::unique_ptr<Device> create_device(const Options& options = {});

/// A device for a program whose thread must not be blocked, such as a page: its calls only queue
/// their work, which work() does.
class QueuedDevice : public Device {
 public:
  /// Whether work() has something to do.
  virtual bool has_work() const = 0;
  /// Works for about this long, at least one step, or until nothing is left. Where the device has
  /// threads, they work along, and then on what is left.
  virtual void work(double milliseconds) = 0;
};

/// Options::threads: those that compute, 1 if it is 0. More than one begin after the first work,
/// and are not waited for. `arrived` is called on another thread when they have completed a
/// readback outside work().
std::unique_ptr<QueuedDevice> create_queued_device(const Options& options = {},
                                                   std::function<void()> arrived = {});

/// Of all these devices.
MemoryUse memory_use();

}  // namespace pumice::hal::cpu
