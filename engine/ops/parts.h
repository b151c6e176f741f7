#pragma once

#include <functional>
#include <string_view>

#include "engine/graph/graph.h"

/// How ops compute what is larger than one binding of the device. Such a tensor is joined from
/// parts (Graph::join); an op that meets one calls itself for parts that can be bound and joins
/// what they give, so that kernels and gradients know nothing of it. All tensors here are f32.
namespace pumice::ops {

/// Whether the device can bind a tensor of this shape as a whole.
bool fits(const Shape& shape, const hal::Limits& limits);
inline bool fits(const Tensor& x) { return fits(x.shape(), x.graph().limits()); }

/// Whether a binding holds so many numbers: for scratch memory that has no tensor yet.
inline bool numbers_fit(uint64_t count, const hal::Limits& limits) {
  return sizeof(float) * count <= limits.max_binding_bytes;
}

/// `shape` with another extent along `axis`.
Shape with_extent(const Shape& shape, uint32_t axis, uint32_t extent);
/// `shape` with another first extent.
inline Shape with_rows(const Shape& shape, uint32_t rows) { return with_extent(shape, 0, rows); }

/// The numbers of `parts`, one after the other: a copy if it can be bound, else a joined tensor.
Tensor join(const Tensors& parts, const Shape& shape);

/// x in runs of its numbers, flat, which end at `ends`: without copies where its own parts end.
Tensors runs(const Tensor& x, const std::vector<uint64_t>& ends);

/// Of elementwise ops: `op` for runs of `xs`, tensors of one size, joined to the shape of the
/// first.
Tensor by_runs(const Tensors& xs, const std::function<Tensor(const Tensors& runs)>& op);

/// New tensors of a size that can be bound, given by `make`, joined to `shape`.
Tensor by_new_runs(Graph& graph, const Shape& shape,
                   const std::function<Tensor(const Shape& run)>& make);

/// Rows, along the first axis, of some tensors.
struct RowPart {
  uint32_t begin = 0;
  uint32_t rows = 0;
  Tensors xs;  ///< those rows of each

  uint32_t end() const { return begin + rows; }
};

/// `xs`, tensors with `rows` rows, in parts so small that also `widest` numbers per row can be
/// bound. Throws Error, in the name of `op`, when one row is too large for that.
std::vector<RowPart> row_parts(std::string_view op, Graph& graph, uint32_t rows, const Tensors& xs,
                               uint64_t widest);

using OpOnRows = std::function<Tensor(const RowPart& part)>;

/// `op` for parts of the rows of `xs`, its results joined along their rows.
Tensor by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op);
/// The sum of what `op` gives for them.
Tensor sum_by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op);

}  // namespace pumice::ops
