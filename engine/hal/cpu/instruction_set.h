#pragma once

#include <span>
#include <string_view>

namespace pumice::hal::cpu {

/// A set of instructions that the C++ form of the kernels was compiled for.
struct InstructionSet {
  std::string_view name;  ///< "x86-64-v3", "arm64", "wasm"
  bool is_supported = false;
};

/// The sets of this build, in the order of Kernel::cpu, and whether this processor has them. Later
/// ones are faster.
std::span<const InstructionSet> instruction_sets();

/// The index of the best set that this processor has; with a name, of that set. Throws Error if
/// there is none, or if the processor does not have it.
size_t choose_instruction_set(std::string_view name = {});

}  // namespace pumice::hal::cpu
