#include "engine/hal/cpu/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include <array>
#include <cstring>

namespace pumice::hal::cpu {
namespace {

#if defined(__x86_64__)
std::string trimmed(std::string text) {
  const size_t end = text.find_last_not_of(' ');
  const size_t begin = text.find_first_not_of(' ');
  return begin == text.npos ? "" : text.substr(begin, end - begin + 1);
}
#endif

/// The brand string: 48 bytes in the registers of three calls.
std::string brand() {
#if defined(__x86_64__)
  constexpr unsigned kFirst = 0x80000002, kCalls = 3;
  std::array<unsigned, 4 * kCalls + 1> words = {};
  for (unsigned i = 0; i < kCalls; ++i) {
    unsigned* to = words.data() + 4 * i;
    if (__get_cpuid(kFirst + i, &to[0], &to[1], &to[2], &to[3]) == 0) return "";
  }
  return trimmed(reinterpret_cast<const char*>(words.data()));
#elif defined(__wasm__)
  return "WebAssembly";
#else
  return "";
#endif
}

}  // namespace

std::string processor_name() {
  const std::string name = brand();
  return name.empty() ? "CPU" : name;
}

uint64_t memory_bytes() {
#if defined(_SC_PHYS_PAGES) && !defined(__wasm__)
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page) : 0;
#else
  return 0;
#endif
}

}  // namespace pumice::hal::cpu
