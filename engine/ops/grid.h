#pragma once

#include "engine/graph/graph.h"

namespace pumice::ops {

/// A grid with at least `threads` threads, folded into y beyond the device's limit: the counterpart
/// of flat_id() in kernel.glsl. The kernel must ignore threads past the end.
hal::Grid grid_for(uint64_t threads, const hal::Kernel& kernel, const hal::Limits& limits);

/// The same for kernels whose threads process one vec4 each.
inline hal::Grid vec4_grid(uint64_t elements, const hal::Kernel& kernel,
                           const hal::Limits& limits) {
  return grid_for((elements + 3) / 4, kernel, limits);
}

/// The number of elements in 32 bits, as shaders count them. Throws Error beyond 2³² - 1.
uint32_t count(const Tensor& tensor);
/// Throws Error if kernels, which count in 32 bits, cannot count the elements of such a tensor.
void require_countable(const Shape& shape);

/// Throws Error unless the tensor is f32.
void require_f32(std::string_view op, const Tensor& tensor);

/// `axis` as a non-negative index; negative axes count from the end. Throws Error if out of range.
uint32_t axis_index(std::string_view op, const Shape& shape, int axis);

/// z of a Gaussian's moments [B, 2z]. Throws Error unless they are such an f32 matrix.
uint32_t latent_size(std::string_view op, const Tensor& moments);

}  // namespace pumice::ops
