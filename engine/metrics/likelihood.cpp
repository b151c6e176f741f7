#include "engine/metrics/likelihood.h"

#include <algorithm>
#include <cmath>

#include "engine/base/philox.h"
#include "engine/base/require.h"
#include "engine/metrics/importance_weights.h"
#include "engine/models/vae/vae_model.h"

namespace pumice::metrics {
namespace {

constexpr double kLogPi = 1.1447298858494002;

const models::Vae& vae_of(const models::Model& model) {
  require(has_likelihood(model), "log_likelihood: expects a vae, got a {}", model.family().name);
  return model.as<models::VaeModel>()->vae();
}

bool is_bernoulli(const models::Vae& vae) {
  return vae.description().reconstruction == models::Reconstruction::kBce;
}

void require_images(const models::VaeDescription& description, std::span<const float> images) {
  require(!images.empty() && images.size() % description.image.size() == 0,
          "log_likelihood: expects images of {} values, got {} values", description.image.size(),
          images.size());
  const auto bad = std::find_if_not(images.begin(), images.end(),
                                    [](float value) { return value >= 0 && value <= 1; });
  require(bad == images.end(), "log_likelihood: expects pixels of 0 … 1, got {} in image {}",
          bad == images.end() ? 0 : *bad, (bad - images.begin()) / description.image.size());
}

void require_labels(const models::VaeDescription& description, std::span<const uint32_t> labels,
                    size_t count) {
  if (description.classes == 0) return;
  const bool fit = std::all_of(labels.begin(), labels.end(),
                               [&](uint32_t label) { return label < description.classes; });
  require(fit && labels.size() == count, "log_likelihood: expects {} labels below {}, got {}{}",
          count, description.classes, labels.size(), fit ? "" : ", one of them too large");
}

/// Streams count down from here, to stay clear of the device's noise with the same seed.
constexpr uint32_t kLastStream = UINT32_MAX;

std::vector<float> binarized(std::span<const float> images, size_t image_size,
                             const LikelihoodOptions& options) {
  std::vector<float> pixels(images.begin(), images.end());
  if (options.binarization == Binarization::kNone) return pixels;
  for (size_t first = 0; first < pixels.size(); first += image_size) {
    PhiloxStream random(options.seed, kLastStream - static_cast<uint32_t>(first / image_size));
    for (float& pixel : std::span(pixels).subspan(first, image_size)) {
      const bool by_chance = options.binarization == Binarization::kRandom;
      pixel = pixel > (by_chance ? random.uniform() : 0.5) ? 1.0f : 0.0f;
    }
  }
  return pixels;
}

std::string_view distribution_of(const models::Vae& vae, Binarization binarization) {
  if (!is_bernoulli(vae)) return "Gaussian of variance 1/2, grey pixels";
  switch (binarization) {
    case Binarization::kThreshold:
      return "Bernoulli, pixels above 0.5";
    case Binarization::kRandom:
      return "Bernoulli, pixels sampled from their grey values";
    case Binarization::kNone:
      break;
  }
  return "Bernoulli, grey pixels: the training loss, not a likelihood";
}

/// -log p(x|z) minus the squared error, for a Gaussian of variance 1/2: log(2π/2) / 2 per pixel.
double constant_of(const models::Vae& vae) {
  return is_bernoulli(vae) ? 0 : 0.5 * kLogPi * vae.description().image.size();
}

/// Bounds for one image, from the log-weights of its samples.
struct Bounds {
  double elbo = 0;
  double log_likelihood = 0;
};

Bounds bounds_of(const std::vector<std::vector<float>>& weights, size_t image) {
  double largest = weights[0][image];
  for (const auto& row : weights) largest = std::max<double>(largest, row[image]);
  const auto count = static_cast<double>(weights.size());
  Bounds bounds;
  double sum = 0;
  for (const auto& row : weights) {
    bounds.elbo += row[image] / count;
    sum += std::exp(row[image] - largest);
  }
  bounds.log_likelihood = largest + std::log(sum / count);
  return bounds;
}

}  // namespace

bool has_likelihood(const models::Model& model) { return model.as<models::VaeModel>() != nullptr; }

Likelihood log_likelihood(hal::Device& device, const models::Model& model,
                          std::span<const float> images, std::span<const uint32_t> labels,
                          const LikelihoodOptions& options) {
  const models::Vae& vae = vae_of(model);
  const size_t size = vae.description().image.size();
  require_images(vae.description(), images);
  const size_t count = images.size() / size;
  if (vae.description().classes == 0) labels = {};
  require_labels(vae.description(), labels, count);
  require(options.samples > 0 && options.batch > 0,
          "log_likelihood: expects at least one sample and a batch of 1, got {} and {}",
          options.samples, options.batch);
  std::vector<float> targets(images.begin(), images.end());
  if (is_bernoulli(vae)) targets = binarized(images, size, options);

  ImportanceWeights weights(device, vae, options.batch, options.seed);
  std::vector<double> elbos;
  std::vector<double> log_likelihoods;
  while (elbos.size() < count) {
    const size_t first = elbos.size();
    const size_t now = std::min<size_t>(options.batch, count - first);
    const auto drawn =
        weights.draw(std::span(targets).subspan(first * size, now * size),
                     labels.empty() ? labels : labels.subspan(first, now), options.samples);
    for (size_t i = 0; i < now; ++i) {
      const Bounds bounds = bounds_of(drawn, i);
      require(std::isfinite(bounds.elbo), "log_likelihood: the weights of image {} are {}",
              first + i, bounds.elbo);
      elbos.push_back(bounds.elbo - constant_of(vae));
      log_likelihoods.push_back(bounds.log_likelihood - constant_of(vae));
    }
  }
  return {.elbo = estimate_of(elbos),
          .log_likelihood = estimate_of(log_likelihoods),
          .images = static_cast<uint32_t>(count),
          .samples = options.samples,
          .is_binary = is_bernoulli(vae),
          .distribution = distribution_of(vae, options.binarization)};
}

}  // namespace pumice::metrics
