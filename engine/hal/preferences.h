#pragma once

#include <cstdint>

namespace pumice::hal {

struct Limits;

/// Cores (bits by their number in ops::GemmCore) that computed wrong numbers in the self-test of
/// this device and driver: ops use others.
struct DisabledCores {
  uint32_t products = 0;
  uint32_t convolutions = 0;      ///< transposed ones, too
  uint32_t weight_gradients = 0;  ///< of convolutions
  bool operator==(const DisabledCores&) const = default;
};

/// What a device does best. Ops and lowering consult this when several kernels, or several ways to
/// split work, give a correct result; they never ask what the device is. Backends fill it in.
struct Preferences {
  /// Vec4 loads from texel buffers are much faster than from storage buffers.
  bool texel_loads = false;
  /// Matrix products in registers are faster than tiles in shared memory with barriers.
  bool register_tiles = false;
  /// A single thread is slow but thousands run at once: split work even if that takes another
  /// dispatch.
  bool many_threads = false;
  uint32_t workgroups = 128;         ///< enough to keep the device busy
  uint32_t summing_threads = 32768;  ///< enough to keep it busy when each adds up many numbers
  uint32_t threads_per_row = 64;     ///< threads that share a row of a layer norm
  uint32_t inference_batch = 32;     ///< images at a time for a large network
  DisabledCores disabled = {};
};

/// The preferences of a device, from its type, subgroup size and features. Only this function knows
/// what was measured on which kind of device.
Preferences preferences_of(const Limits& limits);

}  // namespace pumice::hal
