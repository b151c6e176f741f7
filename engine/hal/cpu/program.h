#pragma once

#include <span>
#include <vector>

#include "engine/hal/barriers.h"
#include "engine/hal/cpu/buffer.h"
#include "engine/hal/cpu/pool.h"

namespace pumice::hal::cpu {

/// A plan as a flat list of function calls with their arguments. Those between two of its barriers
/// run at the same time.
class Program final : public hal::Program {
 public:
  /// `set`: an index into Kernel::cpu. Throws Error for a kernel without a C++ form.
  Program(const Plan& plan, size_t set);

  void run(Pool& pool) const;
  std::span<const Task> tasks() const { return tasks_; }
  std::span<const BufferPtr> buffers() const { return buffers_; }
  /// Those that it writes.
  std::span<const uint32_t> written() const { return written_; }

 private:
  void add(const Plan& plan, const Dispatch& dispatch, size_t set);

  std::vector<BufferPtr> buffers_;  // kept alive as long as the program
  std::vector<uint32_t> written_;   // indices, without repetitions
  // What the calls point to; reserved beforehand, so that it does not move.
  std::vector<uint32_t> words_;
  std::vector<void*> bindings_;
  std::vector<Task> tasks_;
  std::vector<DispatchRange> levels_;  // of tasks that do not depend on each other
};

}  // namespace pumice::hal::cpu
