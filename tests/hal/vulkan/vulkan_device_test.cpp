#include "engine/hal/vulkan/vulkan_device.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/hal/plans.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/transfer.h"
#include "tests/support/variable.h"

namespace pumice::test {
namespace {

using hal::DeviceInfo;
using hal::vulkan::create_device;

std::unique_ptr<hal::Device> open_again(const hal::Device& device, std::filesystem::path cache) {
  return create_device({.device = device.limits().device_name, .cache_folder = std::move(cache)});
}

TEST(VulkanDevice, IsListedWithItsLimits) {
  uint32_t index = 0;
  for (const DeviceInfo& info : hal::vulkan::list_devices()) {
    EXPECT_EQ(info.index, index++);
    EXPECT_FALSE(info.limits.device_name.empty());
    EXPECT_TRUE(contains(info.limits.api, "Vulkan 1."));
    if (!info.usable()) continue;
    EXPECT_FALSE(info.limits.driver.empty());
    EXPECT_GT(info.limits.memory_bytes, 0u);
    EXPECT_GE(info.limits.max_binding_bytes, 128u << 20);
    EXPECT_GE(info.limits.max_bindings, 4u);
    EXPECT_GE(info.limits.max_params_bytes, 64u);
    EXPECT_GE(info.limits.max_groups, 65535u);
    EXPECT_EQ(info.limits.buffer_offset_alignment % 16, 0u);
  }
}

TEST(VulkanDevice, NeedsADriver) {
  Variable drivers("VK_DRIVER_FILES", "/nowhere.json");
  Variable older_name("VK_ICD_FILENAMES", "/nowhere.json");
  Variable more("VK_ADD_DRIVER_FILES", "");
  EXPECT_TRUE(contains(error_of([] { create_device(); }), "no Vulkan driver on this machine"));
  EXPECT_TRUE(contains(error_of([] { hal::vulkan::list_devices(); }), "no Vulkan driver"));
}

TEST(VulkanDevice, SaysWhenNoneFits) {
  EXPECT_TRUE(contains(error_of([] { create_device({.device = "abacus"}); }),
                       "no usable device matches 'abacus': 0 '"));
}

TEST(VulkanDevice, NeedsTheLayerToValidate) {
  Variable layers("VK_LAYER_PATH", "/nowhere");
  EXPECT_TRUE(contains(error_of([] { create_device({.validation = true}); }),
                       "VK_LAYER_KHRONOS_validation is not installed"));
}

// A kernel that declares the wrong params, which validate() cannot detect.
DRIVER_TEST(VulkanDevice, passes_validation_messages_to_the_test) {
  if (std::getenv("PUMICE_ALLOW_NO_VALIDATION") != nullptr) GTEST_SKIP() << "no validation layer";
  hal::Kernel liar = kernels::test_increment;
  liar.params_bytes = 0;
  hal::Plan plan = increment_plan(device.allocate(64, "x"), 16);
  plan.dispatches[0].kernel = &liar;
  plan.dispatches[0].params.clear();
  hal::vulkan::Options options = {.device = device.limits().device_name, .validation = true};
  std::vector<std::string> messages;
  options.on_message = [&](std::string_view message) { messages.emplace_back(message); };
  auto other = create_device(options);
  plan.buffers = {other->allocate(64, "x")};
  other->compile(plan);
  ASSERT_FALSE(messages.empty());
  EXPECT_TRUE(contains(messages[0], "VUID-"));
  EXPECT_TRUE(take_validation_messages().empty());  // for this test's own device
}

DRIVER_TEST(VulkanDevice, refuses_what_another_device_made) {
  auto other = open_again(device, {});
  hal::BufferPtr foreign = other->allocate(64, "foreign");
  EXPECT_EQ(error_of([&] { device.write(*foreign, {}); }),
            "write: buffer 'foreign' belongs to another device");
  EXPECT_EQ(error_of([&] { device.read(*foreign); }),
            "read: buffer 'foreign' belongs to another device");
  EXPECT_EQ(error_of([&] { device.compile(increment_plan(foreign, 16)); }),
            "compile: buffer 'foreign' belongs to another device");
  auto program = other->compile(increment_plan(foreign, 16));
  EXPECT_EQ(error_of([&] { device.run(*program); }), "run: the program belongs to another device");
}

DRIVER_TEST(VulkanDevice, may_go_before_what_it_made) {
  auto other = open_again(device, {});
  hal::BufferPtr x = upload(*other, std::vector<uint32_t>(16, 1), "x");
  auto program = other->compile(increment_plan(x, 16));
  other->run(*program);
  auto readback = other->read(*x);
  other->run(*program);
  upload(*other, x, std::vector<uint32_t>(16, 5));
  other.reset();
  EXPECT_EQ(values_of<uint32_t>(readback->take()), std::vector<uint32_t>(16, 2));
}

DRIVER_TEST(VulkanDevice, keeps_pipelines_in_a_file) {
  TemporaryFolder folder;
  auto files = [&] {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "pipelines")) {
      found.push_back(entry.path());
    }
    return found;
  };
  auto compile = [&] {
    auto other = open_again(device, folder.path() / "pipelines");
    other->compile(increment_plan(other->allocate(64, "x"), 16));
  };
  compile();
  ASSERT_EQ(files().size(), 1u);
  auto bytes = std::filesystem::file_size(files()[0]);
  EXPECT_GT(bytes, 0u);
  compile();
  std::ofstream(files()[0]) << "no pipelines";
  compile();
  ASSERT_EQ(files().size(), 1u);
  // The size of the same pipelines varies by a byte with NVIDIA's driver.
  EXPECT_GT(std::filesystem::file_size(files()[0]), bytes / 2);
}

DRIVER_TEST(VulkanDevice, works_without_a_place_for_pipelines) {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "in the way";
  auto other = open_again(device, folder.path() / "file" / "pipelines");
  other->compile(increment_plan(other->allocate(64, "x"), 16));
}

DRIVER_TEST(VulkanDevice, cuts_programs_where_options_say) {
  auto other = create_device({.device = device.limits().device_name,
                              .dispatches_per_submit = 3,
                              .max_pending_submits = 1});
  hal::BufferPtr x = other->allocate(64, "x");
  auto program = other->compile(increment_plan(x, 16, 10));
  for (int i = 0; i < 10; ++i) other->run(*program);
  EXPECT_EQ(download<uint32_t>(*other, x, 16), std::vector<uint32_t>(16, 100));
}

}  // namespace
}  // namespace pumice::test
