#pragma once

#include "engine/graph/graph.h"

namespace pumice {

/// The memory that makes a recorded step new at every run: {step, seed's low and high word, 0}.
/// Data order, noise and optimizers read it; advance() counts on.
class StepState {
 public:
  StepState(hal::Device& device, std::string_view label);

  void set(uint32_t step, uint64_t seed);
  Tensor tensor(Graph& graph) const { return graph.external(buffer_, {4}, DType::kU32); }
  /// Appends step = step + 1.
  void advance(Graph& graph) const;

 private:
  hal::Device& device_;
  hal::BufferPtr buffer_;
};

}  // namespace pumice
