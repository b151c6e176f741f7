#pragma once

#include <string_view>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice::ops {

/// Rows of a tensor that also follow each other in the tensor of the whole batch.
struct RowBlock {
  Shape shape;
  uint32_t place = 0;  ///< of its first element in the whole batch's tensor
};

/// A tensor's rows by their places in the whole batch (see BatchRows): one block if the tensor has
/// the graph's rows of the batch, k if it has k times as many, such as real and then generated
/// images. One at place 0 if the graph computes the whole batch. Throws Error, in the name of `op`,
/// if the number of rows is not a multiple of the graph's.
std::vector<RowBlock> row_blocks(std::string_view op, const Graph& graph, const Shape& shape);

}  // namespace pumice::ops
