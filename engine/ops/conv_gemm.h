#pragma once

#include "engine/ops/shares.h"

namespace pumice::ops {

/// A convolution from images [batch, in_height, in_width, in_channels] to [batch, out_…]. If
/// transposed, the input gradient of a convolution from [batch, out_…] to [batch, in_…].
struct ConvShape {
  uint32_t batch = 0;
  uint32_t in_height = 0;
  uint32_t in_width = 0;
  uint32_t in_channels = 0;
  uint32_t out_height = 0;
  uint32_t out_width = 0;
  uint32_t out_channels = 0;
  uint32_t kernel_height = 1;
  uint32_t kernel_width = 1;
  uint32_t stride = 1;
  uint32_t top = 0;   ///< rows of padding above, in the convolution
  uint32_t left = 0;  ///< columns of padding to the left
  bool transposed = false;

  uint32_t taps() const { return kernel_height * kernel_width; }
  uint64_t in_pixels() const { return uint64_t{batch} * in_height * in_width; }
  uint64_t out_pixels() const { return uint64_t{batch} * out_height * out_width; }
};

/// The product that computes it: a layer per phase.
Work work_of(const ConvShape& shape);

/// The cores that a device with these limits uses by the fixed rule for the convolution and for the
/// gradient of its weight: any but kRow and kScalar. All but kPanels need channels in multiples of
/// four.
GemmCore choose_conv_core(const ConvShape& shape, const hal::Limits& limits);
GemmCore choose_weights_core(const ConvShape& shape, const hal::Limits& limits);

/// Whether the core can compute this convolution or the gradient of its weight.
bool can_convolve(GemmCore core, const ConvShape& shape, const hal::Limits& limits);

/// How the core splits a convolution's terms by the fixed rule.
TermSplit split_conv(GemmCore core, const ConvShape& shape, const hal::Limits& limits);
/// The terms in this many parts.
TermSplit split_conv(const ConvShape& shape, uint32_t parts);

/// Its buffers are x, weight, bias[out_channels] and y, as in GemmLaunch. Throws Error if the
/// images need more workgroups than a grid has. Only the block cores split terms.
GemmLaunch launch_conv(GemmCore core, const ConvShape& shape, const GemmEpilogue& epilogue,
                       const hal::Limits& limits, const TermSplit& split = {});

/// How the output pixels, which are the terms of a weight gradient's sums, are split into parts.
struct PixelSplit {
  uint32_t count = 1;
  uint32_t pixels = 0;  ///< per part; a multiple of 16
};

/// Enough parts to occupy the device and, on CPUs, small enough for their caches; but no part has
/// too few pixels, and the partial sums do not take too much memory.
PixelSplit split_pixels(GemmCore core, const ConvShape& shape, const hal::Limits& limits);
/// The pixels in this many parts or, where whole strips of pixels make fewer, in as many as that.
PixelSplit split_pixels(const ConvShape& shape, uint64_t parts);

/// Its buffers are x, dy and the partial sums [split.count, taps · in_channels, out_channels].
GemmLaunch launch_conv_weights(GemmCore core, const ConvShape& shape, const PixelSplit& split,
                               const hal::Limits& limits);

}  // namespace pumice::ops
