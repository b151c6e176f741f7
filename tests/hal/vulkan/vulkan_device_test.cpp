#include "engine/hal/vulkan/vulkan_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/base/divide_up.h"
#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/network.h"
#include "engine/optim/optimizer.h"
#include "kernels/test_flat_id.h"
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

/// The parameters after some steps of a network with all kinds of dispatches.
std::vector<float> train_network(hal::Device& device) {
  nn::Parameters parameters;
  nn::Network network(
      parameters, "network", {20, 20, 3},
      {nn::Conv2d{.out = 8, .kernel = 3, .activation = "relu"}, nn::BatchNorm{},
       nn::MaxPool2d{.size = 2}, nn::ConvTranspose2d{.out = 4, .kernel = 4, .stride = 2},
       nn::Reshape{.shape = {20, 80}}, nn::Lstm{.out = 24}, nn::LayerNorm{},
       nn::Linear{.out = 10}});
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 1);
  optim::Optimizer adam(device, parameters, {.learning_rate = 1e-2});
  StepState step_state(device, "step_state");
  step_state.set(0, 1);
  Graph graph(device.limits());
  Tensor now = step_state.tensor(graph);
  Tensor loss = ops::mean(ops::square(network(ops::uniform(now, {16, 20, 20, 3}, -1, 1))));
  adam.step(loss, now);
  step_state.advance(graph);
  Step step(device, graph, "step", {loss});
  for (int i = 0; i < 4; ++i) step.run();
  const std::vector<std::byte> bytes = device.read(*parameters.buffer())->take();
  return to_floats(bytes, bytes.size() / sizeof(float));
}

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

DRIVER_TEST(VulkanDevice, computes_the_same_in_host_visible_memory) {
  auto other = create_device({.device = device.limits().device_name, .host_memory = true});
  EXPECT_TRUE(other->limits().prefers.host_memory);
  EXPECT_FALSE(device.limits().prefers.host_memory);
  // Drivers for CPUs have only the host's memory.
  EXPECT_FALSE(hal::vulkan::has_other_host_memory(*other));
  EXPECT_EQ(train_network(*other), train_network(device));
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

std::unique_ptr<hal::Device> open_impatient(const hal::Device& device) {
  return create_device({.device = device.limits().device_name, .seconds_per_submit = 1e-5});
}

// As a display driver would kill the program otherwise.
DRIVER_TEST(VulkanDevice, divides_dispatches_that_take_long) {
  const auto impatient = open_impatient(device);
  const uint32_t count = 4 * (device.limits().max_groups + 7);
  hal::BufferPtr y = impatient->allocate(count * 4, "y");
  hal::Plan plan = {.name = "grid", .buffers = {y}};
  plan.dispatches = {{.kernel = &kernels::test_flat_id,
                      .bindings = {{0, 0, y->bytes()}},
                      .params = pack(kernels::TestFlatIdParams{.count = count}),
                      .grid = {divide_up(count / 4, 9u), 9, 1}}};
  auto program = impatient->compile(plan);
  const std::vector<float> zeros(count, 0);
  for (int run = 0; run < 3; ++run) {  // the first one measures
    upload(*impatient, y, zeros);
    impatient->run(*program);
    const std::vector<uint32_t> ids = download<uint32_t>(*impatient, y, count);
    for (uint32_t i = 0; i < count; ++i) ASSERT_EQ(ids[i], i) << "run " << run;
  }
}

DRIVER_TEST(VulkanDevice, computes_the_same_bytes_in_pieces) {
  const auto impatient = open_impatient(device);
  const std::vector<float> whole = train_network(device);
  EXPECT_TRUE(std::ranges::all_of(whole, [](float value) { return std::isfinite(value); }));
  EXPECT_EQ(train_network(*impatient), whole);
}

}  // namespace
}  // namespace pumice::test
