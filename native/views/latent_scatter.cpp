#include "native/views/latent_scatter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/require.h"
#include "engine/io/class_colors.h"
#include "engine/io/latent_map.h"
#include "native/views/images.h"
#include "native/views/projection.h"

namespace pumice::views {
namespace {

using formats::Color;

Color color_of(uint32_t label) {
  const uint32_t color = io::kClassColorsOnLight[label % io::kClassColorsOnLight.size()];
  return {static_cast<uint8_t>(color >> 16), static_cast<uint8_t>(color >> 8),
          static_cast<uint8_t>(color)};
}

void draw_legend(formats::Canvas& canvas, uint32_t classes, double right) {
  for (uint32_t label = 0; label < classes; ++label) {
    formats::Point at{right, 24 + 20.0 * label};
    canvas.line(std::array{at, at}, color_of(label), 9);
    canvas.text({at.x + 12, at.y}, fmt::to_string(label), formats::Anchor::kStart, {40, 40, 40});
  }
}

// As many as an image has room for, which also bounds the memory.
std::vector<uint32_t> shown_indices(const data::ImageSet& images) {
  constexpr uint64_t kMost = 10'000;
  constexpr uint64_t kMostValues = uint64_t{1} << 26;
  return first_indices(images,
                       static_cast<uint32_t>(std::min(kMost, kMostValues / images.image_size())));
}

void add_thumbnails(LatentScatter& scatter, const data::ImageSet& images) {
  constexpr uint32_t kThumbnails = 600, kColumns = 25;
  const std::vector<uint32_t> first = first_indices(images, kThumbnails);
  if (first.empty()) return;
  const Shape shape{images.height, images.width, images.channels};
  const Shape small = io::shrunk_shape(shape);
  const std::vector<float> values = to_values(images, first);
  std::vector<uint8_t> pixels;
  for (size_t i = 0; i < first.size(); ++i) {
    const auto shrunk = to_pixels(
        io::shrunk_image(std::span(values).subspan(i * shape.size(), shape.size()), shape));
    pixels.insert(pixels.end(), shrunk.begin(), shrunk.end());
  }
  scatter.thumbnails =
      formats::grid(pixels, small[0], small[1], small[2], {.columns = kColumns, .margin = 0});
  scatter.thumbnail_count = static_cast<uint32_t>(first.size());
  scatter.thumbnail_columns = kColumns;
}

}  // namespace

LatentPlane latent_plane(std::span<const float> means, uint32_t size) {
  constexpr double kDeviations = 4;  // of the prior, from the centre to the edge
  require(size >= 2, "latent_plane: expected latents of 2 numbers or more, got {}", size);
  LatentPlane result{.points = {}, .reach = kDeviations};
  if (size == 2) {
    for (; !means.empty(); means = means.subspan(2)) result.points.push_back({means[0], means[1]});
    return result;
  }
  const Projection projection = principal_projection(means, size);
  double reach = 0;
  for (; !means.empty(); means = means.subspan(size)) {
    const auto [x, y] = projection.place(means.first(size));
    result.points.push_back({x, y});
    reach = std::max({reach, std::abs(x), std::abs(y)});
  }
  if (reach > 0) result.reach = std::max(1.05 * reach, 1e-6);
  return result;
}

LatentScatter latent_scatter(models::Inference& inference, const data::ImageSet& images) {
  const std::vector<uint32_t> shown = shown_indices(images);
  LatentScatter scatter{
      .plane = latent_plane(encoded_means(inference, images, shown), inference.latent_size()),
      .labels = {},
      .class_names = images.class_names,
      .thumbnails = {}};
  if (!images.labels.empty()) {
    scatter.labels.assign(images.labels.begin(),
                          images.labels.begin() + static_cast<ptrdiff_t>(shown.size()));
  }
  add_thumbnails(scatter, images);
  return scatter;
}

formats::Image scatter_image(const LatentScatter& scatter) {
  constexpr double kSize = 720;
  const LatentPlane& plane = scatter.plane;
  formats::ImageCanvas canvas(kSize + 50, kSize);
  uint32_t classes = 0;
  for (size_t i = 0; i < plane.points.size(); ++i) {
    const formats::Point at{(plane.points[i].x / plane.reach + 1) * kSize / 2,
                            (1 - plane.points[i].y / plane.reach) * kSize / 2};
    if (!(at.x >= 0 && at.x < kSize && at.y >= 0 && at.y < kSize)) continue;
    const uint32_t label = scatter.labels.empty() ? 0 : scatter.labels[i];
    classes = std::max(classes, label + 1);
    canvas.line(std::array{at, at}, color_of(label), 3);
  }
  if (!scatter.labels.empty()) draw_legend(canvas, std::min(classes, 10u), kSize + 16);
  return canvas.image();
}

}  // namespace pumice::views
