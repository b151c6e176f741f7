#include "tests/support/devices.h"

#include <emscripten.h>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/webgpu/webgpu_device.h"
#include "tests/support/device_tests.h"

// The devices of tests in a browser; replaces tests/support/devices.cpp.
namespace pumice::test {
namespace {

std::unique_ptr<hal::Device>& place(std::string_view name) {
  static std::unique_ptr<hal::Device> webgpu, cpu, null;
  if (name == "null") return null;
  return name == "cpu" ? cpu : webgpu;
}

std::unique_ptr<hal::Device> open(std::string_view name) {
  if (name == "null") return hal::null::create_device();
  if (name == "cpu") return hal::cpu::create_device();
  // Built with -sJSPI: the program is suspended while the browser works.
  return hal::webgpu::create_device({.wait = [] { emscripten_sleep(0); }});
}

}  // namespace

const std::vector<std::string>& device_names() {
  static const std::vector<std::string> names = {"cpu", "webgpu"};
  return names;
}

hal::Device& device(std::string_view name) {
  if (!place(name)) place(name) = open(name);
  return *place(name);
}

void close_devices() {
  place("null").reset();
  place("cpu").reset();
  place("webgpu").reset();
}

std::vector<std::string> take_validation_messages() { return {}; }

}  // namespace pumice::test
