#include "engine/ops/row_blocks.h"

#include "engine/base/require.h"
#include "engine/ops/parts.h"

namespace pumice::ops {

std::vector<RowBlock> row_blocks(std::string_view op, const Graph& graph, const Shape& shape) {
  const BatchRows& rows = graph.batch_rows();
  if (rows.whole == 0) return {{.shape = shape}};
  require(shape.rank() > 0 && shape[0] % rows.count == 0,
          "{}: expects a multiple of the {} rows of the batch, got {}", op, rows.count, shape);
  const uint64_t row_size = shape.size() / shape[0];
  std::vector<RowBlock> blocks;
  for (uint64_t block = 0; block < shape[0] / rows.count; ++block) {
    blocks.push_back(
        {.shape = with_rows(shape, rows.count),
         .place = static_cast<uint32_t>((block * rows.whole + rows.first) * row_size)});
  }
  return blocks;
}

}  // namespace pumice::ops
