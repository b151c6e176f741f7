#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/require.h"

namespace pumice::fuzz {

/// A check that stays in optimized builds: ends the program, so that libFuzzer keeps the input.
inline void expect(bool condition) {
  if (!condition) __builtin_trap();
}

/// Reads something from a stranger: either it succeeds, or it throws an Error with a text. Anything
/// else is a finding.
template <typename Read>
void read_or_refuse(Read read) {
  try {
    read();
  } catch (const Error& error) {
    expect(*error.what() != '\0');
  }
}

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes the first byte of the input, which selects what is read; 0 without one.
inline uint8_t take_byte(const uint8_t*& data, size_t& size) {
  if (size == 0) return 0;
  --size;
  return *data++;
}

/// Reads one input, as LLVMFuzzerTestOneInput does.
using Target = void (*)(const uint8_t* data, size_t size);

struct NamedTarget {
  std::string name;
  Target run;
};

/// The targets that this program links: one in a fuzzer, all that fit in the tests.
std::vector<NamedTarget>& targets();
bool add_target(const char* name, Target run);

/// A file in memory with the path of a real one.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  /// Replaces its content.
  const std::string& with(std::string_view content);

 private:
  int descriptor_;
  std::string path_;
};

/// Makes a link to the file, for what reads a folder. Returns whether it could.
bool link_to(MemoryFile& file, const std::string& path);

}  // namespace pumice::fuzz

/// Defines what reads an input: `FUZZ_TARGET(idx) { … data, size … }`.
#define FUZZ_TARGET(name)                                    \
  static void fuzz_##name(const uint8_t* data, size_t size); \
  [[maybe_unused]] static const bool is_##name##_added =     \
      pumice::fuzz::add_target(#name, fuzz_##name);          \
  static void fuzz_##name(const uint8_t* data, size_t size)
