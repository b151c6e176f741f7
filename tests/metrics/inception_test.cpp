#include <gtest/gtest.h>

#include <algorithm>

#include "engine/metrics/inception_extractor.h"
#include "engine/metrics/resize.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using test::error_of;

std::vector<float> zeros(const std::string&, const Shape& shape) {
  return std::vector<float>(shape.size());
}

TEST(Inception, RoundsImagesToEightBits) {
  std::vector<float> image(299 * 299);
  image[0] = -0.5f;
  image[1] = 0.5f;  // 127.5
  image[2] = 0.5009f;
  image[3] = 2;
  const std::vector<float> seen = inception_images(image, {299, 299, 1});
  ASSERT_EQ(seen.size(), 299 * 299 * 3);
  const std::vector<float> expected = {-1, 128 / 127.5f - 1, 128 / 127.5f - 1, 1, -1};
  for (size_t i = 0; i < expected.size(); ++i) {
    for (size_t channel = 0; channel < 3; ++channel) {
      EXPECT_FLOAT_EQ(seen[3 * i + channel], expected[i]) << "pixel " << i;
    }
  }
}

TEST(Inception, ClampsPixelsToBlackAndWhite) {
  const std::vector<float> image = {0, 0, 1, 1, 0, 1};  // the cubic overshoots
  const std::vector<float> seen = inception_images(image, {3, 2, 1});
  EXPECT_EQ(*std::min_element(seen.begin(), seen.end()), -1);
  EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
}

TEST(Inception, KeepsChannelsAndImagesApart) {
  std::vector<float> images(2 * 4 * 5 * 3);
  for (size_t i = 0; i < images.size(); ++i) images[i] = static_cast<float>(i % 3) / 2;
  for (size_t i = images.size() / 2; i < images.size(); ++i) images[i] = 1 - images[i];
  const std::vector<float> seen = inception_images(images, {4, 5, 3});
  ASSERT_EQ(seen.size(), 2 * 299 * 299 * 3);
  for (size_t i = 0; i < seen.size(); ++i) {
    const float first = std::vector<float>{-1, 128 / 127.5f - 1, 1}[i % 3];
    const float second = std::vector<float>{1, 128 / 127.5f - 1, -1}[i % 3];
    ASSERT_NEAR(seen[i], i < seen.size() / 2 ? first : second, 1e-5) << "element " << i;
  }
}

TEST(Inception, RefusesImagesItCannotTake) {
  const std::vector<float> values(24);
  EXPECT_EQ(error_of([&] {
              inception_images(values, {3, 4, 2});
            }),
            "inception-v3: expects images [height, width, 1 or 3], got [3, 4, 2]");
  EXPECT_EQ(error_of([&] {
              resize_bicubic(values, {5, 1, 1}, 299);
            }),
            "resize: expects images [height, width, channels], got [5, 1, 1] and 24 values");
}

TEST(Inception, GivesFeaturesOfEveryImage) {
  auto extractor =
      inception_v3_extractor(test::device("null"), InceptionVariant::kTorchvision, zeros);
  const uint32_t count = 33;  // more than one batch
  const Features features = extractor->extract(std::vector<float>(count * 4), {2, 2, 1});
  EXPECT_EQ(features.count, count);
  EXPECT_EQ(features.size, 2048u);
  EXPECT_EQ(features.classes, 1000u);
  EXPECT_EQ(features.values.size(), count * 2048);
  EXPECT_EQ(features.probabilities.size(), count * 1000);
  EXPECT_EQ(extractor->name(), "inception-v3 (torchvision's weights, 2048 features)");
  EXPECT_EQ(extractor->extract({}, {2, 2, 1}).count, 0u);
}

TEST(Inception, NeedsLargeImages) {
  hal::Device& device = test::device("null");
  Graph graph(device.limits());
  InceptionWeights weights(device, zeros);
  EXPECT_EQ(
      error_of([&] {
        inception_v3(ops::constant(graph, {1, 75, 74, 3}, 0), InceptionVariant::kFid, weights);
      }),
      "inception-v3: expects images [B, H, W, 3] of at least 75 x 75, got [1, 75, 74, 3]");
}

}  // namespace
}  // namespace pumice::metrics
