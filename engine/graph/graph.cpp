#include "engine/graph/graph.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"

namespace pumice {
const Shape& Tensor::shape() const { return graph_->info(*this).shape; }
DType Tensor::dtype() const { return graph_->info(*this).dtype; }

uint64_t padded_bytes(const Shape& shape, DType dtype) {
  uint64_t bytes = shape.size() * byte_size(dtype);
  return std::max<uint64_t>(16, round_up(bytes, 16u));
}

bool fits_binding(const Shape& shape, DType dtype, const hal::Limits& limits) {
  return padded_bytes(shape, dtype) <= limits.max_binding_bytes;
}

Tensor Graph::tensor(Shape shape, DType dtype) {
  require(shape.size() > 0, "tensor: shape {} has no elements", shape);
  auto id = static_cast<uint32_t>(tensors_.size());
  tensors_.push_back({.shape = std::move(shape), .dtype = dtype, .root = id});
  return {this, id};
}

Tensor Graph::external(const hal::BufferPtr& buffer, Shape shape, DType dtype,
                       uint64_t byte_offset) {
  require(buffer != nullptr, "external: expects a buffer for shape {}", shape);
  for (uint32_t id = 0; id < tensors_.size(); ++id) {
    const TensorInfo& known = tensors_[id];
    if (known.external == buffer && known.byte_offset == byte_offset && known.dtype == dtype &&
        known.shape == shape && known.producer < 0) {
      return {this, id};
    }
  }
  uint64_t end = byte_offset + padded_bytes(shape, dtype);
  require(end <= buffer->bytes(), "external: {} at byte {} ends at {}, but '{}' has {} bytes",
          shape, byte_offset, end, buffer->label(), buffer->bytes());
  if (!fits_binding(shape, dtype, limits_)) {
    return external_parts(buffer, shape, dtype, byte_offset);
  }
  Tensor result = tensor(std::move(shape), dtype);
  tensors_.back().external = buffer;
  tensors_.back().byte_offset = byte_offset;
  return result;
}

Tensor Graph::view(const Tensor& base, Shape shape) {
  require(shape.size() == base.size(), "view: {} has {} elements, {} has {}", shape, shape.size(),
          base.shape(), base.size());
  if (!info(base).parts.empty()) return view_of_parts(base, shape);
  TensorInfo info = this->info(base);
  info.shape = std::move(shape);
  info.producer = -1;
  tensors_.push_back(std::move(info));
  return {this, static_cast<uint32_t>(tensors_.size() - 1)};
}

void Graph::check_launch(const Node& node) const {
  const size_t bindings = node.inputs.size() + node.updates.size() + node.outputs.size();
  require(bindings == node.kernel->bindings.size(), "{}: expects {} tensors, got {}", node.label,
          node.kernel->bindings.size(), bindings);
  require(node.params.size() == node.kernel->params_bytes, "{}: expects {} bytes of params, got {}",
          node.label, node.kernel->params_bytes, node.params.size());
  for (const Tensors* list : {&node.inputs, &node.updates, &node.outputs}) {
    for (const Tensor& tensor : *list) {
      require(fits_binding(tensor.shape(), tensor.dtype(), limits_),
              "{}: {} {} takes {} bytes, the device binds at most {} at once", node.label,
              tensor.dtype(), tensor.shape(), padded_bytes(tensor.shape(), tensor.dtype()),
              limits_.max_binding_bytes);
    }
  }
}

void Graph::add(Node node) {
  std::string_view name = node.kernel ? node.kernel->name : "view";
  node.label = scope_.empty() ? std::string(name) : fmt::format("{}/{}", scope_, name);
  if (node.kernel) check_launch(node);
  for (const Tensors* list : {&node.inputs, &node.updates, &node.outputs}) {
    for (const Tensor& tensor : *list) {
      require(&tensor.graph() == this, "{}: got a tensor from another graph", node.label);
    }
  }
  for (const Tensor& update : node.updates) {
    const TensorInfo& root = info(info(update).root);
    require(root.external || root.producer >= 0, "{}: updates a tensor that nothing has written",
            node.label);
  }
  for (const Tensor& output : node.outputs) {
    TensorInfo& info = tensors_[output.id()];
    require(info.parts.empty(), "{}: expects outputs that are not joined, got a joined one",
            node.label);
    bool is_new = info.producer < 0 && (!node.kernel || !info.external);
    require(is_new, "{}: its output was already written", node.label);
    info.producer = static_cast<int>(nodes_.size());
  }
  nodes_.push_back(std::move(node));
}

bool Graph::is_used(uint32_t root) const {
  auto is_root = [&](const Tensor& tensor) { return tensors_[tensor.id()].root == root; };
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    return node.kernel && (std::any_of(node.inputs.begin(), node.inputs.end(), is_root) ||
                           std::any_of(node.updates.begin(), node.updates.end(), is_root));
  });
}

bool Graph::is_free_since(const TensorInfo& target, int producer) const {
  const uint64_t end = target.byte_offset + padded_bytes(target.shape, target.dtype);
  auto overlaps = [&](const TensorInfo& info) {
    return info.byte_offset < end &&
           target.byte_offset < info.byte_offset + padded_bytes(info.shape, info.dtype);
  };
  for (int index = producer; index < static_cast<int>(nodes_.size()); ++index) {
    const Node& node = nodes_[index];
    if (!node.kernel) continue;
    for (const Tensors* list : {&node.inputs, &node.updates, &node.outputs}) {
      for (const Tensor& tensor : *list) {
        const TensorInfo& info = this->info(tensor);
        if (info.external != target.external) continue;
        // WebGPU binds a whole buffer either for reading or for writing.
        bool read_by_producer = index == producer && list != &node.outputs;
        if (read_by_producer || overlaps(info)) return false;
      }
    }
  }
  return true;
}

bool Graph::place(const Tensor& value, const Tensor& target) {
  const TensorInfo from = info(value);
  const TensorInfo to = info(target);
  require(to.external != nullptr, "place: the target is not external");
  require(from.shape.size() == to.shape.size() && from.dtype == to.dtype,
          "place: {} {} does not fit {} {}", from.dtype, from.shape, to.dtype, to.shape);
  const int producer = tensors_[from.root].producer;
  bool fresh = !from.external && producer >= 0 && !is_used(from.root);
  if (!fresh || !is_free_since(to, producer)) return false;
  for (TensorInfo& info : tensors_) {
    if (info.root != from.root) continue;
    info.external = to.external;
    info.byte_offset = to.byte_offset;
  }
  return true;
}

Scope::Scope(Graph& graph, const std::string& name) : graph_(graph), outer_(graph.scope_) {
  graph_.scope_ = outer_.empty() ? name : outer_ + "/" + name;
}

}  // namespace pumice
