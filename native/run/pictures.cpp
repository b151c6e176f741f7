#include "native/run/pictures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/base/require.h"
#include "native/report/canvas.h"

namespace pumice {
namespace {

using report::Color;

// Ten classes that differ in hue and lightness (Tableau's "category 10").
constexpr std::array<Color, 10> kClassColors{{{31, 119, 180},
                                              {255, 127, 14},
                                              {44, 160, 44},
                                              {214, 39, 40},
                                              {148, 103, 189},
                                              {140, 86, 75},
                                              {227, 119, 194},
                                              {127, 127, 127},
                                              {188, 189, 34},
                                              {23, 190, 207}}};

report::Picture picture_grid(std::span<const float> values, const Shape& shape,
                             const report::GridOptions& options) {
  return report::grid(to_pixels(values), shape[0], shape[1], shape[2], options);
}

void draw_legend(report::Canvas& canvas, uint8_t classes, double right) {
  for (uint8_t label = 0; label < classes; ++label) {
    report::Point at{right, 24 + 20.0 * label};
    Color color = kClassColors[label % kClassColors.size()];
    canvas.line(std::array{at, at}, color, 9);
    canvas.text({at.x + 12, at.y}, fmt::to_string(label), report::Anchor::kStart, {40, 40, 40});
  }
}

}  // namespace

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

std::vector<uint32_t> drawn_labels(const nn::Inference& inference, uint32_t count,
                                   std::optional<uint32_t> wanted) {
  const uint32_t classes = inference.classes();
  require(!wanted || *wanted < classes, "class {}: the model {}", wanted.value_or(0),
          classes == 0 ? "knows no classes" : fmt::format("has 0 … {}", classes - 1));
  std::vector<uint32_t> labels(classes == 0 ? 0 : count);
  for (uint32_t i = 0; i < labels.size(); ++i) labels[i] = wanted.value_or(i % classes);
  return labels;
}

report::Picture latents_picture(nn::Inference& inference, std::span<const float> latents,
                                nn::Inference::Labels labels, const report::GridOptions& options) {
  return picture_grid(inference.decode(latents, labels), inference.picture(), options);
}

report::Picture pairs_picture(const Shape& shape, std::span<const float> originals,
                              std::span<const float> copies, uint32_t columns) {
  const size_t row = shape.size() * columns;
  std::vector<float> rows;
  for (size_t begin = 0; begin < originals.size(); begin += row) {
    size_t length = std::min(row, originals.size() - begin);
    for (std::span<const float> values : {originals, copies}) {
      rows.insert(rows.end(), values.begin() + begin, values.begin() + begin + length);
      rows.resize(rows.size() + row - length, 1.0f);  // blank where a last row is not full
    }
  }
  return picture_grid(rows, shape, {.columns = columns});
}

report::Picture scatter_picture(nn::Inference& inference, const data::ImageSet& images) {
  constexpr double kSize = 720;
  constexpr double kReach = 4;  // standard deviations from the middle to the border
  require(inference.latent_size() == 2, "scatter: expected latents of 2 numbers, got {}",
          inference.latent_size());
  const std::vector<uint32_t> all = first_indices(images, images.count);
  const std::vector<float> moments =
      inference.encode(to_values(images, all), to_labels(images, all));
  report::PictureCanvas canvas(kSize + 50, kSize);
  uint8_t classes = 0;
  for (size_t i = 0; i < moments.size() / 4; ++i) {
    report::Point at{(moments[4 * i] / kReach + 1) * kSize / 2,
                     (1 - moments[4 * i + 1] / kReach) * kSize / 2};
    if (!(at.x >= 0 && at.x < kSize && at.y >= 0 && at.y < kSize)) continue;
    uint8_t label = images.labels.empty() ? uint8_t{0} : images.labels[i];
    classes = std::max<uint8_t>(classes, label + 1);
    canvas.line(std::array{at, at}, kClassColors[label % kClassColors.size()], 3);
  }
  if (!images.labels.empty()) draw_legend(canvas, std::min<uint8_t>(classes, 10), kSize + 16);
  return canvas.picture();
}

}  // namespace pumice
