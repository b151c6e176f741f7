#include <gtest/gtest.h>

#include "tests/support/devices.h"
#include "tests/web/browser_case.h"

// The same checkpoint and latents natively and in headless Chromium on WebGPU.
namespace pumice {
namespace {

DEVICE_TEST(Web, decodes_as_here) {
  constexpr uint32_t kCount = 5;
  if (!std::filesystem::exists(test::kSite / "e2e/decode.wasm")) {
    GTEST_SKIP() << "no web build in " << test::kSite;
  }
  test::BrowserCase browser(device);
  std::vector<float> latents = nn::normal_latents(1, 0, kCount, 3);
  test::write_floats(browser.file("latents.f32"), latents);
  browser.write_pictures("pictures.f32", latents);
  std::ofstream(browser.file("count")) << kCount;
  EXPECT_EQ(browser.run("decode_check.mjs"), 0);
}

}  // namespace
}  // namespace pumice
