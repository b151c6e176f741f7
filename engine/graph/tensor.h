#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/dtype.h"
#include "engine/base/shape.h"

namespace pumice {

class Graph;

/// A value in a graph: cheap to copy, valid as long as its graph exists. Row-major and contiguous.
class Tensor {
 public:
  Tensor() = default;
  Tensor(Graph* graph, uint32_t id) : graph_(graph), id_(id) {}

  const Shape& shape() const;
  DType dtype() const;
  uint64_t size() const { return shape().size(); }  ///< number of elements

  Graph& graph() const { return *graph_; }
  uint32_t id() const { return id_; }
  explicit operator bool() const { return graph_ != nullptr; }
  bool operator==(const Tensor&) const = default;

 private:
  Graph* graph_ = nullptr;
  uint32_t id_ = 0;
};

using Tensors = std::vector<Tensor>;

}  // namespace pumice
