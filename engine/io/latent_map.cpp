#include "engine/io/latent_map.h"

#include <algorithm>

#include "engine/base/half.h"
#include "engine/io/latent_map_names.h"

namespace pumice::io {
namespace {

constexpr uint32_t kMostNumbers = 1024;
uint32_t divided(uint32_t extent, uint32_t factor) { return (extent + factor - 1) / factor; }

uint32_t shrink_factor(const Shape& image) {
  uint32_t factor = 1;
  while (uint64_t{divided(image[0], factor)} * divided(image[1], factor) * image[2] >
         kMostNumbers) {
    ++factor;
  }
  return factor;
}

// The average of one channel over a block of pixels, which the image's edge may cut.
float block_average(std::span<const float> image, const Shape& shape, uint32_t factor, uint32_t row,
                    uint32_t column, uint32_t channel) {
  const uint32_t bottom = std::min(shape[0], (row + 1) * factor);
  const uint32_t right = std::min(shape[1], (column + 1) * factor);
  float sum = 0;
  for (uint32_t y = row * factor; y < bottom; ++y) {
    for (uint32_t x = column * factor; x < right; ++x) {
      sum += image[(size_t{y} * shape[1] + x) * shape[2] + channel];
    }
  }
  return sum / static_cast<float>((bottom - row * factor) * (right - column * factor));
}

}  // namespace

Shape shrunk_shape(const Shape& image) {
  const uint32_t factor = shrink_factor(image);
  return {divided(image[0], factor), divided(image[1], factor), image[2]};
}

std::vector<float> shrunk_image(std::span<const float> image, const Shape& shape) {
  const Shape small = shrunk_shape(shape);
  const uint32_t factor = shrink_factor(shape);
  std::vector<float> values;
  values.reserve(small.size());
  for (uint32_t row = 0; row < small[0]; ++row) {
    for (uint32_t column = 0; column < small[1]; ++column) {
      for (uint32_t channel = 0; channel < small[2]; ++channel) {
        values.push_back(block_average(image, shape, factor, row, column, channel));
      }
    }
  }
  return values;
}

template <typename Value>
void MapTensors::add(const char* name, ElementType type, Shape shape,
                     const std::vector<Value>& values) {
  if (values.empty()) return;
  list_.push_back({name, type, std::move(shape), std::as_bytes(std::span(values))});
}

MapTensors::MapTensors(const LatentMap& map) {
  const bool has_latents = map.has_latents();
  const std::vector<float>& points = has_latents ? map.latents : map.places;
  const auto size = static_cast<uint32_t>(points.size() / map.count);
  halves_.resize(points.size());
  std::ranges::transform(points, halves_.begin(), to_half);
  const auto count_of = [](const auto& values) { return static_cast<uint32_t>(values.size()); };
  const Shape& image = map.thumbnail;
  add(kNumbers, ElementType::kU32, {count_of(map.numbers)}, map.numbers);
  add(has_latents ? kLatents : kPlaces, ElementType::kF16, {map.count, size}, halves_);
  add(kMean, ElementType::kF32, {count_of(map.mean)}, map.mean);
  add(kAxes, ElementType::kF32, {2, count_of(map.axes) / 2}, map.axes);
  add(kLabels, ElementType::kU8, {count_of(map.labels)}, map.labels);
  add(kThumbnails, ElementType::kU8, {count_of(map.thumbnail_points), image[0], image[1], image[2]},
      map.thumbnails);
  add(kThumbnailPoints, ElementType::kU32, {count_of(map.thumbnail_points)}, map.thumbnail_points);
}

void put_map(Metadata& metadata, const LatentMap& map) {
  metadata[kMap] = map.text;
  if (!map.class_names.empty()) metadata[kMapClasses] = class_names_to_json(map.class_names);
}

}  // namespace pumice::io
