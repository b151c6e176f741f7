#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pumice::hal {

struct Limits;

/// How products of matrices and convolutions are computed; everything else is f32, and so are the
/// weights and the sums.
enum class Precision : uint8_t {
  kF32,
  kMixed,  ///< factors rounded to f16 (11 bits)
  kSplit,  ///< each factor split into two f16 numbers, of 22 bits together: three products
};

/// "f32", "mixed", "split".
std::span<const std::string_view> precision_names();

/// By one of these names. Throws Error for others.
Precision precision_by_name(std::string_view name);

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
  /// Dispatches without a barrier between them run at the same time: few barriers matter more than
  /// little memory.
  bool concurrent_dispatches = false;
  /// Programs of several runs are faster woven into one than in turns. A driver that runs one
  /// dispatch at a time is slower: the dispatches of the other runs evict a run's data from the
  /// caches.
  bool woven_programs = false;
  /// The driver may reset the device if a submission takes seconds.
  bool short_submissions = false;
  /// Buffers of kernels are in memory that the host sees, too, rather than in device-local memory.
  bool host_memory = false;
  Precision precision = Precision::kF32;  ///< the user's choice; f32 where the device lacks others
  uint32_t workgroups = 128;              ///< enough to keep the device busy
  uint32_t summing_threads = 32768;       ///< enough to keep it busy when each adds up many numbers
  uint32_t threads_per_row = 64;          ///< threads that share a row of a layer norm
  uint32_t inference_batch = 32;          ///< images at a time for a large network
  DisabledCores disabled = {};
};

/// The preferences of a device, from its type, subgroup size and features. Only this function knows
/// what was measured on which kind of device.
Preferences preferences_of(const Limits& limits);

}  // namespace pumice::hal
