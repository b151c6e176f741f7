#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "engine/graph/lower.h"

namespace pumice {

/// A graph compiled for a device, to be run as often as wanted. Keeps the device's memory, not the
/// graph: the graph may go.
class Step {
 public:
  /// `outputs`: activations to read after a run. Throws Error as Device::compile does.
  Step(hal::Device& device, const Graph& graph, std::string_view name, const Tensors& outputs = {},
       Sharing sharing = Sharing::kByLifeTime);

  void run() { device_.run(*program_); }

  /// Starts a copy of an output, of an external tensor, or, with Sharing::kNone, of any activation
  /// to the host: its bytes with their padding. Throws Error for other activations, whose memory is
  /// used again within a run, and for joined tensors, which are read part by part.
  std::unique_ptr<hal::Readback> read(const Tensor& output);
  /// The values of an f32 output; waits for them. Not in a browser.
  std::vector<float> read_floats(const Tensor& output);

  size_t dispatch_count() const { return lowered_.plan.dispatches.size(); }
  uint64_t activation_bytes() const;
  const hal::Plan& plan() const { return lowered_.plan; }
  const LoweredPlan& lowered() const { return lowered_; }

 private:
  hal::Device& device_;
  LoweredPlan lowered_;
  std::unique_ptr<hal::Program> program_;
};

/// The first `count` floats of `bytes`.
std::vector<float> to_floats(const std::vector<std::byte>& bytes, uint64_t count);

/// Where a run of a Step of Sharing::kNone first went wrong.
struct BadTensor {
  std::string label;  ///< of the node that wrote it
  Shape shape;
  uint64_t index = 0;  ///< of the first element that is NaN or infinite
  float value = 0;
};

/// The first f32 output, in the order of the nodes, with a value that is not finite.
/// `step` must have been compiled with Sharing::kNone from `graph` and run.
std::optional<BadTensor> first_bad_tensor(Step& step, const Graph& graph);

}  // namespace pumice
