#include "engine/nn/layers/pool2d.h"

#include "engine/base/require.h"
#include "engine/nn/layers/window.h"

namespace pumice::nn {
namespace {

// The stride once defaulted to 1, and checkpoints of that time omit a stride of 1. New checkpoints
// always have it: keys equal to the default layer's are omitted, but its size, and so its stride,
// is 0.
void describe_window(LayerFields& fields, uint32_t& size, uint32_t& stride) {
  fields.whole("size", size, 1);
  if (stride == 0) stride = fields.reads_checkpoint() ? 1 : size;
  fields.whole("stride", stride, 1);
}

uint32_t stride_of(uint32_t size, uint32_t stride) { return stride == 0 ? size : stride; }

/// `pool(x, size, stride)`.
template <typename Pool>
BuiltLayer build_pool(const LayerContext& context, uint32_t size, uint32_t stride, Pool pool) {
  context.require_image();
  const Shape& input = context.input;
  require(size > 0, "{} ({}): expects 'size' of at least 1, got 0", context.name, context.type);
  require(input[0] >= size && input[1] >= size,
          "{} ({}): expects images of at least {} x {}, got {}", context.name, context.type, size,
          size, input);
  auto extent = [&](uint32_t from) { return (from - size) / stride + 1; };
  auto run = [size, stride, pool](const Tensor& x, const ForwardContext&) {
    return pool(x, size, stride);
  };
  return {run, {extent(input[0]), extent(input[1]), input[2]}};
}

}  // namespace

void MaxPool2d::describe(LayerFields& fields) { describe_window(fields, size, stride); }

BuiltLayer MaxPool2d::build(const LayerContext& context) const {
  return build_pool(
      context, size, stride_of(size, stride),
      [](const Tensor& x, uint32_t edge, uint32_t step) { return ops::max_pool2d(x, edge, step); });
}

std::string MaxPool2d::details() const { return window_text(size, stride_of(size, stride)); }

void AveragePool2d::describe(LayerFields& fields) { describe_window(fields, size, stride); }

BuiltLayer AveragePool2d::build(const LayerContext& context) const {
  return build_pool(context, size, stride_of(size, stride),
                    [](const Tensor& x, uint32_t edge, uint32_t step) {
                      return ops::average_pool2d(x, edge, step);
                    });
}

std::string AveragePool2d::details() const { return window_text(size, stride_of(size, stride)); }

}  // namespace pumice::nn
