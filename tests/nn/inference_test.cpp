#include "engine/nn/vae_inference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::nn {
namespace {

const VaeDescription kNetwork{.picture = {3, 2, 1},
                              .latent_size = 2,
                              .encoder = {{.type = "linear", .out = 4}},
                              .decoder = {{.type = "linear", .out = 6}}};

/// y = W·x + b of the network's only layer.
std::vector<double> layer(const Parameters& parameters, const std::vector<std::byte>& flat,
                          uint32_t weight, std::span<const float> x) {
  std::vector<float> w(parameters.list()[weight].shape.size());
  std::vector<float> b(parameters.list()[weight + 1].shape.size());
  std::memcpy(w.data(), flat.data() + parameters.list()[weight].byte_offset, w.size() * 4);
  std::memcpy(b.data(), flat.data() + parameters.list()[weight + 1].byte_offset, b.size() * 4);
  std::vector<double> y(b.begin(), b.end());
  for (size_t i = 0; i < w.size(); ++i) y[i / x.size()] += double(w[i]) * x[i % x.size()];
  return y;
}

DEVICE_TEST(VaeInference, RunsBatchByBatch) {
  Parameters parameters;
  Vae vae(parameters, kNetwork);
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 3);
  std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  VaeInference inference(device, vae, 4);
  const std::vector<float> latents{1, 2, -1, 0, 0.5, 0.25, 3, -3, 0, 0};  // five, of two
  std::vector<float> pictures = inference.decode(latents);
  ASSERT_EQ(pictures.size(), 5u * 6);
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> logits = layer(parameters, flat, 2, std::span(latents).subspan(2 * i, 2));
    for (size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(pictures[6 * i + j], 1 / (1 + std::exp(-logits[j])), 1e-5) << i << " " << j;
    }
  }
  std::vector<float> moments = inference.encode(pictures);
  ASSERT_EQ(moments.size(), 5u * 4);
  std::vector<float> means;
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> y = layer(parameters, flat, 0, std::span(pictures).subspan(6 * i, 6));
    for (size_t j = 0; j < 4; ++j) EXPECT_NEAR(moments[4 * i + j], y[j], 1e-5) << i << " " << j;
    means.insert(means.end(), {moments[4 * i], moments[4 * i + 1]});
  }
  EXPECT_EQ(inference.reconstruct(pictures), inference.decode(means));
}

DEVICE_TEST(VaeInference, RefusesPartsOfRows) {
  Parameters parameters;
  Vae vae(parameters, kNetwork);
  parameters.allocate(device, "parameters");
  VaeInference inference(device, vae, 4);
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(3)); }),
            "decode: expects rows of 2 values, got 3 values");
  EXPECT_EQ(test::error_of([&] { inference.start_decode(std::vector<float>(10)); }),
            "decode: expects 1 … 4 rows of 2 values, got 10 values");
}

}  // namespace
}  // namespace pumice::nn
