#pragma once

#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice::nn {

/// The largest size of one tensor: kernels count its numbers in 32 bits.
inline constexpr uint64_t kMaxNumbers = 0xffffffff;

/// One named tensor: a view of the flat memory of its Parameters. Its initial values are
/// `initial_value` plus noise, uniform within ± `initial_bound` or normal with `initial_deviation`.
struct Parameter {
  std::string name;  ///< "encoder.0.weight"
  Shape shape;
  float initial_bound = 0;
  float initial_value = 0;
  float initial_deviation = 0;
  bool trainable = true;     ///< false: running statistics, which no optimizer touches
  uint64_t byte_offset = 0;  ///< final once all parameters are declared
};

/// The tensors of one or more networks, contiguous in device memory: an optimizer step is one
/// dispatch, a checkpoint one copy. Trainable tensors come first. Each tensor begins at a multiple
/// of 256 bytes; the gaps hold zeros. Declare all, then allocate() once.
class Parameters {
 public:
  /// Returns the handle of a new parameter. Throws Error if the name is taken, it has more than
  /// kMaxNumbers, or memory was already allocated.
  uint32_t add(Parameter parameter);

  void allocate(hal::Device& device, std::string_view label);
  /// Fills the memory with numbers that depend only on `seed`, not on the device.
  void initialize(hal::Device& device, uint64_t seed) const;

  const std::vector<Parameter>& list() const { return list_; }
  uint64_t count() const;  ///< trainable numbers
  uint64_t flat_bytes() const { return flat_bytes_; }
  /// The part that optimizers update; gradients and moments have the same layout.
  uint64_t trainable_bytes() const { return trainable_bytes_; }
  const hal::BufferPtr& buffer() const { return buffer_; }

  Tensor tensor(Graph& graph, uint32_t handle) const;
  /// The trainable parameters, in the order of list().
  Tensors trainable(Graph& graph) const;
  /// The same tensors in other memory with the same layout: gradients, moments.
  Tensors trainable_in(Graph& graph, const hal::BufferPtr& flat) const;

 private:
  void place(bool trainable);

  std::vector<Parameter> list_;
  uint64_t flat_bytes_ = 0;
  uint64_t trainable_bytes_ = 0;
  hal::BufferPtr buffer_;
};

}  // namespace pumice::nn
