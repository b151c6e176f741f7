#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "engine/graph/lower.h"

namespace pumice {

/// A graph compiled for a device, to be run any number of times. Keeps the device memory but not
/// the graph, which may be destroyed.
class Step {
 public:
  /// `outputs`: activations to read after a run. Throws Error as Device::compile does.
  Step(hal::Device& device, const Graph& graph, std::string_view name, const Tensors& outputs = {},
       Sharing sharing = Sharing::kByLifeTime);
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  virtual void run() { device_.run(*program_); }
  /// Runs it as hal::DeviceClock::run_timed() does. Nothing if the device has no clock, or if a run
  /// is more than plan().
  std::optional<double> run_timed();
  /// Whether run() is the same as running plan().
  virtual bool is_its_plan() const { return true; }

  /// Starts a copy to the host of an output, an external tensor or, with Sharing::kNone, any
  /// activation: its bytes including padding. Throws Error for other activations, whose memory is
  /// reused within a run, and for joined tensors, whose parts must be read one by one.
  std::unique_ptr<hal::Readback> read(const Tensor& output);
  /// The values of an f32 output; waits for them. Not available in a browser.
  std::vector<float> read_floats(const Tensor& output);

  size_t dispatch_count() const { return lowered_.plan.dispatches.size(); }
  uint64_t activation_bytes() const;
  const hal::Plan& plan() const { return lowered_.plan; }
  const LoweredPlan& lowered() const { return lowered_; }

 protected:
  /// Allocates the memory, but leaves it to a derived class to compile the plan.
  Step(hal::Device& device, LoweredPlan lowered);
  hal::Device& device() const { return device_; }

 private:
  hal::Device& device_;
  LoweredPlan lowered_;
  std::unique_ptr<hal::Program> program_;
};

/// The first `count` floats of `bytes`.
std::vector<float> to_floats(const std::vector<std::byte>& bytes, uint64_t count);

/// Where a Step compiled with Sharing::kNone first went wrong.
struct BadTensor {
  std::string label;  ///< label of the node that wrote it
  Shape shape;
  uint64_t index = 0;  ///< index of the first element that is NaN or infinite
  float value = 0;
};

/// The first f32 output, in node order, with a value that is not finite. `step` must have been
/// compiled from `graph` with Sharing::kNone and run.
std::optional<BadTensor> first_bad_tensor(Step& step, const Graph& graph);

}  // namespace pumice
