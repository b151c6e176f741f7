#include "native/evaluation/typical_latent.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/models/latents.h"
#include "native/views/images.h"

namespace pumice {
namespace {

constexpr uint32_t kCandidates = 64;
constexpr uint64_t kTypicalSeed = 1;
constexpr double kTruncation = 0.7;

std::vector<uint32_t> first_of_class_0(const data::ImageSet& images) {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < images.labels.size() && found.size() < kCandidates; ++i) {
    if (images.labels[i] == 0) found.push_back(i);
  }
  return found;
}

/// Latents [N, z] to choose from, and what they encode: [N, image], or nothing.
struct Candidates {
  std::vector<float> latents, originals;
};

Candidates candidates_of(models::Inference& inference, const data::ImageSet* images) {
  const bool is_conditional = inference.classes() > 0;
  if (images == nullptr || !inference.can_encode()) {
    std::vector<float> latents =
        models::normal_latents(kTypicalSeed, 0, kCandidates, inference.latent_size());
    models::truncate(latents, kTruncation);
    return {.latents = std::move(latents), .originals = {}};
  }
  const std::vector<uint32_t> chosen =
      is_conditional ? first_of_class_0(*images) : views::first_indices(*images, kCandidates);
  return {.latents = views::encoded_means(inference, *images, chosen),
          .originals = views::to_values(*images, chosen)};
}

// The squared difference, relative to the image's variance; infinite for an image of one colour.
double unexplained(std::span<const float> original, std::span<const float> copy) {
  double sum = 0, mean = 0, variance = 0;
  for (float value : original) mean += value / double(original.size());
  for (size_t i = 0; i < original.size(); ++i) {
    sum += std::pow(original[i] - copy[i], 2);
    variance += std::pow(original[i] - mean, 2);
  }
  return variance > 0 ? sum / variance : std::numeric_limits<double>::infinity();
}

std::vector<double> certainties(std::span<const float> drawn, const Shape& image,
                                const OpenExtractor& extractor, uint32_t classes) {
  const metrics::Features features = extractor.network->extract(drawn, image);
  std::vector<double> certainties;
  for (uint32_t i = 0; i < features.count; ++i) {
    const auto row =
        std::span(features.probabilities).subspan(size_t{i} * features.classes, features.classes);
    const bool has_same_classes = classes > 0 && classes == features.classes;
    certainties.push_back(has_same_classes ? row.front() : *std::ranges::max_element(row));
  }
  return certainties;
}

std::vector<double> faithfulness(std::span<const float> originals, std::span<const float> drawn,
                                 size_t size) {
  std::vector<double> scores;
  for (size_t at = 0; at < originals.size(); at += size) {
    scores.push_back(-unexplained(originals.subspan(at, size), drawn.subspan(at, size)));
  }
  return scores;
}

}  // namespace

std::vector<float> typical_latent(models::Inference& inference, const data::ImageSet* images,
                                  const OpenExtractor* extractor) {
  const Candidates candidates = candidates_of(inference, images);
  const size_t size = inference.latent_size(), count = candidates.latents.size() / size;
  if (count == 0 || (extractor == nullptr && candidates.originals.empty())) return {};
  const std::vector<uint32_t> labels(inference.classes() > 0 ? count : 0);
  const std::vector<float> drawn = inference.decode(candidates.latents, labels);
  const std::vector<double> scores =
      extractor != nullptr ? certainties(drawn, inference.image(), *extractor, inference.classes())
                           : faithfulness(candidates.originals, drawn, inference.image_size());
  const auto best = std::ranges::max_element(scores) - scores.begin();
  const auto first = candidates.latents.begin() + best * static_cast<ptrdiff_t>(size);
  return {first, first + static_cast<ptrdiff_t>(size)};
}

}  // namespace pumice
