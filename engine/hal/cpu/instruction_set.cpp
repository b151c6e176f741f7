#include "engine/hal/cpu/instruction_set.h"

#include <string>

#include "engine/base/require.h"

namespace pumice::hal::cpu {
namespace {

#if defined(__x86_64__)

// The levels of the x86-64 psABI, by the features that tell them apart. A build may lack some.
[[maybe_unused]] bool has_v2() {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
}

[[maybe_unused]] bool has_v3() {
  return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

[[maybe_unused]] bool has_v4() {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

#endif

}  // namespace

std::span<const InstructionSet> instruction_sets() {
#if defined(__x86_64__)
#define PUMICE_LEVEL(level) \
  { "x86-64-" #level, has_##level() }
  static const InstructionSet sets[] = {PUMICE_CPU_LEVELS};
#undef PUMICE_LEVEL
#elif defined(__wasm__)
  static const InstructionSet sets[] = {{"wasm", true}};
#elif defined(__aarch64__)
  static const InstructionSet sets[] = {{"arm64", true}};
#else
  static const InstructionSet sets[] = {{"generic", true}};
#endif
  return sets;
}

size_t choose_instruction_set(std::string_view name) {
  const std::span<const InstructionSet> sets = instruction_sets();
  std::string names;
  for (size_t i = sets.size(); i-- > 0;) {
    if (!sets[i].is_supported) continue;
    if (name.empty() || name == sets[i].name) return i;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", sets[i].name);
  }
  require(!names.empty(), "this processor lacks the instructions of {}", sets[0].name);
  fail("expected an instruction set of this processor and this build ({}), got '{}'", names, name);
}

}  // namespace pumice::hal::cpu
