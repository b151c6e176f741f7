#include "native/evaluation/typical_latent.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "engine/models/latents.h"
#include "native/views/images.h"

namespace pumice {
namespace {

constexpr uint32_t kCandidates = 64;

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
        models::normal_latents(models::kTypicalSeed, 0, kCandidates, inference.latent_size());
    models::truncate(latents, models::kTypicalTruncation);
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

// Moved to a mean of 0 and scaled to length 1; all 0 for an image of one colour.
std::vector<float> standardized(std::span<const float> image) {
  double mean = 0, squares = 0;
  for (float value : image) mean += value / double(image.size());
  for (float value : image) squares += std::pow(value - mean, 2);
  std::vector<float> result(image.size());
  if (!(squares > 0)) return result;
  const double norm = std::sqrt(squares);
  std::ranges::transform(image, result.begin(),
                         [&](float value) { return static_cast<float>((value - mean) / norm); });
  return result;
}

// The mean correlation of each image with all; infinitely low for an image of one colour.
std::vector<double> correlations(std::span<const float> drawn, size_t size) {
  std::vector<std::vector<float>> images;
  std::vector<float> sum(size);
  for (size_t at = 0; at < drawn.size(); at += size) {
    images.push_back(standardized(drawn.subspan(at, size)));
    std::ranges::transform(sum, images.back(), sum.begin(), std::plus{});
  }
  std::vector<double> scores;
  for (const std::vector<float>& image : images) {
    const bool is_flat = std::ranges::count(image, 0.0f) == static_cast<ptrdiff_t>(size);
    const double score = std::inner_product(image.begin(), image.end(), sum.begin(), 0.0);
    scores.push_back(is_flat ? -std::numeric_limits<double>::infinity()
                             : score / double(images.size()));
  }
  return scores;
}

// What speaks for each candidate: an extractor, what it encodes, or what the model mostly draws.
std::vector<double> scores_of(models::Inference& inference, const Candidates& candidates,
                              const OpenExtractor* extractor, size_t count) {
  const std::vector<uint32_t> labels(inference.classes() > 0 ? count : 0);
  const std::vector<float> drawn = inference.decode(candidates.latents, labels);
  if (extractor != nullptr) {
    return certainties(drawn, inference.image(), *extractor, inference.classes());
  }
  if (candidates.originals.empty()) return correlations(drawn, inference.image_size());
  return faithfulness(candidates.originals, drawn, inference.image_size());
}

}  // namespace

std::vector<float> typical_latent(models::Inference& inference, const data::ImageSet* images,
                                  const OpenExtractor* extractor) {
  const Candidates candidates = candidates_of(inference, images);
  const size_t size = inference.latent_size(), count = candidates.latents.size() / size;
  if (count == 0) return {};
  const std::vector<double> scores = scores_of(inference, candidates, extractor, count);
  const auto best = std::ranges::max_element(scores) - scores.begin();
  const auto first = candidates.latents.begin() + best * static_cast<ptrdiff_t>(size);
  return {first, first + static_cast<ptrdiff_t>(size)};
}

}  // namespace pumice
