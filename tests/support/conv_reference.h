#pragma once

#include "engine/ops/ops.h"
#include "tests/support/reference.h"

/// Reference convolutions, straight from the definitions; see ops.h for shapes.
namespace pumice::test {

Array conv2d(const Array& x, const Array& weight, uint32_t stride, const ops::Padding& padding);
Array conv_transpose2d(const Array& x, const Array& weight, uint32_t stride,
                       const ops::Padding& padding, uint32_t out_height, uint32_t out_width);
Array conv2d_weight_gradient(const Array& x, const Array& dy, uint32_t kernel_height,
                             uint32_t kernel_width, uint32_t stride, const ops::Padding& padding);

}  // namespace pumice::test
