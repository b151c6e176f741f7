#pragma once

#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice::nn {

/// One trainable tensor: a view of the flat memory of its Parameters.
struct Parameter {
  std::string name;  ///< "encoder.0.weight"
  Shape shape;
  float initial_bound = 0;  ///< drawn from U(-bound, bound); 0 means `initial_value`
  float initial_value = 0;
  uint64_t byte_offset = 0;
};

/// The trainable tensors of one or more networks, contiguous in device memory: an optimizer step is
/// one dispatch, a checkpoint one copy. Each tensor begins at a multiple of 256 bytes; the gaps
/// hold zeros. Declare all, then allocate() once.
class Parameters {
 public:
  /// The handle of a new parameter. Throws Error when the name is taken or memory was allocated.
  uint32_t add(Parameter parameter);

  void allocate(hal::Device& device, std::string_view label);
  /// Fills the memory from `seed`: the same numbers on every device.
  void initialize(hal::Device& device, uint64_t seed) const;

  const std::vector<Parameter>& list() const { return list_; }
  uint64_t count() const;  ///< trainable numbers
  uint64_t flat_bytes() const { return flat_bytes_; }
  const hal::BufferPtr& buffer() const { return buffer_; }

  Tensor tensor(Graph& graph, uint32_t handle) const;
  /// A tensor of the same place and shape in other memory laid out alike: gradients, moments.
  Tensor tensor_in(Graph& graph, uint32_t handle, const hal::BufferPtr& flat) const;
  Tensors tensors(Graph& graph) const;  ///< all, in the order of list()

 private:
  std::vector<Parameter> list_;
  uint64_t flat_bytes_ = 0;
  hal::BufferPtr buffer_;
};

}  // namespace pumice::nn
