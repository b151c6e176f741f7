#include <algorithm>

#include "engine/base/count_of.h"
#include "engine/models/latents.h"
#include "native/evaluation/latent_map.h"
#include "native/evaluation/latent_map_parts.h"
#include "native/views/images.h"
#include "native/views/projection.h"

namespace pumice {
namespace {

constexpr uint32_t kSamples = 2000;

/// Draws samples of io::kMapSeed, part by part; a conditional model's classes in turn.
class Sampler {
 public:
  Sampler(models::Inference& inference, uint32_t count)
      : inference_(inference), labels_(views::drawn_labels(inference, count, {})) {}

  const std::vector<uint32_t>& labels() const { return labels_; }
  std::vector<float> images(uint32_t first, uint32_t count) const {
    const std::vector<float> latents =
        models::normal_latents(io::kMapSeed, first, count, inference_.latent_size());
    const std::span<const uint32_t> labels(labels_);
    return inference_.decode(latents, labels.empty() ? labels : labels.subspan(first, count));
  }

 private:
  models::Inference& inference_;
  std::vector<uint32_t> labels_;
};

/// What is kept of the samples.
struct Drawn {
  std::vector<float> shrunk;            ///< [N, shrunk image]
  std::vector<float> features;          ///< [N, features], with an extractor
  std::vector<uint8_t> likely_classes;  ///< [N], with an extractor
};

void add_features(Drawn& drawn, const metrics::Features& features) {
  drawn.features.insert(drawn.features.end(), features.values.begin(), features.values.end());
  std::span<const float> rows = features.probabilities;
  for (; !rows.empty(); rows = rows.subspan(features.classes)) {
    const auto row = rows.first(features.classes);
    drawn.likely_classes.push_back(
        static_cast<uint8_t>(std::ranges::max_element(row) - row.begin()));
  }
}

Drawn draw(const Sampler& sampler, const Shape& image, const OpenExtractor* extractor) {
  Drawn drawn;
  for (uint32_t first = 0; first < kSamples; first += kMapPart) {
    const std::vector<float> images = sampler.images(first, std::min(kMapPart, kSamples - first));
    if (extractor != nullptr) add_features(drawn, extractor->network->extract(images, image));
    const std::vector<float> shrunk = shrunk_images(images, image);
    drawn.shrunk.insert(drawn.shrunk.end(), shrunk.begin(), shrunk.end());
  }
  return drawn;
}

std::vector<float> places_of(const views::Projection& projection, std::span<const float> rows) {
  const size_t size = projection.mean.size();
  std::vector<float> places;
  for (; !rows.empty(); rows = rows.subspan(size)) {
    const auto [x, y] = projection.place(rows.first(size));
    places.insert(places.end(), {static_cast<float>(x), static_cast<float>(y)});
  }
  return places;
}

void place(io::LatentMap& map, const Drawn& drawn, const OpenExtractor* extractor) {
  const auto size = static_cast<uint32_t>(drawn.shrunk.size() / map.count);
  views::Projection projection;
  if (extractor == nullptr) {
    projection = views::principal_projection(drawn.shrunk, size);
    map.places = places_of(projection, drawn.shrunk);
  } else {
    const auto features = static_cast<uint32_t>(drawn.features.size() / map.count);
    map.places = places_of(views::principal_projection(drawn.features, features), drawn.features);
    projection = views::fitted_projection(drawn.shrunk, size, map.places);
  }
  map.mean.assign(projection.mean.begin(), projection.mean.end());
  map.axes.assign(projection.axes.begin(), projection.axes.end());
}

// Classes that a model is given, or that the extractor sees.
void add_labels(io::LatentMap& map, std::span<const uint32_t> given, uint32_t classes,
                const Drawn& drawn, const OpenExtractor* extractor) {
  if (classes > kMostMapClasses) return;
  map.labels = drawn.likely_classes;
  if (classes > 0) map.labels.assign(given.begin(), given.end());
  if (classes == 0 && extractor != nullptr) map.class_names = extractor->class_names;
}

std::string text_of(uint32_t classes, const OpenExtractor* extractor) {
  std::string text = count_of(kSamples, "sample") + " by the principal components of their ";
  if (extractor == nullptr) return text + "pixels";
  text += "features: " + extractor->network->name();
  return classes > 0 ? text : text + ", whose classes are the colours";
}

}  // namespace

io::LatentMap map_of_samples(models::Inference& inference, const OpenExtractor* extractor) {
  const Sampler sampler(inference, kSamples);
  const Drawn drawn = draw(sampler, inference.image(), extractor);
  io::LatentMap map{.text = text_of(inference.classes(), extractor), .count = kSamples};
  place(map, drawn, extractor);
  add_labels(map, sampler.labels(), inference.classes(), drawn, extractor);
  map.thumbnail_points = scattered_points(map.places, kMapThumbnails);
  map.thumbnail = io::shrunk_shape(inference.image());
  const size_t size = map.thumbnail.size();
  for (uint32_t point : map.thumbnail_points) {
    const auto pixels = views::to_pixels(std::span(drawn.shrunk).subspan(point * size, size));
    map.thumbnails.insert(map.thumbnails.end(), pixels.begin(), pixels.end());
  }
  return map;
}

}  // namespace pumice
