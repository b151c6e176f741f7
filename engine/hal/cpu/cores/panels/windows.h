#pragma once

#include <stddef.h>

#include "engine/hal/cpu/cores/panels/vectors.h"

/// The geometry of shaders/include/conv.glsl: phases, their windows, and the floats under them.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// One axis of a phase: output pixel first + i · spacing combines input pixel origin + i · step ± t
/// with tap first_tap + t · tap_spacing of the kernel, for t < taps.
struct Axis {
  uint32_t count;
  uint32_t first, spacing;
  int32_t origin;
  uint32_t step;
  uint32_t taps, first_tap, tap_spacing;
};

PUMICE_CORE Axis axis_of(uint32_t phase, uint32_t extent, uint32_t kernel, uint32_t stride,
                         uint32_t padding, bool transposed) {
  if (!transposed) return {extent, 0, 1, -int32_t(padding), stride, kernel, 0, 1};
  const uint32_t first = (phase + padding * (stride - 1)) % stride;
  return {first < extent ? (extent - first - 1) / stride + 1 : 0,
          first,
          stride,
          int32_t((first + padding - phase) / stride),
          1,
          phase < kernel ? (kernel - phase - 1) / stride + 1 : 0,
          phase,
          stride};
}

/// Images [batch, height, width, channels].
struct Images {
  const float* x;
  uint32_t height, width, channels;
};

/// An output pixel of a phase.
struct Place {
  uint32_t image, i, j;
};

/// Consecutive floats of a line of pixels. Only first ... end - 1 exist; the others are zeros in
/// the padding.
struct Run {
  const float* from;  // the first that exists
  uint32_t first, end;
};

/// `count` floats of line y, from float `offset` of pixel x on.
PUMICE_CORE Run run_at(const Images& images, uint32_t image, int32_t y, int32_t x, uint32_t offset,
                       uint32_t count) {
  const int32_t begin = x * int32_t(images.channels) + int32_t(offset);
  const int32_t length = int32_t(images.width * images.channels);
  const int32_t end = begin + int32_t(count);
  if (uint32_t(y) >= images.height || begin >= length || end <= 0) return {images.x, 0, 0};
  const uint32_t first = begin < 0 ? uint32_t(-begin) : 0;
  const size_t line = size_t{image} * images.height + uint32_t(y);
  return {images.x + line * length + (begin + int32_t(first)), first,
          end > length ? uint32_t(length - begin) : count};
}

/// A phase of a convolution. Its terms are in runs: the floats under a line of the kernel, which
/// follow each other in x; but those under one tap if it is transposed, because its taps go
/// backwards.
struct Phase {
  Axis rows, columns;
  bool transposed;
  Images x;

  PUMICE_CORE uint32_t taps_of_run() const { return transposed ? 1 : columns.taps; }
  PUMICE_CORE uint32_t run_length() const { return taps_of_run() * x.channels; }
  PUMICE_CORE uint32_t terms() const { return rows.taps * columns.taps * x.channels; }

  PUMICE_CORE Place place_of(uint32_t index) const {
    const uint32_t line = index / columns.count;
    return {line / rows.count, line % rows.count, index % columns.count};
  }

  PUMICE_CORE void advance(Place& place) const {
    if (++place.j < columns.count) return;
    place.j = 0;
    if (++place.i < rows.count) return;
    place.i = 0;
    ++place.image;
  }

  /// Where the window of `place` has tap (0, 0), if all of its taps are inside the image; else
  /// null.
  PUMICE_CORE const float* inside(const Place& place) const {
    const int32_t y = rows.origin + int32_t(place.i * rows.step);
    const int32_t left = columns.origin + int32_t(place.j * columns.step);
    const int32_t top_tap = transposed ? y + 1 - int32_t(rows.taps) : y;
    const int32_t left_tap = transposed ? left + 1 - int32_t(columns.taps) : left;
    if (top_tap < 0 || top_tap + int32_t(rows.taps) > int32_t(x.height)) return nullptr;
    if (left_tap < 0 || left_tap + int32_t(columns.taps) > int32_t(x.width)) return nullptr;
    const size_t line = size_t{place.image} * x.height + uint32_t(y);
    return x.x + (line * x.width + uint32_t(left)) * x.channels;
  }

  /// From there to tap (ty, tx).
  PUMICE_CORE ptrdiff_t to_tap(int32_t ty, int32_t tx) const {
    const ptrdiff_t forward = ptrdiff_t(ty * int32_t(x.width) + tx) * int32_t(x.channels);
    return transposed ? -forward : forward;
  }

  /// `count` floats of the run at tap (ty, tx), from `offset` of it on, in the window of `place`.
  PUMICE_CORE Run under(const Place& place, int32_t ty, int32_t tx, uint32_t offset,
                        uint32_t count) const {
    const int32_t y = rows.origin + int32_t(place.i * rows.step);
    const int32_t left = columns.origin + int32_t(place.j * columns.step);
    return transposed ? run_at(x, place.image, y - ty, left - tx, offset, count)
                      : run_at(x, place.image, y + ty, left + tx, offset, count);
  }
};

/// Part of a run: `count` floats from `offset` of it on, which are the terms from `begin` on.
struct RunPart {
  uint32_t run;
  uint32_t offset, count;
  uint32_t begin;
};

/// Calls take(part) for the parts of runs that make up terms term ... term + terms - 1.
template <class Take>
PUMICE_CORE void for_each_run(uint32_t length, uint32_t term, uint32_t terms, Take take) {
  for (uint32_t begin = 0; begin < terms;) {
    const uint32_t offset = (term + begin) % length;
    const uint32_t count = smaller(length - offset, terms - begin);
    take(RunPart{(term + begin) / length, offset, count, begin});
    begin += count;
  }
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
