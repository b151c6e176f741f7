#include "native/evaluation/latent_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/models/latents.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "native/evaluation/typical_latent.h"
#include "native/training/model_on_device.h"
#include "native/views/images.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "web/state/directions.h"

namespace pumice {
namespace {

constexpr uint32_t kPixels = 4;

/// A VAE with images of 2 × 2 whose encoder is one matrix, and whose decoder is another. `means`:
/// the rows of the encoder's weights that give means, [z, 4]; `decoder`: [4, z].
class LinearVae {
 public:
  LinearVae(uint32_t size, std::vector<float> means, std::span<const float> decoder)
      : size_(size), means_(std::move(means)), model_(device(), description(size)) {
    for (const models::ParameterSet& set : model_.model().parameters()) {
      std::vector<float> flat(set.parameters->flat_bytes() / sizeof(float));
      for (const nn::Parameter& parameter : set.parameters->list()) {
        const auto to =
            flat.begin() + static_cast<ptrdiff_t>(parameter.byte_offset / sizeof(float));
        if (parameter.name == "encoder.0.weight") std::ranges::copy(means_, to);
        if (parameter.name == "decoder.0.weight") std::ranges::copy(decoder, to);
      }
      device().write(*set.parameters->buffer(), std::as_bytes(std::span(flat)));
    }
  }

  models::Inference& inference() { return model_.inference(); }

  /// The mean of one latent number, computed here.
  double mean(const data::ImageSet& images, uint32_t image, uint32_t number) const {
    double sum = 0;
    for (uint32_t i = 0; i < kPixels; ++i) {
      sum += means_[number * kPixels + i] * (images.pixels[image * kPixels + i] / 255.0);
    }
    return sum;
  }

 private:
  static hal::Device& device() { return test::device(test::device_names().front()); }
  static models::Description description(uint32_t size) {
    return models::VaeDescription{.image = {2, 2, 1},
                                  .latent_size = size,
                                  .encoder = {nn::Linear{.out = 2 * size}},
                                  .decoder = {nn::Linear{.out = kPixels}}};
  }

  uint32_t size_;
  std::vector<float> means_;
  ModelOnDevice model_;
};

data::ImageSet images_of(uint32_t count) {
  data::ImageSet images{.count = count, .height = 2, .width = 2};
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t k = 0; k < kPixels; ++k) {
      images.pixels.push_back(static_cast<uint8_t>((i * (29 + 31 * k) + i * i * k) % 256));
    }
    images.labels.push_back(static_cast<data::Label>(i % 3));
  }
  images.class_names = {"a", "b", "c"};
  return images;
}

/// Number 1 does not vary, number 2 changes images most, then 3, then 0.
LinearVae some_vae() {
  return {4,
          {4, 0, 0, 1, 0.01f, 0, 0, 0, 0, 3, -3, 0, 2, 2, 2, -2},
          std::vector<float>{1, 0, 3, 0, 0, 9, 3, 0, 0, 9, 0, 2, 0, 9, 0, 2}};
}

TEST(LatentMap, KeepsTheMeansOfNumbersThatVary) {
  LinearVae vae = some_vae();
  const data::ImageSet images = images_of(60);
  const io::LatentMap map = map_of_images(vae.inference(), images);
  EXPECT_EQ(map.text, "60 test images by their latents");
  EXPECT_EQ(map.count, 60u);
  EXPECT_EQ(map.numbers, (std::vector<uint32_t>{2, 3, 0}));
  ASSERT_EQ(map.latents.size(), 180u);
  for (uint32_t image = 0; image < 60; ++image) {
    for (uint32_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(map.latents[3 * image + i], vae.mean(images, image, map.numbers[i]), 1e-5);
    }
    EXPECT_EQ(map.labels[image], image % 3);
  }
  EXPECT_EQ(map.class_names, images.class_names);
  double average = 0;
  for (uint32_t image = 0; image < 60; ++image) average += vae.mean(images, image, 1) / 60;
  EXPECT_NEAR(map.mean[1], average, 1e-6);
}

// Against power iteration on the covariance of the means computed here.
TEST(LatentMap, HasThePrincipalComponentsOfTheMeans) {
  LinearVae vae = some_vae();
  const data::ImageSet images = images_of(60);
  const io::LatentMap map = map_of_images(vae.inference(), images);
  std::vector<float> centred;
  for (uint32_t image = 0; image < 60; ++image) {
    for (uint32_t number : map.numbers) {
      centred.push_back(static_cast<float>(vae.mean(images, image, number) -
                                           static_cast<double>(map.mean[number])));
    }
  }
  double sum = 0;
  for (float value : centred) sum += value;
  EXPECT_NEAR(sum, 0, 1e-3);
  const auto axes = web::leading_eigenvectors(web::gram_matrix(centred, 3), 3, 2);
  for (size_t axis = 0; axis < 2; ++axis) {
    for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(map.axes[3 * axis + i], axes[axis][i], 1e-3);
  }
}

TEST(LatentMap, OfTwoNumbersIsTheirPlane) {
  LinearVae vae(2, {0.001f, 0, 0, 0, 0, 1, 0, 0}, std::vector<float>(8));
  const io::LatentMap map = map_of_images(vae.inference(), images_of(9));
  EXPECT_EQ(map.numbers, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(map.axes, (std::vector<float>{1, 0, 0, 1}));
  EXPECT_EQ(map.mean, (std::vector<float>{0, 0}));
}

TEST(LatentMap, LimitsImagesAndNumbers) {
  const auto map_of = [](uint32_t size, uint32_t count) {
    LinearVae vae(size, std::vector<float>(size_t{size} * kPixels, 1),
                  std::vector<float>(size_t{size} * kPixels));
    return map_of_images(vae.inference(), images_of(count));
  };
  EXPECT_EQ(map_of(10, 5100).count, 5000u);  // 100 kB
  EXPECT_EQ(map_of(11, 5100).count, 2000u);
  EXPECT_EQ(map_of(11, 1900).count, 1900u);
  const io::LatentMap large = map_of(40, 5100);
  EXPECT_EQ(large.count, 2000u);
  EXPECT_EQ(large.numbers.size(), 25u);
}

TEST(LatentMap, LeavesOutLabelsThatAreNotBytes) {
  LinearVae vae = some_vae();
  data::ImageSet images = images_of(20);
  images.class_names.clear();
  images.labels[0] = 256;
  EXPECT_TRUE(map_of_images(vae.inference(), images).labels.empty());
  images.labels.clear();
  EXPECT_TRUE(map_of_images(vae.inference(), images).labels.empty());
}

TEST(LatentMap, NeedsImages) {
  LinearVae vae = some_vae();
  EXPECT_EQ(test::error_of([&] { map_of_images(vae.inference(), images_of(0)); }),
            "expected test images, found none");
}

// Without an extractor: the images' own plane, in which their place is axes × (image - mean).
TEST(LatentMap, OfSamplesHasThePlaneOfTheirImages) {
  LinearVae vae = some_vae();
  const io::LatentMap map = map_of_samples(vae.inference(), nullptr);
  EXPECT_EQ(map.text, "2000 samples by the principal components of their pixels");
  ASSERT_EQ(map.count, 2000u);
  EXPECT_FALSE(map.has_latents());
  EXPECT_TRUE(map.labels.empty());
  const std::vector<float> images =
      vae.inference().decode(models::normal_latents(io::kMapSeed, 0, map.count, 4));
  for (size_t sample : {0, 7, 1999}) {
    for (size_t axis = 0; axis < 2; ++axis) {
      double place = 0;
      for (size_t i = 0; i < kPixels; ++i) {
        place += double(map.axes[axis * kPixels + i]) *
                 double(images[sample * kPixels + i] - map.mean[i]);
      }
      EXPECT_NEAR(map.places[2 * sample + axis], place, 1e-5);
    }
  }
  const size_t point = map.thumbnail_points[3];
  EXPECT_EQ(map.thumbnails[3 * kPixels + 1],
            views::to_pixels(std::span(images).subspan(point * kPixels, kPixels))[1]);
}

TEST(TypicalLatent, ReconstructsItsImageBest) {
  LinearVae vae(2, {1, -2, 0.5f, 0, 0, 1, -1, 3}, std::vector<float>{1, 0, -1, 2, 0.5f, 1, 0, -1});
  const data::ImageSet images = images_of(100);
  const std::vector<uint32_t> first = views::first_indices(images, 64);
  const std::vector<float> originals = views::to_values(images, first);
  const std::vector<float> copies = vae.inference().reconstruct(originals);
  double least = 1e9;
  size_t best = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    double difference = 0, sum = 0, squares = 0;
    for (size_t k = i * kPixels; k < (i + 1) * kPixels; ++k) {
      difference += std::pow(originals[k] - copies[k], 2);
      sum += originals[k];
      squares += std::pow(originals[k], 2);
    }
    const double share = difference / (squares - sum * sum / kPixels);
    if (share < least) {
      least = share;
      best = i;
    }
  }
  const std::vector<float> latent = typical_latent(vae.inference(), &images, nullptr);
  ASSERT_EQ(latent.size(), 2u);
  for (uint32_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(latent[k], vae.mean(images, static_cast<uint32_t>(best), k), 1e-5);
  }
}

TEST(TypicalLatent, DrawsWhatMostSamplesLookLike) {
  LinearVae vae(2, std::vector<float>(2 * kPixels, 0),
                std::vector<float>{1, 0, -1, 2, 0.5f, 1, 0, -1});
  std::vector<float> latents = models::normal_latents(models::kTypicalSeed, 0, 64, 2);
  models::truncate(latents, models::kTypicalTruncation);
  const std::vector<float> drawn = vae.inference().decode(latents);
  const auto correlation = [&](size_t a, size_t b) {
    double means[2]{}, squares[2]{}, product = 0;
    for (size_t k = 0; k < kPixels; ++k) {
      means[0] += drawn[a * kPixels + k] / kPixels;
      means[1] += drawn[b * kPixels + k] / kPixels;
    }
    for (size_t k = 0; k < kPixels; ++k) {
      const double x = drawn[a * kPixels + k] - means[0], y = drawn[b * kPixels + k] - means[1];
      squares[0] += x * x;
      squares[1] += y * y;
      product += x * y;
    }
    return product / std::sqrt(squares[0] * squares[1]);
  };
  size_t best = 0;
  double most = -1e9;
  for (size_t i = 0; i < 64; ++i) {
    double sum = 0;
    for (size_t j = 0; j < 64; ++j) sum += correlation(i, j);
    if (sum > most) {
      most = sum;
      best = i;
    }
  }
  EXPECT_EQ(typical_latent(vae.inference(), nullptr, nullptr),
            (std::vector<float>{latents[2 * best], latents[2 * best + 1]}));
}

/// Is the more certain of a class, the brighter an image.
class BrightnessExtractor final : public metrics::FeatureExtractor {
 public:
  const std::string& name() const override { return name_; }
  uint32_t size() const override { return 1; }
  uint32_t classes() const override { return 2; }
  metrics::Features extract(std::span<const float> images, const Shape& image) override {
    metrics::Features features{.size = 1, .classes = 2, .values = {}, .probabilities = {}};
    for (; !images.empty(); images = images.subspan(image.size())) {
      float mean = 0;
      for (float value : images.first(image.size())) mean += value / float(image.size());
      ++features.count;
      features.values.push_back(mean);
      features.probabilities.insert(features.probabilities.end(), {mean / 4, 1 - mean / 4});
    }
    return features;
  }

 private:
  std::string name_ = "brightness";
};

// The darkest, whose second class is the most certain.
TEST(TypicalLatent, IsTheMostCertainOfSamples) {
  LinearVae vae(2, std::vector<float>(2 * kPixels, 0),
                std::vector<float>{1, 0, -1, 2, 0.5f, 1, 0, -1});
  OpenExtractor extractor;
  extractor.network = std::make_unique<BrightnessExtractor>();
  std::vector<float> latents = models::normal_latents(1, 0, 64, 2);
  models::truncate(latents, models::kTypicalTruncation);
  const std::vector<float> drawn = vae.inference().decode(latents);
  size_t darkest = 0;
  const auto brightness = [&](size_t i) {
    return drawn[4 * i] + drawn[4 * i + 1] + drawn[4 * i + 2] + drawn[4 * i + 3];
  };
  for (size_t i = 1; i < 64; ++i) darkest = brightness(i) < brightness(darkest) ? i : darkest;
  EXPECT_EQ(typical_latent(vae.inference(), nullptr, &extractor),
            (std::vector<float>{latents[2 * darkest], latents[2 * darkest + 1]}));
}

TEST(ScatteredPoints, AreFarApart) {
  std::vector<float> places;
  for (int i = 0; i < 400; ++i) {
    const int row = i / 20;
    places.insert(places.end(), {static_cast<float>(i % 20), static_cast<float>(row)});
  }
  const std::vector<uint32_t> points = scattered_points(places, 16);
  ASSERT_EQ(points.size(), 16u);
  const auto least_distance = [&](size_t count) {
    double least = 1e9;
    for (size_t a = 0; a < count; ++a) {
      for (size_t b = 0; b < a; ++b) {
        least = std::min(least,
                         std::hypot(double(places[2 * points[a]] - places[2 * points[b]]),
                                    double(places[2 * points[a] + 1] - places[2 * points[b] + 1])));
      }
    }
    return least;
  };
  EXPECT_GE(least_distance(16), 4.2);
  EXPECT_GE(least_distance(4), 9.5);
  EXPECT_EQ(scattered_points(std::vector<float>{1, 1, 1, 1}, 5), (std::vector<uint32_t>{0}));
}

}  // namespace
}  // namespace pumice
