#include "engine/ops/convolve_parts.h"

#include <algorithm>
#include <optional>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// One tap of a kernel, for some of the channels along its third axis.
struct Tap {
  uint32_t row = 0;
  uint32_t column = 0;
  uint32_t channel = 0;  ///< the first
  Tensor weight;         ///< [1, 1, channels, …]

  uint32_t channels() const { return weight.shape()[2]; }
};

std::vector<Tap> taps_of(std::string_view op, const Tensor& weight) {
  const uint32_t channels = weight.shape()[2], others = weight.shape()[3];
  const uint64_t limit = weight.graph().limits().max_binding_bytes;
  const uint64_t four_rows = 4 * sizeof(float) * round_up(uint64_t{others}, 4u);
  require(four_rows <= limit,
          "{}: four rows of a weight {} take {} bytes, the device binds at most {} at once", op,
          weight.shape(), four_rows, limit);
  const uint64_t parts = divide_up(uint64_t{channels}, limit / four_rows * 4);
  const uint64_t length = divide_up(uint64_t{channels}, parts);
  std::vector<Tap> taps;
  std::vector<uint64_t> ends;
  for (uint32_t tap = 0; tap < weight.shape()[0] * weight.shape()[1]; ++tap) {
    for (uint64_t first = 0; first < channels; first += length) {
      taps.push_back({.row = tap / weight.shape()[1],
                      .column = tap % weight.shape()[1],
                      .channel = static_cast<uint32_t>(first),
                      .weight = {}});
      const uint64_t end = std::min<uint64_t>(channels, first + length);
      ends.push_back((uint64_t{tap} * channels + end) * others);
    }
  }
  const Tensors weights = runs(weight, ends);
  for (size_t i = 0; i < taps.size(); ++i) {
    taps[i].weight =
        reshape(weights[i], {1, 1, static_cast<uint32_t>(weights[i].size() / others), others});
  }
  return taps;
}

/// What a tap takes of an axis: the pixels from `begin` to `end`, `before` and `after` them zeros
/// (or, transposed, what is cut off).
struct Reach {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t before = 0;
  uint32_t after = 0;
};

/// Of the pixels offset, offset + stride, … for each of `windows`, those within `extent`.
std::optional<Reach> reach(uint32_t extent, uint32_t windows, uint32_t stride, int64_t offset) {
  const int64_t behind = offset + int64_t{windows - 1} * stride + 1;
  const int64_t begin = std::max<int64_t>(0, offset);
  const int64_t end = std::min<int64_t>(extent, behind);
  if (begin >= end) return std::nullopt;
  return Reach{static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
               static_cast<uint32_t>(begin - offset), static_cast<uint32_t>(behind - end)};
}

Tensor rest_of(const Tensor& x, int axis, const Reach& reach) {
  return slice(x, axis, reach.begin, reach.end - reach.begin);
}

Tensor finish(const Tensor& sum, const Tensor& bias, Activation activation, float slope) {
  return activate(bias ? add(sum, bias) : sum, activation, slope);
}

}  // namespace

bool weight_fits(const ConvShape& shape, const hal::Limits& limits) {
  return sizeof(float) * shape.taps() * round_up(uint64_t{shape.in_channels}, 4u) *
             round_up(uint64_t{shape.out_channels}, 4u) <=
         limits.max_binding_bytes;
}

uint64_t widest_picture(const ConvShape& shape) {
  return std::max(uint64_t{shape.in_height} * shape.in_width * round_up(shape.in_channels, 4u),
                  uint64_t{shape.out_height} * shape.out_width * round_up(shape.out_channels, 4u));
}

bool pictures_fit(const ConvShape& shape, const hal::Limits& limits) {
  return sizeof(float) * shape.batch * widest_picture(shape) <= limits.max_binding_bytes;
}

Tensor conv2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                      const Conv2dOptions& options) {
  Tensor sum;
  for (const Tap& tap : taps_of("conv2d", weight)) {
    const auto rows =
        reach(shape.in_height, shape.out_height, shape.stride, int64_t{tap.row} - shape.top);
    const auto columns =
        reach(shape.in_width, shape.out_width, shape.stride, int64_t{tap.column} - shape.left);
    if (!rows || !columns) continue;
    const Tensor pixels = slice(x, 3, tap.channel, tap.channels());
    const Tensor terms = conv2d(rest_of(rest_of(pixels, 1, *rows), 2, *columns), tap.weight,
                                {.stride = shape.stride,
                                 .padding = {.top = rows->before,
                                             .bottom = rows->after,
                                             .left = columns->before,
                                             .right = columns->after}});
    sum = sum ? add(sum, terms) : terms;
  }
  return finish(sum, options.bias, options.activation, options.slope);
}

// An input pixel i of an axis gives to the result's i·stride + tap - before.
Tensor conv_transpose2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                                const ConvTranspose2dOptions& options) {
  Tensor sum;
  for (const Tap& tap : taps_of("conv_transpose2d", weight)) {
    const auto rows =
        reach(shape.out_height, shape.in_height, shape.stride, int64_t{tap.row} - shape.top);
    const auto columns =
        reach(shape.out_width, shape.in_width, shape.stride, int64_t{tap.column} - shape.left);
    if (!rows || !columns) continue;
    Tensor terms = conv_transpose2d(x, tap.weight,
                                    {.stride = shape.stride,
                                     .padding = {.top = rows->before,
                                                 .bottom = rows->after,
                                                 .left = columns->before,
                                                 .right = columns->after}});
    terms = pad(pad(terms, 1, rows->begin, shape.out_height), 2, columns->begin, shape.out_width);
    terms = pad(terms, 3, tap.channel, shape.out_channels);
    sum = sum ? add(sum, terms) : terms;
  }
  return finish(sum, options.bias, options.activation, options.slope);
}

}  // namespace pumice::ops
