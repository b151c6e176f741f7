#include "engine/ops/convolve_parts.h"

#include <algorithm>
#include <optional>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/activation.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// The pixels of an axis that a tap reads: from `begin` to `end`, with `before` and `after` zeros
/// around them (if transposed, pixels that are cropped).
struct Reach {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t before = 0;
  uint32_t after = 0;
};

/// The range of the pixels offset, offset + stride, …, one per window, that is within `extent`.
std::optional<Reach> reach(uint32_t extent, uint32_t windows, uint32_t stride, int64_t offset) {
  const int64_t behind = offset + int64_t{windows - 1} * stride + 1;
  const int64_t begin = std::max<int64_t>(0, offset);
  const int64_t end = std::min<int64_t>(extent, behind);
  if (begin >= end) return std::nullopt;
  return Reach{static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
               static_cast<uint32_t>(begin - offset), static_cast<uint32_t>(behind - end)};
}

/// One tap of a kernel, for a range of the channels along its third axis.
struct Tap {
  std::optional<Reach> rows;     ///< absent if the tap sees only padding
  std::optional<Reach> columns;  ///< absent if the tap sees only padding
  uint32_t channel = 0;          ///< the first channel
  Tensor weight = {};            ///< [1, 1, channels, …]

  uint32_t channels() const { return weight.shape()[2]; }
  Padding padding() const {
    return {.top = rows->before,
            .bottom = rows->after,
            .left = columns->before,
            .right = columns->after};
  }
};

/// A tap without channels and weight. The larger images are those of x or, if transposed, of the
/// result.
Tap tap_at(uint32_t row, uint32_t column, const ConvShape& s) {
  const bool t = s.transposed;
  return {.rows = reach(t ? s.out_height : s.in_height, t ? s.in_height : s.out_height, s.stride,
                        int64_t{row} - s.top),
          .columns = reach(t ? s.out_width : s.in_width, t ? s.in_width : s.out_width, s.stride,
                           int64_t{column} - s.left)};
}

/// The largest number of channels of a tap, a multiple of four, that fits in a binding.
uint64_t most_channels(std::string_view op, const Tensor& weight) {
  const uint64_t limit = weight.graph().limits().max_binding_bytes;
  const uint64_t four = 4 * sizeof(float) * round_up(uint64_t{weight.shape()[3]}, 4u);
  require(four <= limit,
          "{}: four rows of a weight {} take {} bytes, the device binds at most {} at once", op,
          weight.shape(), four, limit);
  return limit / four * 4;
}

std::vector<Tap> taps_of(std::string_view op, const Tensor& weight, const ConvShape& shape) {
  const uint64_t channels = weight.shape()[2], others = weight.shape()[3];
  const uint64_t length = divide_up(channels, divide_up(channels, most_channels(op, weight)));
  std::vector<Tap> taps;
  std::vector<uint64_t> ends;
  for (uint32_t tap = 0; tap < shape.taps(); ++tap) {
    for (uint64_t first = 0; first < channels; first += length) {
      taps.push_back(tap_at(tap / shape.kernel_width, tap % shape.kernel_width, shape));
      taps.back().channel = static_cast<uint32_t>(first);
      ends.push_back((tap * channels + std::min(channels, first + length)) * others);
    }
  }
  const Tensors weights = runs(weight, ends);
  for (size_t i = 0; i < taps.size(); ++i) {
    const auto rows = static_cast<uint32_t>(weights[i].size() / others);
    taps[i].weight = reshape(weights[i], {1, 1, rows, static_cast<uint32_t>(others)});
  }
  std::erase_if(taps, [](const Tap& tap) { return !tap.rows || !tap.columns; });
  return taps;
}

Tensor rest_of(const Tensor& x, int axis, const Reach& reach) {
  return slice(x, axis, reach.begin, reach.end - reach.begin);
}

}  // namespace

bool weight_fits(const ConvShape& shape, const hal::Limits& limits) {
  return numbers_fit(shape.taps() * round_up(uint64_t{shape.in_channels}, 4u) *
                         round_up(uint64_t{shape.out_channels}, 4u),
                     limits);
}

uint64_t widest_image(const ConvShape& shape) {
  return std::max(uint64_t{shape.in_height} * shape.in_width * round_up(shape.in_channels, 4u),
                  uint64_t{shape.out_height} * shape.out_width * round_up(shape.out_channels, 4u));
}

bool images_fit(const ConvShape& shape, const hal::Limits& limits) {
  return numbers_fit(shape.batch * widest_image(shape), limits);
}

Tensor conv2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                      const Conv2dOptions& options) {
  Tensor sum;
  for (const Tap& tap : taps_of("conv2d", weight, shape)) {
    const Tensor channels = slice(x, 3, tap.channel, tap.channels());
    const Tensor pixels = rest_of(rest_of(channels, 1, *tap.rows), 2, *tap.columns);
    const Tensor terms =
        conv2d(pixels, tap.weight, {.stride = shape.stride, .padding = tap.padding()});
    sum = sum ? add(sum, terms) : terms;
  }
  return activate_biased(sum, options.bias, options.activation, options.slope);
}

// Along an axis, input pixel i contributes to pixel i·stride + tap - before of the result.
Tensor conv_transpose2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                                const ConvTranspose2dOptions& options) {
  Tensor sum;
  for (const Tap& tap : taps_of("conv_transpose2d", weight, shape)) {
    Tensor terms =
        conv_transpose2d(x, tap.weight, {.stride = shape.stride, .padding = tap.padding()});
    terms = pad(terms, 1, tap.rows->begin, shape.out_height);
    terms = pad(terms, 2, tap.columns->begin, shape.out_width);
    terms = pad(terms, 3, tap.channel, shape.out_channels);
    sum = sum ? add(sum, terms) : terms;
  }
  return activate_biased(sum, options.bias, options.activation, options.slope);
}

}  // namespace pumice::ops
