#pragma once

#include <variant>

#include "engine/hal/tuning.h"
#include "engine/ops/conv_gemm.h"

/// The choice of cores for products and convolutions: what can be chosen, and what was measured.
/// tune.h measures.
namespace pumice::ops {

/// The gradient of a convolution's weight.
struct ConvWeights {
  ConvShape conv;  ///< with channels in multiples of four, as for the convolution
};

/// Something that several cores can compute, in the precision of the device's limits.
using Problem = std::variant<GemmShape, ConvShape, ConvWeights>;

/// A core, and into how many parts it splits the terms of each sum.
struct CoreChoice {
  GemmCore core = GemmCore::kTile;
  uint32_t parts = 1;
  bool operator==(const CoreChoice&) const = default;
};

/// What a device with these limits computes products in: f32 where it lacks the precision asked
/// for.
hal::Precision precision_on(const hal::Limits& limits);

/// "matmul 128x512x784 nt", "conv 128x32x32x4 k4x4 s2 p1x1 128x16x16x64 mixed"; the same in all
/// versions.
std::string key_of(const Problem& problem, hal::Precision precision = hal::Precision::kF32);

/// The number of multiplications.
double cost_of(const Problem& problem);

/// What the fixed rule chooses.
CoreChoice rule_for(const Problem& problem, const hal::Limits& limits);

/// All that is worth measuring on a device with these limits; the rule's choice comes first. A new
/// core is a row of the list in tuned.cpp. All candidates compute in the same precision, and none
/// has failed the device's self-test.
std::vector<CoreChoice> candidates(const Problem& problem, const hal::Limits& limits);

#ifdef PUMICE_INFERENCE_ONLY
/// A program that never trains, such as the page, is linked without all this: see graph/gradient.h.
inline std::optional<CoreChoice> tuned_choice(const Problem& /*problem*/,
                                              const hal::Limits& /*limits*/) {
  return std::nullopt;
}
#else
/// The choice in `limits.tuning`; absent if there is no table, a core is forced (see ForcedCore),
/// or the table has none of the candidates for it. Records in the table what it lacks.
std::optional<CoreChoice> tuned_choice(const Problem& problem, const hal::Limits& limits);
#endif

/// As tables hold it.
hal::KernelChoice kernel_choice(const CoreChoice& choice);

/// The kernels of all cores: when they change, what was measured is no longer valid.
std::vector<const hal::Kernel*> tuned_kernels();

}  // namespace pumice::ops
