#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/transfer.h"
#include "tests/web/browser_case.h"

// The random numbers of a seed, natively and in headless Chromium, by the device and by the host.
namespace pumice {
namespace {

constexpr uint32_t kSeed = 20261;
constexpr uint32_t kStep = 77;
constexpr uint32_t kCount = 4099;

void write(const test::BrowserCase& browser, const std::string& name,
           std::vector<std::byte> bytes) {
  std::ofstream(browser.file(name), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), 4 * kCount);
}

DEVICE_TEST(Web, draws_the_same_random_numbers) {
  if (!std::filesystem::exists(test::kSite / "e2e/decode.wasm")) {
    GTEST_SKIP() << "no web build in " << test::kSite;
  }
  test::BrowserCase browser(device);
  Graph graph(device.limits());
  hal::BufferPtr memory = test::upload<uint32_t>(device, {kStep, kSeed, 0, 0}, "step_state");
  Tensor step_state = graph.external(memory, {4}, DType::kU32);
  Tensor bits = ops::random_bits(step_state, {kCount});
  Tensor normals = ops::normal(step_state, {kCount});
  Step step(device, graph, "draw", {bits, normals});
  step.run();
  write(browser, "bits.u32", step.read(bits)->take());
  write(browser, "normals.f32", step.read(normals)->take());
  test::write_floats(browser.file("latents.f32"), models::normal_latents(kSeed, 0, 1, kCount));
  std::ofstream(browser.file("draw.json"))
      << fmt::format(R"({{"seed": {}, "step": {}, "count": {}}})", kSeed, kStep, kCount);
  EXPECT_EQ(browser.run("random_check.mjs"), 0);
}

}  // namespace
}  // namespace pumice
