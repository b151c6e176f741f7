#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/gradient.h"
#include "engine/graph/tensor.h"
#include "engine/hal/device.h"

namespace pumice {

/// One step of a graph: a kernel launch or, without a kernel, only a gradient rule.
struct Node {
  const hal::Kernel* kernel = nullptr;
  Tensors inputs;   ///< read; the kernel's first bindings
  Tensors updates;  ///< changed in place, partly or fully; the next bindings. Gradients do not pass
                    ///< through such a node: another node has the op's rule
  Tensors outputs;  ///< written; the last bindings
  std::vector<std::byte> params;
  std::vector<uint32_t> constants;
  hal::Grid grid = {1, 1, 1};
  Gradient gradient = nullptr;
  Tensors differentiable;  ///< the tensors whose gradients `gradient` returns; empty means `inputs`
  /// If it can also multiply its only output by the derivative of an activation at v: a node that
  /// does, without outputs. See fuse.h.
  GradientRule<Node(const Tensor& v, uint32_t activation, float slope)> times_derivative = nullptr;
  /// If it can also do the work of a later node, such as its gradient: a node that does both,
  /// without outputs, which are its own and then the later one's; absent for others. See fuse.h.
  GradientRule<std::optional<Node>(const Node& later)> together_with = nullptr;
  std::string label;  ///< set by the graph: the scope and the kernel's name
};

/// What the graph knows about a tensor. Views share the memory of their root; a joined tensor has
/// no memory.
struct TensorInfo {
  Shape shape;
  DType dtype = DType::kF32;
  uint32_t root = 0;         ///< the tensor that owns the memory; itself unless a view
  uint64_t byte_offset = 0;  ///< from the start of the root (or of `external`)
  hal::BufferPtr external;   ///< memory that outlives the graph; null for activations
  int producer = -1;         ///< index of the node that writes it; -1 for external tensors
  Tensors parts;             ///< not empty for a joined tensor: see Graph::join
};

/// Rows of a larger batch, which a graph computes alone while others compute the rest. Random ops
/// draw what these rows would get in the whole batch.
struct BatchRows {
  uint32_t first = 0;
  uint32_t count = 0;
  uint32_t whole = 0;  ///< the rows of the whole batch; 0: the graph computes all of them
};

/// A list of nodes in execution order. Building it computes nothing: lower() turns it into a plan.
/// Tensors point to their graph, so it is neither copied nor moved.
class Graph {
 public:
  /// `limits`: those of the device that it will run on; ops use them to choose kernels and split
  /// work.
  explicit Graph(const hal::Limits& limits) : limits_(limits) {}
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const hal::Limits& limits() const { return limits_; }

  /// A new activation, to be written by one node.
  Tensor tensor(Shape shape, DType dtype);

  /// A tensor in memory that outlives the graph. The same arguments return the same tensor or, if
  /// it is larger than one binding of the device, one that is joined from the same parts. Throws
  /// Error if the range is not within the buffer.
  Tensor external(const hal::BufferPtr& buffer, Shape shape, DType dtype, uint64_t byte_offset = 0);

  /// The same memory with another shape of equal size. To give it a gradient, add a node without a
  /// kernel that has it as output: see ops::reshape.
  Tensor view(const Tensor& base, Shape shape);

  /// A tensor that concatenates the numbers of `parts`, without a copy: it represents a tensor
  /// larger than one binding of the device. Kernels cannot take it; ops process its parts (see
  /// ops/parts.h).
  Tensor join(const Tensors& parts, Shape shape);

  /// The parts of a joined tensor; any other tensor is its own only part.
  Tensors parts(const Tensor& tensor) const;
  /// The parts of all of them.
  Tensors parts(const Tensors& tensors) const;

  /// Appends a node. Throws Error if it does not match its kernel or a tensor does not fit in one
  /// binding.
  void add(Node node);

  /// Makes the node that produces `value` write directly to `target`, an external tensor. Possible
  /// only if `value` is an activation that no kernel reads or updates yet and no node since has
  /// touched the target; otherwise returns false and changes nothing.
  bool place(const Tensor& value, const Tensor& target);

  /// Declares that the graph computes these rows of a batch; before any op.
  void set_batch_rows(const BatchRows& rows) { batch_rows_ = rows; }
  const BatchRows& batch_rows() const { return batch_rows_; }
  /// How many of `batch` rows the graph computes, if `batch` is a multiple of the whole batch.
  uint32_t rows_of(uint32_t batch) const {
    return batch_rows_.whole == 0 ? batch : batch / batch_rows_.whole * batch_rows_.count;
  }

  /// A number unique within this graph, which separates the random streams of its ops.
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
  std::deque<TensorInfo> tensors_;  // a deque: references from shape() must survive additions
  std::deque<Node> nodes_;
  std::string scope_;
  BatchRows batch_rows_;
  uint32_t next_stream_ = 0;
};

/// Prefixes the labels of nodes that are added during its lifetime: "encoder/linear[0]". Errors and
/// captures show it.
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

/// The size of a tensor in bytes, padded to whole vec4s; the padding holds zeros.
uint64_t padded_bytes(const Shape& shape, DType dtype);

/// Whether a device with these limits can bind the whole tensor.
bool fits_binding(const Shape& shape, DType dtype, const hal::Limits& limits);

}  // namespace pumice
