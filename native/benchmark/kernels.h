#pragma once

#include <functional>

#include "engine/base/notify.h"
#include "engine/benchmark/ceilings.h"

namespace pumice::benchmark {

/// Fills a graph and returns the outputs to compute.
using GraphBuilder = std::function<Tensors(hal::Device&, Graph&)>;

/// A family of kernels at a shape of the zoo.
struct KernelCase {
  std::string name;
  bool is_arithmetic = false;  ///< limited by multiply-adds; otherwise by memory
  double amount = 0;           ///< operations, or bytes that must be read and written once
  GraphBuilder build;
};

/// All of them: products of matrices, convolutions and transposed convolutions with their
/// gradients, the LSTM, norms, elementwise ops, reductions and the optimizer.
std::vector<KernelCase> kernel_cases();

/// Measures each for about `seconds`; those for which memory does not suffice are reported to
/// `notify` and left out.
std::vector<Measurement> measure_kernels(hal::Device& device, const Ceilings& ceilings,
                                         double seconds, const Notify& notify);

}  // namespace pumice::benchmark
