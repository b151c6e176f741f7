#pragma once

#include <functional>
#include <string_view>

#include "engine/graph/graph.h"

/// Tensors larger than one binding of the device. Such a tensor is joined from parts that each fit
/// (Graph::join). An op that is given one calls itself for parts of its operands and joins the
/// results, so that kernels and gradient rules only ever see tensors that fit. All tensors here are
/// f32.
///
/// Why ops do this, rather than lowering alone. The alternative is that a tensor stays one buffer
/// and lower() splits an elementwise node into several dispatches with bindings at an offset. It
/// was built and measured, for all elementwise ops and broadcasting; every op test passed in parts:
///
/// * 385 lines of the engine and its shaders went and 267 came. But a tensor was then limited by
///   the largest buffer (256 MB by WebGPU's default, 1 GB in the test of real limits, 2 GB on
///   lavapipe). Activations that span several buffers bring it to 420 and 413: nothing saved.
/// * 6 of the 20 files that include this one no longer did. Matrix products, convolutions,
///   reductions, LSTMs, norms, pooling and slices still did, because their arithmetic differs or
///   because few rows begin where a binding may, at a multiple of 256 bytes: as few as one in 64.
/// * Results that do not begin there had to be copied to their place in the large tensor. Parts are
///   buffers of their own and begin anywhere.
/// * An operand that is repeated (broadcast) had to fit by itself. Here it may come in parts.
///
/// What it promised besides, random numbers that do not depend on the split, holds here as well:
/// ops that need it receive the index of their part's first element.
namespace pumice::ops {

/// Whether a tensor of this shape fits in one binding.
bool fits(const Shape& shape, const hal::Limits& limits);
inline bool fits(const Tensor& x) { return fits(x.shape(), x.graph().limits()); }

/// Whether `count` floats fit in one binding: for scratch memory that has no tensor yet.
inline bool numbers_fit(uint64_t count, const hal::Limits& limits) {
  return sizeof(float) * count <= limits.max_binding_bytes;
}

/// `shape` with its extent along `axis` replaced.
Shape with_extent(const Shape& shape, uint32_t axis, uint32_t extent);
/// `shape` with its first extent replaced.
inline Shape with_rows(const Shape& shape, uint32_t rows) { return with_extent(shape, 0, rows); }

/// The elements of `parts`, one part after the other, as one tensor: copied where the result fits
/// in a binding, else joined.
Tensor join(const Tensors& parts, const Shape& shape);

/// The elements of x, flattened and cut into runs that end at `ends`. Copies nothing where the
/// parts of x end there, too.
Tensors runs(const Tensor& x, const std::vector<uint64_t>& ends);

/// Some rows (along the first axis) of one or more tensors.
struct RowPart {
  uint32_t begin = 0;
  uint32_t rows = 0;
  Tensors xs;  ///< these rows of each tensor

  uint32_t end() const { return begin + rows; }
};

using OpOnRows = std::function<Tensor(const RowPart& part)>;

/// For elementwise ops: applies `op` to runs of `xs`, flattened tensors of equal size, and joins
/// the results to the shape of the first. A run is a RowPart whose rows are elements.
Tensor by_runs(const Tensors& xs, const OpOnRows& op);

/// For ops without operands: a tensor of this shape from `make`, which is called once where it fits
/// in a binding and else for each flat run of it. `first`: the index of the run's first element, a
/// multiple of 4.
Tensor by_new_runs(Graph& graph, const Shape& shape,
                   const std::function<Tensor(const Shape& run, uint32_t first)>& make);

/// Cuts `xs`, tensors with `rows` rows, into parts that can be bound, as can `widest` elements per
/// row. Throws Error, in the name of `op`, when a single row is too large for that.
std::vector<RowPart> row_parts(std::string_view op, Graph& graph, uint32_t rows, const Tensors& xs,
                               uint64_t widest);

/// Applies `op` to row_parts() of `xs` and joins the results along their first axis.
Tensor by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op);
/// Applies `op` to row_parts() of `xs` and adds up the results.
Tensor sum_by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op);

}  // namespace pumice::ops
