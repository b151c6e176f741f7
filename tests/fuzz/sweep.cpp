// Sweeps and studies: TOML.
#include "native/sweeps/sweep.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace pumice;
  fuzz::read_or_refuse([&] { parse_sweep(fuzz::text_of(data, size), "sweep.toml"); });
  return 0;
}
