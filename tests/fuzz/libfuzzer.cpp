// What libFuzzer calls.
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  pumice::fuzz::targets().front().run(data, size);
  return 0;
}
