#include "engine/hal/cpu/cores/cores.h"

#include "kernels/conv_registers.h"
#include "kernels/conv_weights_registers.h"
#include "kernels/matmul_registers.h"

// PUMICE_CPU_SETS is PUMICE_SET(set) for each instruction set of the build, in the order of
// Kernel::cpu.
#define PUMICE_SET(set)                                                              \
  namespace set {                                                                    \
  void matmul_panels(const hal::CpuCall& call, uint32_t first, uint32_t last);       \
  void conv_panels(const hal::CpuCall& call, uint32_t first, uint32_t last);         \
  void conv_weights_panels(const hal::CpuCall& call, uint32_t first, uint32_t last); \
  }

namespace pumice::kernels {

#ifdef PUMICE_CPU_SETS
PUMICE_CPU_SETS
#endif
#undef PUMICE_SET

namespace {

using enum hal::Access;

constexpr hal::Access kProduct[] = {kRead, kRead, kRead, kWrite};
constexpr hal::Access kWeights[] = {kRead, kRead, kWrite};
constexpr auto kFeatures = static_cast<uint32_t>(hal::Feature::kCpuCode);

#ifdef PUMICE_CPU_SETS
#define PUMICE_SET(set) set::matmul_panels,
constexpr hal::CpuForm kMatmulForms[] = {PUMICE_CPU_SETS};
#undef PUMICE_SET
#define PUMICE_SET(set) set::conv_panels,
constexpr hal::CpuForm kConvForms[] = {PUMICE_CPU_SETS};
#undef PUMICE_SET
#define PUMICE_SET(set) set::conv_weights_panels,
constexpr hal::CpuForm kWeightsForms[] = {PUMICE_CPU_SETS};
#undef PUMICE_SET
#else
constexpr std::span<const hal::CpuForm> kMatmulForms, kConvForms, kWeightsForms;
#endif

}  // namespace

constinit const hal::Kernel matmul_panels = {
    .name = "matmul_panels",
    .bindings = kProduct,
    .params_bytes = sizeof(MatmulRegistersParams),
    .constant_count = sizeof(MatmulRegistersConstants) / sizeof(uint32_t),
    .constant_types = "uuuu",
    .features = kFeatures,
    .cpu = kMatmulForms,
};

constinit const hal::Kernel conv_panels = {
    .name = "conv_panels",
    .bindings = kProduct,
    .params_bytes = sizeof(ConvRegistersParams),
    .constant_count = sizeof(ConvRegistersConstants) / sizeof(uint32_t),
    .constant_types = "uuuu",
    .features = kFeatures,
    .cpu = kConvForms,
};

constinit const hal::Kernel conv_weights_panels = {
    .name = "conv_weights_panels",
    .bindings = kWeights,
    .params_bytes = sizeof(ConvWeightsRegistersParams),
    .features = kFeatures,
    .cpu = kWeightsForms,
};

}  // namespace pumice::kernels
