#include <gtest/gtest.h>

#include "engine/models/gan/gan_model.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/reshape.h"
#include "tests/support/devices.h"
#include "tests/web/browser_case.h"

// Decodes the same latents natively and in headless Chromium on WebGPU.
namespace pumice {
namespace {

void expect_the_same(test::BrowserCase& browser) {
  constexpr uint32_t kCount = 5;
  std::vector<float> latents = models::normal_latents(1, 0, kCount, 3);
  test::write_floats(browser.file("latents.f32"), latents);
  browser.write_images("images.f32", latents);
  std::ofstream(browser.file("count")) << kCount;
  EXPECT_EQ(browser.run("decode_check.mjs"), 0);
}

bool has_program() { return std::filesystem::exists(test::kSite / "e2e/decode.wasm"); }

DEVICE_TEST(Web, decodes_as_natively) {
  if (!has_program()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(device);
  expect_the_same(browser);
}

const models::GanDescription kGan{
    .image = {8, 8, 1},
    .latent_size = 3,
    .generator = {nn::Linear{.out = 48, .activation = "leaky_relu"},
                  nn::Reshape{.shape = {4, 4, 3}},
                  nn::ConvTranspose2d{.out = 5, .kernel = 4, .stride = 2},
                  nn::LayerNorm{.activation = "relu"},
                  nn::Conv2d{.out = 1, .kernel = 3, .activation = "tanh"}},
    .discriminator = {nn::Linear{.out = 1}}};

DEVICE_TEST(Web, draws_with_gans_as_natively) {
  if (!has_program()) GTEST_SKIP() << "no web build in " << test::kSite;
  test::BrowserCase browser(device, kGan);
  expect_the_same(browser);
}

}  // namespace
}  // namespace pumice
