#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/hal/kernel.h"

namespace pumice::hal {

class Buffer;
using BufferPtr = std::shared_ptr<Buffer>;

/// A range of bytes of one of the plan's buffers.
struct BufferView {
  uint32_t buffer = 0;  ///< index into Plan::buffers
  uint64_t offset = 0;  ///< bytes; a multiple of Limits::buffer_offset_alignment
  uint64_t bytes = 0;   ///< a multiple of 4
  bool operator==(const BufferView&) const = default;
};

/// The number of workgroups along x, y, z.
using Grid = std::array<uint32_t, 3>;

/// One kernel launch, as plain data.
struct Dispatch {
  const Kernel* kernel = nullptr;
  std::vector<BufferView> bindings;  ///< one per binding of the kernel, in order
  std::vector<std::byte> params;     ///< exactly kernel->params_bytes
  std::vector<uint32_t> constants;   ///< specialization constants; empty means the defaults
  Grid grid = {1, 1, 1};
  std::string label;  ///< for errors, captures and profiles: "linear[0].matmul"
};

/// The work of one run, in order. A dispatch sees everything that earlier dispatches wrote.
struct Plan {
  std::string name;
  std::vector<BufferPtr> buffers;
  std::vector<Dispatch> dispatches;
};

}  // namespace pumice::hal
