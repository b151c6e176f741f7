#pragma once

#include "engine/nn/parameters.h"

namespace pumice::optim {

struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;  ///< decoupled (AdamW)
};

/// Adam (Kingma and Ba, 2015; https://arxiv.org/abs/1412.6980) over all parameters at once.
class Adam {
 public:
  /// Allocates gradients and moments beside the parameters. `parameters` must outlive this.
  Adam(hal::Device& device, const nn::Parameters& parameters, const AdamOptions& options);

  /// Appends the gradients of the scalar `loss` and one update. `clock`: u32[4], its first word the
  /// number of updates so far; something else must advance it.
  void step(const Tensor& loss, const Tensor& clock) const;

  void set_learning_rate(double learning_rate);

  const hal::BufferPtr& gradients() const { return gradients_; }
  const hal::BufferPtr& first_moments() const { return first_moments_; }
  const hal::BufferPtr& second_moments() const { return second_moments_; }

 private:
  void update(Graph& graph, const Tensor& rates, uint64_t byte_offset, uint32_t count) const;

  hal::Device& device_;
  const nn::Parameters& parameters_;
  AdamOptions options_;
  hal::BufferPtr gradients_;
  hal::BufferPtr first_moments_;
  hal::BufferPtr second_moments_;
  hal::BufferPtr learning_rate_;
};

}  // namespace pumice::optim
