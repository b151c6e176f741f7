#include "engine/ops/grid.h"

#include <limits>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"

namespace pumice::ops {

hal::Grid grid_for(uint64_t threads, const hal::Kernel& kernel, const hal::Limits& limits) {
  uint64_t groups = divide_up(threads, kernel.group_size[0]);
  uint64_t rows = divide_up(groups, limits.max_groups);
  require(rows <= limits.max_groups, "{}: {} threads do not fit in a grid", kernel.name, threads);
  uint64_t columns = divide_up(groups, rows);
  return {static_cast<uint32_t>(columns), static_cast<uint32_t>(rows), 1};
}

void require_countable(const Shape& shape) {
  require(shape.size() <= std::numeric_limits<uint32_t>::max(),
          "ops: a tensor of shape {} has more than 2^32 - 1 elements", shape);
}

uint32_t count(const Tensor& tensor) {
  require_countable(tensor.shape());
  return static_cast<uint32_t>(tensor.size());
}

void require_f32(std::string_view op, const Tensor& tensor) {
  require(tensor.dtype() == DType::kF32, "{}: expects f32, got {}", op, tensor.dtype());
}

uint32_t axis_index(std::string_view op, const Shape& shape, int axis) {
  int index = axis < 0 ? axis + static_cast<int>(shape.rank()) : axis;
  require(index >= 0 && index < static_cast<int>(shape.rank()), "{}: no axis {} in {}", op, axis,
          shape);
  return static_cast<uint32_t>(index);
}

uint32_t latent_size(std::string_view op, const Tensor& moments) {
  require_f32(op, moments);
  require(moments.shape().rank() == 2 && moments.shape()[1] % 2 == 0,
          "{}: expects moments [B, 2z], got {}", op, moments.shape());
  return moments.shape()[1] / 2;
}

}  // namespace pumice::ops
