#pragma once

#include <optional>
#include <string_view>

#include "engine/nn/parameters.h"
#include "engine/optim/ranges.h"
#include "engine/optim/schedule.h"
#include "kernels/shared.h"

namespace pumice::optim {

/// Declared in shaders/optim/update.comp.
using kernels::Method;

/// By its name in snake_case. Throws Error, listing the names, if there is no such method.
Method method_by_name(std::string_view name);

struct OptimizerOptions {
  Method method = Method::kAdam;
  double learning_rate = 1e-3;
  Schedule schedule = {};   ///< of the learning rate
  double beta1 = 0.9;       ///< of Adam
  double beta2 = 0.999;     ///< of Adam
  double smoothing = 0.99;  ///< of RMSprop: weight of the previous average
  double epsilon = 1e-8;    ///< of Adam and RMSprop
  double momentum = 0;      ///< of SGD and RMSprop
  bool nesterov = false;    ///< of SGD
  double weight_decay = 0;  ///< Adam, AdamW: decoupled; otherwise added to the gradient
  double clip_norm = 0;     ///< the gradients are scaled down to at most this global norm; 0: off
  double clip_weights =
      0;  ///< weights are clipped to ± this after the update (Arjovsky et al., 2017); 0: off
  bool operator==(const OptimizerOptions&) const = default;
};

/// Updates all trainable parameters at once: gradients and optimizer state are flat memory with the
/// same layout.
class Optimizer {
 public:
  /// `device` and `parameters` (allocated) must outlive this. Throws Error for invalid options.
  Optimizer(hal::Device& device, const nn::Parameters& parameters, const OptimizerOptions& options);

  /// Appends the gradients of the scalar `loss` and one update. `step_state`: u32[4], whose first
  /// word is the number of updates so far; the caller must advance it. Returns the global norm of
  /// the gradients before clipping, a scalar [1], which is computed only if it is used.
  Tensor step(const Tensor& loss, const Tensor& step_state) const;

  struct State {
    std::string name;  ///< "first_moment", "second_moment", "momentum", "square_average", "scale"
    hal::BufferPtr buffer;
    std::optional<Shape> shape = {};  ///< absent: laid out like the trainable parameters
  };
  const std::vector<State>& state() const { return state_; }
  const hal::BufferPtr& gradients() const { return gradients_; }
  const nn::Parameters& parameters() const { return parameters_; }
  const OptimizerOptions& options() const { return options_; }

 private:
  hal::BufferPtr allocate_state(hal::Device& device, bool is_used, const std::string& name);
  /// A gradient norm, and what to multiply the rates by; nothing without a loss scale.
  struct Norm {
    Tensor norm;
    Tensor factors;
  };

  Norm unscaled(const Tensor& norm) const;
  Tensor gradient_norm(Graph& graph) const;
  Tensor rates(const Tensor& step_state, const Tensor& norm) const;
  void update(Graph& graph, const Tensor& rates, const Range& range) const;

  const nn::Parameters& parameters_;
  OptimizerOptions options_;
  hal::BufferPtr gradients_;
  std::vector<State> state_;
  hal::BufferPtr first_;   ///< the first moment or momentum; a dummy if unused
  hal::BufferPtr scale_;   ///< of the loss, and steps since it changed; null in f32
  hal::BufferPtr second_;  ///< the second moment or the average of squares; a dummy if unused
};

}  // namespace pumice::optim
