#include "engine/hal/webgpu/browser.h"

#include "engine/hal/device.h"

namespace pumice::hal::webgpu {

void check_device() {
  char text[1024];
  int problem = pumice_gpu_problem(text, sizeof text);
  if (problem == 2) throw DeviceLost(fmt::format("webgpu: the device was lost: {}", text));
  if (problem == 3) throw OutOfMemory(fmt::format("webgpu: out of memory: {}", text));
  if (problem == 1) fail("webgpu: {}", text);
}

}  // namespace pumice::hal::webgpu
