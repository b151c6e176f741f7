#pragma once

#include "engine/graph/graph.h"

namespace pumice {

/// The device memory that distinguishes the runs of a recorded step: u32[4] = {step, low word of
/// the seed, high word of the seed, 0}. Random ops, data order and optimizers read it.
class StepState {
 public:
  StepState(hal::Device& device, std::string_view label);

  void set(uint32_t step, uint64_t seed);
  /// The argument `step_state` of ops.
  Tensor tensor(Graph& graph) const { return graph.external(buffer_, {4}, DType::kU32); }
  /// Appends step = step + 1; call it after everything that reads the step.
  void advance(Graph& graph) const;

 private:
  hal::Device& device_;
  hal::BufferPtr buffer_;
};

}  // namespace pumice
