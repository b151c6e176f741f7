#include <emscripten.h>
#include <gtest/gtest.h>

#include "tests/support/devices.h"
#include "tests/support/errors.h"

// Errors that the browser reports late, in an event of the device.
EM_JS(void, report_out_of_memory, (), {
  const error = new GPUOutOfMemoryError("no room for a buffer");
  Module["gpuDevice"].dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", {error}));
})
EM_JS(void, report_mistake, (), {
  const error = new GPUValidationError("a binding is missing");
  Module["gpuDevice"].dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", {error}));
})

namespace pumice::test {
namespace {

DRIVER_TEST(WebGpuErrors, arrive_with_their_types) {
  report_out_of_memory();
  EXPECT_THROW(device.allocate(16, "first"), hal::OutOfMemory);
  report_out_of_memory();
  EXPECT_EQ(error_of([&] { device.allocate(16, "second"); }),
            "webgpu: out of memory: no room for a buffer");
  report_mistake();
  EXPECT_EQ(error_of([&] { device.allocate(16, "third"); }), "webgpu: a binding is missing");
  EXPECT_NO_THROW(device.allocate(16, "fourth"));
}

}  // namespace
}  // namespace pumice::test
