// Sweeps and studies: TOML.
#include "native/sweeps/sweep.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(sweep) {
  using namespace pumice;
  fuzz::read_or_refuse([&] { parse_sweep(fuzz::text_of(data, size), "sweep.toml"); });
}
