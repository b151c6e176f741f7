#include "engine/hal/preferences.h"

#include "engine/base/find_name.h"
#include "engine/hal/device.h"

namespace pumice::hal {
namespace {

/// lavapipe loads from storage buffers lane by lane but from texel buffers by vectors, in a third
/// of the time. SwiftShader, with 4 lanes, gains nothing.
bool has_wide_texel_loads(const Limits& limits) {
  return limits.subgroup_size >= 8 && has(limits, Feature::kTexelBuffer);
}

/// Drivers that run on the CPU: barriers are expensive, threads few and fast.
Preferences of_cpu(const Limits& limits) {
  return {.texel_loads = has_wide_texel_loads(limits),
          .register_tiles = true,
          .woven_programs = has(limits, Feature::kCpuCode),
          .summing_threads = 2048,
          .threads_per_row = 1,
          .inference_batch = 8};
}

Preferences of_gpu(uint32_t workgroups) {
  return {.many_threads = true,
          .concurrent_dispatches = true,
          .woven_programs = true,
          .short_submissions = true,
          .workgroups = workgroups};
}

constexpr std::string_view kPrecisions[] = {"f32", "mixed", "split"};

}  // namespace

std::span<const std::string_view> precision_names() { return kPrecisions; }

Precision precision_by_name(std::string_view name) {
  return static_cast<Precision>(find_name("precision", kPrecisions, name));
}

Preferences preferences_of(const Limits& limits) {
  switch (limits.type) {
    case DeviceType::kCpu:
      return of_cpu(limits);
    case DeviceType::kDiscreteGpu:  // an H100 has 132 multiprocessors
    case DeviceType::kVirtualGpu:
      return of_gpu(128);
    case DeviceType::kIntegratedGpu:  // about ten multiprocessors
      return of_gpu(32);
    case DeviceType::kOther:  // a browser's device: never measured
      break;
  }
  return {.short_submissions = true};
}

}  // namespace pumice::hal
