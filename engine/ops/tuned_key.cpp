#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/ops/tuned.h"

namespace pumice::ops {
namespace {

/// "128x32x32x4".
std::string images(uint32_t batch, uint32_t height, uint32_t width, uint32_t channels) {
  return fmt::format("{}x{}x{}x{}", batch, height, width, channels);
}

std::string text_of(std::string_view family, const ConvShape& s) {
  return fmt::format("{} {} k{}x{} s{} p{}x{} {}", family,
                     images(s.batch, s.in_height, s.in_width, s.in_channels), s.kernel_height,
                     s.kernel_width, s.stride, s.top, s.left,
                     images(s.batch, s.out_height, s.out_width, s.out_channels));
}

std::string text_of(const GemmShape& s) {
  return fmt::format("matmul {}x{}x{} {}{}", s.m, s.n, s.k, s.transpose_a ? 't' : 'n',
                     s.transpose_b ? 't' : 'n');
}

std::string text_of(const Problem& problem) {
  return std::visit(
      Overloaded{[](const GemmShape& shape) { return text_of(shape); },
                 [](const ConvShape& shape) {
                   return text_of(shape.transposed ? "conv transposed" : "conv", shape);
                 },
                 [](const ConvWeights& w) { return text_of("conv weights", w.conv); }},
      problem);
}

}  // namespace

hal::Precision precision_on(const hal::Limits& limits) {
  const bool has_others = has(limits, hal::Feature::kCooperativeMatrix);
  return has_others ? limits.prefers.precision : hal::Precision::kF32;
}

std::string key_of(const Problem& problem, hal::Precision precision) {
  if (precision == hal::Precision::kF32) return text_of(problem);
  return fmt::format("{} {}", text_of(problem),
                     hal::precision_names()[static_cast<size_t>(precision)]);
}

}  // namespace pumice::ops
