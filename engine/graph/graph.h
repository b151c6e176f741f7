#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/graph/gradient.h"
#include "engine/graph/tensor.h"
#include "engine/hal/device.h"

namespace pumice {

/// One step of a graph: a kernel launch, or, without a kernel, only a rule for gradients.
struct Node {
  const hal::Kernel* kernel = nullptr;
  Tensors inputs;   ///< read; the kernel's first bindings
  Tensors updates;  ///< changed in place, in part or whole; the next bindings. No gradient of the
                    ///< tensor passes through such a node: its op's rule stands elsewhere
  Tensors outputs;  ///< written; the last bindings
  std::vector<std::byte> params;
  std::vector<uint32_t> constants;
  hal::Grid grid = {1, 1, 1};
  Gradient gradient = nullptr;
  Tensors differentiable;  ///< what `gradient` answers for; empty means `inputs`
  std::string label;       ///< filled by the graph: the scope and the kernel's name
};

/// What the graph knows of a tensor. Views share the memory of their root; a joined tensor has
/// none.
struct TensorInfo {
  Shape shape;
  DType dtype = DType::kF32;
  uint32_t root = 0;         ///< the tensor that owns the memory; itself unless a view
  uint64_t byte_offset = 0;  ///< from the start of the root (or of `external`)
  hal::BufferPtr external;   ///< memory that outlives the graph; null for activations
  int producer = -1;         ///< index of the node that writes it; -1 for external tensors
  Tensors parts;             ///< of a joined tensor: see Graph::join
};

/// A list of nodes in the order in which they run. Building it computes nothing: lower() makes a
/// plan of it. Tensors point to their graph, so it is neither copied nor moved.
class Graph {
 public:
  /// `limits`: of the device that it will run on; ops choose kernels and split work by them.
  explicit Graph(const hal::Limits& limits) : limits_(limits) {}
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const hal::Limits& limits() const { return limits_; }

  /// A new activation, to be written by one node.
  Tensor tensor(Shape shape, DType dtype);

  /// A tensor in memory that outlives the graph. The same arguments give the same tensor, or, where
  /// it is larger than a binding of the device, one that is joined from the same parts. Throws
  /// Error when the range does not lie in the buffer.
  Tensor external(const hal::BufferPtr& buffer, Shape shape, DType dtype, uint64_t byte_offset = 0);

  /// The same memory under another shape of equal size. It gets a gradient by a node without a
  /// kernel whose output it is: see ops::reshape.
  Tensor view(const Tensor& base, Shape shape);

  /// A tensor whose numbers are those of `parts`, one after the other: how a tensor larger than one
  /// binding of the device exists. No kernel takes it: ops take its parts (see ops/parts.h).
  Tensor join(const Tensors& parts, Shape shape);

  /// The parts of a joined tensor; of any other, itself.
  Tensors parts(const Tensor& tensor) const;
  /// The parts of all of them.
  Tensors parts(const Tensors& tensors) const;

  /// Appends a node. Throws Error when it does not fit its kernel, or a tensor not one binding.
  void add(Node node);

  /// Makes `target`, an external tensor, hold `value` by letting the value's node write there. Only
  /// for a fresh activation that no kernel reads or updates yet, and where no node since has
  /// touched the target; answers false, and changes nothing, else.
  bool place(const Tensor& value, const Tensor& target);

  /// A number that no other op of this graph has: separates the random streams of its ops.
  uint32_t next_stream() { return next_stream_++; }

  const std::deque<Node>& nodes() const { return nodes_; }
  const TensorInfo& info(const Tensor& tensor) const { return tensors_.at(tensor.id()); }
  const TensorInfo& info(uint32_t id) const { return tensors_.at(id); }
  const std::string& scope() const { return scope_; }

 private:
  friend class Scope;
  Tensor external_parts(const hal::BufferPtr& buffer, const Shape& shape, DType dtype,
                        uint64_t byte_offset);
  Tensor view_of_parts(const Tensor& base, const Shape& shape);
  void check_launch(const Node& node) const;
  bool is_used(uint32_t root) const;
  bool is_free_since(const TensorInfo& target, int producer) const;

  hal::Limits limits_;
  std::deque<TensorInfo> tensors_;  // shape() gives references that must outlast additions
  std::deque<Node> nodes_;
  std::string scope_;
  uint32_t next_stream_ = 0;
};

/// Names what is added in its life time: "encoder/linear[0]". Errors and captures show it.
class Scope {
 public:
  Scope(Graph& graph, const std::string& name);
  ~Scope() { graph_.scope_ = outer_; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Graph& graph_;
  std::string outer_;
};

/// Bytes that a tensor takes, padded to whole vec4s; the padding holds zeros.
uint64_t padded_bytes(const Shape& shape, DType dtype);

/// Whether a device of these limits can bind a tensor as a whole.
bool fits_binding(const Shape& shape, DType dtype, const hal::Limits& limits);

}  // namespace pumice
