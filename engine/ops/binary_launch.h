#pragma once

#include "engine/graph/graph.h"

namespace pumice::ops {

/// An elementwise dispatch for two operands, without its buffers (a, b and y) and its operation.
struct BinaryLaunch {
  const hal::Kernel* kernel = nullptr;
  std::vector<std::byte> params;
  std::vector<uint32_t> constants;  ///< those that follow the operation's number
};

/// The fastest kernel for these shapes. Those of a and b broadcast to y's by NumPy's rules. Throws
/// Error if they alternate over more than four axes.
BinaryLaunch choose_binary_launch(const Tensor& a, const Tensor& b, const Tensor& y);

}  // namespace pumice::ops
