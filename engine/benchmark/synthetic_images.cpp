#include "engine/benchmark/synthetic_images.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/philox.h"

namespace pumice::benchmark {
namespace {

constexpr uint64_t kSeed = 1;
constexpr uint32_t kDiscs = 3;
constexpr uint32_t kDefaultClasses = 10;

uint32_t below(PhiloxStream& random, uint32_t limit) { return random.bits() % limit; }

/// A disc that fades towards its edge, drawn over what is there if it is brighter.
void draw_disc(PhiloxStream& random, data::ImageSet& images, uint8_t* image) {
  const auto side = static_cast<int>(std::min(images.height, images.width));
  const auto row = static_cast<int>(below(random, images.height));
  const auto column = static_cast<int>(below(random, images.width));
  const int radius = 2 + static_cast<int>(below(random, static_cast<uint32_t>(side / 3 + 1)));
  const uint32_t color = random.bits();
  for (int y = std::max(row - radius, 0);
       y < std::min(row + radius, static_cast<int>(images.height)); ++y) {
    for (int x = std::max(column - radius, 0);
         x < std::min(column + radius, static_cast<int>(images.width)); ++x) {
      const int distance = (y - row) * (y - row) + (x - column) * (x - column);
      const int light = std::max(radius * radius - distance, 0);
      uint8_t* pixel =
          image +
          (static_cast<uint32_t>(y) * images.width + static_cast<uint32_t>(x)) * images.channels;
      for (uint32_t c = 0; c < images.channels; ++c) {
        const int brightest = 128 + static_cast<int>(color >> (8 * (c % 4)) & 127);
        pixel[c] = std::max(pixel[c], static_cast<uint8_t>(brightest * light / (radius * radius)));
      }
    }
  }
}

void draw(uint32_t index, data::ImageSet& images) {
  PhiloxStream random(kSeed, index);
  uint8_t* image = images.pixels.data() + index * images.image_size();
  const uint32_t ground = images.channels == 1 ? 0 : random.bits();
  for (uint64_t i = 0; i < images.image_size(); ++i) {
    image[i] = static_cast<uint8_t>(ground >> (8 * (i % images.channels % 4)) & 63);
  }
  for (uint32_t disc = 0; disc < kDiscs; ++disc) draw_disc(random, images, image);
}

}  // namespace

data::ImageSet synthetic_images(const Shape& shape, uint32_t classes, uint32_t count) {
  data::ImageSet images{
      .count = count, .height = shape[0], .width = shape[1], .channels = shape[2]};
  images.pixels.resize(count * images.image_size());
  for (uint32_t i = 0; i < count; ++i) draw(i, images);
  if (classes == 0) classes = kDefaultClasses;
  for (uint32_t i = 0; i < count; ++i) {
    images.labels.push_back(static_cast<data::Label>(i % classes));
  }
  for (uint32_t i = 0; i < classes; ++i) images.class_names.push_back(fmt::to_string(i));
  return images;
}

}  // namespace pumice::benchmark
