#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "tests/support/limits.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

// The null device has WebGPU's limits and refuses plans that break its rules.
TEST(Plans, OfEveryOpAreValidOnWebGpu) {
  auto device = hal::null::create_device();
  compile_op_tests(*device);
}

// CPU drivers and GPUs get different kernels.
TEST(Plans, OfEveryOpAreValidOnCpusAndGpus) {
  for (hal::DeviceType type : {hal::DeviceType::kCpu, hal::DeviceType::kDiscreteGpu}) {
    hal::Limits limits = limits_of(type, 8);
    limits.max_texel_elements = 1u << 16;
    auto device = hal::null::create_device(limits);
    compile_op_tests(*device);
  }
}

}  // namespace
}  // namespace pumice::test
