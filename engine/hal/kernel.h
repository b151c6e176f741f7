#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/hal/cpu_form.h"

namespace pumice::hal {

/// How a kernel uses one binding.
enum class Access : uint8_t {
  kRead,       ///< storage buffer, `readonly`
  kWrite,      ///< storage buffer, `writeonly`: previous contents are not read
  kReadWrite,  ///< storage buffer, read and written
  kTexel,      ///< uniform texel buffer of RGBA32F, read (shaders/vulkan_only)
};

constexpr bool reads(Access access) { return access != Access::kWrite; }
constexpr bool writes(Access access) {
  return access == Access::kWrite || access == Access::kReadWrite;
}

/// What a kernel needs from the device beyond the portable core.
enum class Feature : uint32_t {
  kSubgroupShuffle = 1u << 0,
  kTexelBuffer = 1u << 1,
  kCpuCode = 1u << 2,            ///< C++ written by hand: engine/hal/cpu/cores
  kCooperativeMatrix = 1u << 3,  ///< of f16 numbers with f32 sums: see MatrixSize
  /// Kernels that do the work of several: products that multiply by the derivative of an activation
  /// (SumOperand::kDerivative), losses that sum rows and compute the gradient. Not on the CPU
  /// device, where passes of their own are faster, nor in browsers, to keep the page small.
  kFusedKernels = 1u << 4,
};

/// A specialization constant that has only one value in some form of a kernel.
struct FixedConstant {
  int id = -1;  ///< -1: there is none
  uint32_t value = 0;
};

/// One compiled shader, generated from a `.comp` file: static, immutable data. Binding `i` of the
/// shader is `bindings[i]`; params are `params_bytes` of 4-byte scalars; specialization constants
/// have ids 0 … constant_count-1 and are 32 bits each.
struct Kernel {
  std::string_view name;
  std::span<const uint32_t> spirv;  ///< empty in builds without Vulkan
  std::string_view wgsl;            ///< empty for shaders/vulkan_only and in builds without WebGPU
  std::span<const Access> bindings;
  uint32_t params_bytes = 0;
  uint32_t constant_count = 0;
  std::string_view constant_types;  ///< one letter per constant: u uint, i int, f float
  std::array<uint32_t, 3> group_size = {1, 1, 1};
  uint32_t shared_bytes = 0;
  uint32_t features = 0;  ///< a set of Feature bits
  /// The same kernel with texel buffers for its vec4 inputs; null if there is none.
  const Kernel* texels = nullptr;
  /// The same kernel as C++, for each of the build's instruction sets: see cpu/instruction_set.h.
  /// Empty if it has barriers or is in shaders/vulkan_only, and in builds without the CPU device.
  std::span<const CpuForm> cpu;
  FixedConstant cpu_fixed = {};  ///< in the C++ form, which has no barriers only with this
};

}  // namespace pumice::hal
