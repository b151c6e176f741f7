#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::test {

/// The devices of this machine by the names used in tests: "cpu" (engine/hal/cpu), "lavapipe",
/// "swiftshader", or the device's own name ("nvidia_h200"). PUMICE_TEST_DEVICES="cpu,lavapipe"
/// restricts them.
const std::vector<std::string>& device_names();

/// The device of that name or "null", opened on first use and once for all tests, with validation
/// on: messages of the validation layer fail the test that runs. Throws Error where the layer is
/// missing, unless PUMICE_ALLOW_NO_VALIDATION=1. PUMICE_TEST_SUBMIT_SECONDS=1e-6 divides all
/// dispatches: see vulkan::Options::seconds_per_submit.
hal::Device& device(std::string_view name);

/// The first of device_names(), which is the fastest: for what does not depend on the device.
hal::Device& any_device();

/// Returns the validation messages of the running test, which then no longer fail it.
std::vector<std::string> take_validation_messages();

using DeviceTestBody = std::function<void(hal::Device&)>;
/// The devices on which a test runs.
enum class On : uint8_t { kEvery, kEveryAndNull, kEveryDriver };

/// Adds the tests `lavapipe/Suite.name`, `swiftshader/Suite.name` … Call it before main(); the
/// macros below do.
bool add_device_test(std::string_view suite, std::string_view name, const char* file, int line,
                     DeviceTestBody body, On on = On::kEvery);

}  // namespace pumice::test

/// A test that runs on every device present; its body sees `hal::Device& device`:
///   DEVICE_TEST(Matmul, takes_odd_sizes) { EXPECT_EQ(run(device, ...), ...); }
#define DEVICE_TEST(suite, name) PUMICE_DEVICE_TEST(suite, name, kEvery)

/// The same with the null device, which computes nothing.
#define DEVICE_TEST_WITH_NULL(suite, name) PUMICE_DEVICE_TEST(suite, name, kEveryAndNull)

/// For tests of backends with drivers and of kernels with barriers: not on the CPU device.
#define DRIVER_TEST(suite, name) PUMICE_DEVICE_TEST(suite, name, kEveryDriver)

#define PUMICE_DEVICE_TEST(suite, name, on)                                                  \
  static void suite##_##name(pumice::hal::Device& device);                                   \
  [[maybe_unused]] static const bool suite##_##name##_added = pumice::test::add_device_test( \
      #suite, #name, __FILE__, __LINE__, suite##_##name, pumice::test::On::on);              \
  static void suite##_##name([[maybe_unused]] pumice::hal::Device& device)
