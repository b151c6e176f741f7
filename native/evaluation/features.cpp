#include "native/evaluation/features.h"

#include <algorithm>
#include <numeric>

#include "engine/base/count_of.h"
#include "engine/models/latents.h"
#include "native/evaluation/feature_cache.h"
#include "native/views/images.h"

namespace pumice {
namespace {

// Images held on the host at a time: 3 MB of MNIST.
constexpr uint32_t kChunk = 1000;

void append(metrics::Features& all, const metrics::Features& part) {
  all.count += part.count;
  all.size = part.size;
  all.classes = part.classes;
  all.values.insert(all.values.end(), part.values.begin(), part.values.end());
  all.probabilities.insert(all.probabilities.end(), part.probabilities.begin(),
                           part.probabilities.end());
}

/// Calls `part(first, count)` for consecutive parts.
template <typename Part>
void in_chunks(uint32_t count, const Part& part) {
  for (uint32_t first = 0; first < count; first += kChunk) {
    part(first, std::min(kChunk, count - first));
  }
}

// A chunk starts with the class whose turn it is, so that every range has the classes in turn.
std::vector<uint32_t> labels_in_turn(uint32_t classes, uint32_t first, uint32_t count) {
  std::vector<uint32_t> labels(classes == 0 ? 0 : count);
  for (uint32_t i = 0; i < labels.size(); ++i) labels[i] = (first + i) % classes;
  return labels;
}

}  // namespace

SampleFeatures features_of_samples(models::Inference& inference,
                                   metrics::FeatureExtractor& extractor, const SampleRange& range) {
  SampleFeatures drawn;
  const size_t kept = size_t{std::min(range.keep, range.count)} * inference.image_size();
  in_chunks(range.count, [&](uint32_t first, uint32_t count) {
    const std::vector<float> latents =
        models::normal_latents(range.seed, range.first + first, count, inference.latent_size());
    const std::vector<uint32_t> labels =
        labels_in_turn(inference.classes(), range.first + first, count);
    const std::vector<float> images = inference.decode(latents, labels);
    append(drawn.features, extractor.extract(images, inference.image()));
    drawn.labels.insert(drawn.labels.end(), labels.begin(), labels.end());
    const size_t wanted = std::min(images.size(), kept - drawn.images.size());
    drawn.images.insert(drawn.images.end(), images.begin(),
                        images.begin() + static_cast<ptrdiff_t>(wanted));
  });
  return drawn;
}

metrics::Features features_of_images(const OpenExtractor& extractor, const data::ImageSet& images,
                                     const Notify& notify) {
  const FeatureCache cache(extractor.hash, images);
  if (std::optional<metrics::Features> kept = cache.read(*extractor.network)) {
    return std::move(*kept);
  }
  if (images.count > kChunk) {
    notify(fmt::format("computing features of {} with {}", count_of(images.count, "image"),
                       extractor.network->name()));
  }
  metrics::Features all;
  in_chunks(images.count, [&](uint32_t first, uint32_t count) {
    std::vector<uint32_t> indices(count);
    std::iota(indices.begin(), indices.end(), first);
    append(all, extractor.network->extract(views::to_values(images, indices),
                                           {images.height, images.width, images.channels}));
  });
  cache.write(all, notify);
  return all;
}

metrics::Features first_features(const metrics::Features& features, uint32_t count) {
  metrics::Features first = features;
  first.count = std::min(count, features.count);
  first.values.resize(size_t{first.count} * features.size);
  first.probabilities.resize(size_t{first.count} * features.classes);
  return first;
}

}  // namespace pumice
