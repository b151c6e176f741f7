#include <gtest/gtest.h>

#include "tests/support/devices.h"
#include "tests/web/browser_case.h"

// The page in headless Chromium: see web/e2e/page_check.mjs for what is done there.
namespace pumice {
namespace {

DEVICE_TEST(Web, page_shows_the_same_pictures) {
  if (!std::filesystem::exists(test::kSite / "pumice.wasm")) {
    GTEST_SKIP() << "no web build in " << test::kSite;
  }
  test::BrowserCase browser(device);
  browser.write_pictures("seed1.f32", nn::normal_latents(1, 0, 64, 3));
  browser.write_pictures("seed2.f32", nn::normal_latents(2, 0, 64, 3));
  browser.write_pictures("explored.f32", std::vector<float>{0.5f, -1, 2});
  std::ofstream(browser.file("index.json")) << R"([{"name": "tiny", "file": "tiny.safetensors"}])";
  EXPECT_EQ(browser.run("page_check.mjs", "'" PUMICE_BINARY_DIR "/screenshots'"), 0);
}

}  // namespace
}  // namespace pumice
