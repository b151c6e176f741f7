#include "native/views/images.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/require.h"
#include "engine/models/latents.h"

namespace pumice::views {

std::vector<uint8_t> to_pixels(std::span<const float> values) {
  std::vector<uint8_t> pixels(values.size());
  std::transform(values.begin(), values.end(), pixels.begin(), [](float value) {
    return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255));
  });
  return pixels;
}

std::vector<float> to_values(const data::ImageSet& images, std::span<const uint32_t> indices) {
  std::vector<float> values;
  values.reserve(indices.size() * images.image_size());
  for (uint32_t index : indices) {
    auto begin = images.pixels.begin() + static_cast<ptrdiff_t>(index * images.image_size());
    std::transform(begin, begin + static_cast<ptrdiff_t>(images.image_size()),
                   std::back_inserter(values), [](uint8_t pixel) { return pixel / 255.0f; });
  }
  return values;
}

std::vector<uint32_t> first_indices(const data::ImageSet& images, uint32_t count) {
  std::vector<uint32_t> indices(std::min(count, images.count));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

std::vector<uint32_t> to_labels(const data::ImageSet& images, std::span<const uint32_t> indices) {
  std::vector<uint32_t> labels;
  if (images.labels.empty()) return labels;
  for (uint32_t index : indices) labels.push_back(images.labels[index]);
  return labels;
}

std::vector<float> encoded_means(models::Inference& inference, const data::ImageSet& images,
                                 std::span<const uint32_t> indices) {
  return inference.encode_means(to_values(images, indices), to_labels(images, indices));
}

std::vector<uint32_t> drawn_labels(const models::Inference& inference, uint32_t count,
                                   std::optional<uint32_t> wanted) {
  const uint32_t classes = inference.classes();
  require(!wanted || *wanted < classes, "class {}: the model {}", wanted.value_or(0),
          classes == 0 ? "has no classes" : fmt::format("has 0 … {}", classes - 1));
  std::vector<uint32_t> labels(classes == 0 ? 0 : count);
  for (uint32_t i = 0; i < labels.size(); ++i) labels[i] = wanted.value_or(i % classes);
  return labels;
}

formats::Image image_grid(std::span<const float> values, const Shape& shape,
                          const formats::GridOptions& options) {
  return formats::grid(to_pixels(values), shape[0], shape[1], shape[2], options);
}

formats::Image latents_image(models::Inference& inference, std::span<const float> latents,
                             models::Inference::Labels labels,
                             const formats::GridOptions& options) {
  return image_grid(inference.decode(latents, labels), inference.image(), options);
}

formats::Image pairs_image(const Shape& shape, std::span<const float> originals,
                           std::span<const float> copies, uint32_t columns) {
  const size_t row = shape.size() * columns;
  std::vector<float> rows;
  for (size_t begin = 0; begin < originals.size(); begin += row) {
    size_t length = std::min(row, originals.size() - begin);
    for (std::span<const float> values : {originals, copies}) {
      rows.insert(rows.end(), values.begin() + begin, values.begin() + begin + length);
      rows.resize(rows.size() + row - length, 1.0f);  // blanks fill up an incomplete last row
    }
  }
  return image_grid(rows, shape, {.columns = columns});
}

formats::Image samples_image(models::Inference& inference, uint64_t seed) {
  constexpr uint32_t kSide = 10;
  constexpr uint32_t kCount = kSide * kSide;
  return latents_image(inference, models::normal_latents(seed, 0, kCount, inference.latent_size()),
                       drawn_labels(inference, kCount, {}), {.columns = kSide});
}

formats::Image passes_image(models::Inference& inference, uint64_t seed) {
  constexpr uint32_t kRows = 8;
  constexpr size_t kMost = 10;
  const auto passes =
      inference.decode_each_pass(models::normal_latents(seed, 0, kRows, inference.latent_size()),
                                 drawn_labels(inference, kRows, {}));
  const size_t columns = std::min(passes.size(), kMost);
  const size_t size = inference.image_size();
  std::vector<float> values;
  for (uint32_t row = 0; row < kRows; ++row) {
    for (size_t column = 1; column <= columns; ++column) {
      const auto& after = passes[column * passes.size() / columns - 1];
      const auto begin = after.begin() + static_cast<ptrdiff_t>(row * size);
      values.insert(values.end(), begin, begin + static_cast<ptrdiff_t>(size));
    }
  }
  return image_grid(values, inference.image(), {.columns = static_cast<uint32_t>(columns)});
}

formats::Image interpolation_image(models::Inference& inference, uint64_t seed) {
  constexpr uint32_t kRows = 5;
  constexpr uint32_t kFrames = 10;
  const uint32_t size = inference.latent_size();
  std::vector<float> latents;
  std::vector<uint32_t> labels;
  for (uint32_t row = 0; row < kRows; ++row) {
    const std::vector<float> strip =
        models::interpolate(models::normal_latents(seed, row, 1, size),
                            models::normal_latents(seed + 1, row, 1, size), kFrames, false);
    latents.insert(latents.end(), strip.begin(), strip.end());
    if (inference.classes() > 0) labels.insert(labels.end(), kFrames, row % inference.classes());
  }
  return latents_image(inference, latents, labels, {.columns = kFrames});
}

}  // namespace pumice::views
