#include "engine/ops/parts.h"

#include <algorithm>
#include <set>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"

namespace pumice::ops {
namespace {

using Ends = std::vector<uint64_t>;

uint64_t row_size(const Tensor& x) { return x.size() / x.shape()[0]; }

/// The most elements that fit in a binding, in whole vec4s.
uint64_t bindable_elements(const hal::Limits& limits) {
  return limits.max_binding_bytes / 16 * (16 / sizeof(float));
}

/// `gradients` of `of`, with zeros for those that are absent.
Tensors with_zeros(Tensors gradients, const Tensors& of) {
  for (size_t i = 0; i < of.size(); ++i) {
    if (!gradients[i]) gradients[i] = constant(of[i].graph(), of[i].shape(), 0);
  }
  return gradients;
}

/// Cuts a tensor that fits into runs. One node has the gradient rule for all of them: the gradient
/// of x is theirs, joined.
Tensors cut(const Tensor& x, const Ends& ends) {
  Graph& graph = x.graph();
  if (ends.size() == 1) return {reshape(x, {count(x)})};
  const Tensor flat = graph.view(x, {count(x)});
  Node node;
  for (uint64_t begin = 0; uint64_t end : ends) {
    node.inputs.push_back(
        slice(flat, 0, static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin)));
    node.outputs.push_back(graph.view(node.inputs.back(), node.inputs.back().shape()));
    begin = end;
  }
  node.gradient = [runs = node.outputs, shape = x.shape()](const Tensors& dy) -> Tensors {
    return {join(with_zeros(dy, runs), shape)};
  };
  node.differentiable = {x};
  const Tensors outputs = node.outputs;
  graph.add(std::move(node));
  return outputs;
}

/// The ends between `begin` and `end`, then `end` itself, all counted from `begin`.
Ends ends_within(const Ends& ends, uint64_t begin, uint64_t end) {
  Ends within;
  for (uint64_t each : ends) {
    if (begin < each && each < end) within.push_back(each - begin);
  }
  within.push_back(end - begin);
  return within;
}

/// Adds the ends of the parts of x, counted in units of `unit` elements; leaves out parts that end
/// within a unit.
void collect_ends(const Tensor& x, uint64_t unit, std::set<uint64_t>& ends) {
  for (uint64_t end = 0; const Tensor& part : x.graph().parts(x)) {
    end += part.size();
    if (end % unit == 0) ends.insert(end / unit);
  }
}

/// Cuts the rows up to each of `ends` into ranges of at most `most` rows and about equal size.
/// Sizes are multiples of four where possible, so that kernels can work by vec4s.
std::vector<RowPart> ranges(const std::set<uint64_t>& ends, uint64_t most) {
  if (most >= 4) most = most / 4 * 4;
  std::vector<RowPart> parts;
  for (uint64_t begin = 0; uint64_t end : ends) {
    const uint64_t even = divide_up(end - begin, divide_up(end - begin, most));
    const uint64_t length = std::min(round_up(even, 4u), most);
    for (; begin < end; begin += parts.back().rows) {
      parts.push_back({.begin = static_cast<uint32_t>(begin),
                       .rows = static_cast<uint32_t>(std::min(length, end - begin)),
                       .xs = {}});
    }
  }
  return parts;
}

/// Appends its rows of x to each part.
void hand_out(const Tensor& x, std::vector<RowPart>& parts) {
  Ends ends;
  for (const RowPart& part : parts) ends.push_back(part.end() * row_size(x));
  const Tensors of_parts = runs(x, ends);
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i].xs.push_back(reshape(of_parts[i], with_rows(x.shape(), parts[i].rows)));
  }
}

}  // namespace

bool fits(const Shape& shape, const hal::Limits& limits) {
  return fits_binding(shape, DType::kF32, limits);
}

Shape with_extent(const Shape& shape, uint32_t axis, uint32_t extent) {
  std::vector<uint32_t> extents = shape.extents();
  extents[axis] = extent;
  return Shape(std::move(extents));
}

Tensor join(const Tensors& parts, const Shape& shape) {
  Graph& graph = parts[0].graph();
  if (!fits(shape, graph.limits())) return graph.join(parts, shape);
  Tensors flat;
  for (const Tensor& part : parts) {
    flat.push_back(reshape(part, {count(part)}));
  }
  return reshape(concat(flat, 0), shape);
}

Tensors runs(const Tensor& x, const std::vector<uint64_t>& ends) {
  Tensors pieces;
  for (uint64_t begin = 0; const Tensor& part : x.graph().parts(x)) {
    const Tensors cuts = cut(part, ends_within(ends, begin, begin + part.size()));
    pieces.insert(pieces.end(), cuts.begin(), cuts.end());
    begin += part.size();
  }
  Tensors result;
  auto piece = pieces.begin();
  for (uint64_t begin = 0; uint64_t end : ends) {
    Tensors of_run;
    for (uint64_t at = begin; at < end; ++piece) {
      of_run.push_back(*piece);
      at += piece->size();
    }
    result.push_back(join(of_run, {static_cast<uint32_t>(end - begin)}));
    begin = end;
  }
  return result;
}

Tensor by_runs(const Tensors& xs, const OpOnRows& op) {
  Tensors flat;
  for (const Tensor& x : xs) flat.push_back(reshape(x, {count(x)}));
  return reshape(by_rows("", flat, 1, op), xs[0].shape());
}

Tensor by_new_runs(Graph& graph, const Shape& shape,
                   const std::function<Tensor(const Shape& run, uint32_t first)>& make) {
  if (fits(shape, graph.limits())) return make(shape, 0);
  require_countable(shape);
  Tensors parts;
  for (const RowPart& part : ranges({shape.size()}, bindable_elements(graph.limits()))) {
    parts.push_back(make({part.rows}, part.begin));
  }
  return join(parts, shape);
}

std::vector<RowPart> row_parts(std::string_view op, Graph& graph, uint32_t rows, const Tensors& xs,
                               uint64_t widest) {
  std::set<uint64_t> ends = {rows};
  for (const Tensor& x : xs) {
    collect_ends(x, row_size(x), ends);
    widest = std::max(widest, row_size(x));
  }
  const uint64_t most = bindable_elements(graph.limits()) / widest;
  require(most > 0, "{}{}: one of {} rows takes {} bytes, the device binds at most {} at once",
          graph.scope().empty() ? "" : graph.scope() + "/", op, rows, sizeof(float) * widest,
          graph.limits().max_binding_bytes);
  std::vector<RowPart> parts = ranges(ends, most);
  for (const Tensor& x : xs) hand_out(x, parts);
  return parts;
}

Tensor by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op) {
  Tensors results;
  const uint32_t rows = xs[0].shape()[0];
  for (const RowPart& part : row_parts(name, xs[0].graph(), rows, xs, widest)) {
    results.push_back(op(part));
  }
  return join(results, with_rows(results[0].shape(), rows));
}

Tensor sum_by_rows(std::string_view name, const Tensors& xs, uint64_t widest, const OpOnRows& op) {
  Tensor total;
  for (const RowPart& part : row_parts(name, xs[0].graph(), xs[0].shape()[0], xs, widest)) {
    Tensor result = op(part);
    total = total ? add(total, result) : result;
  }
  return total;
}

}  // namespace pumice::ops
