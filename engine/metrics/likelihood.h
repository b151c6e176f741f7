#pragma once

#include <span>
#include <string_view>

#include "engine/metrics/estimate.h"
#include "engine/models/model.h"

namespace pumice::metrics {

/// How grey images become the targets of a Bernoulli decoder, which models pixels that are 0 or
/// 1.
enum class Binarization : uint8_t {
  kThreshold,  ///< 1 for pixels above 0.5
  kRandom,  ///< 1 with the grey value as probability, drawn once from the seed (Salakhutdinov and
            ///< Murray, 2008)
  kNone,    ///< keeps grey values. Unless they are all 0 or 1, the result is the training loss,
            ///< not a likelihood (Loaiza-Ganem and Cunningham, 2019)
};

struct LikelihoodOptions {
  uint32_t samples = 100;  ///< k, posterior samples per image
  uint32_t batch = 100;    ///< images at a time; the noise depends on it
  uint64_t seed = 1;
  Binarization binarization = Binarization::kThreshold;  ///< only for a Bernoulli decoder
};

/// In nats per image: means over images, and standard deviations between images (those of the
/// means are smaller by a factor of sqrt(images)).
struct Likelihood {
  Estimate elbo;            ///< evidence lower bound, from all k samples
  Estimate log_likelihood;  ///< the importance-sampled bound with k samples, at least the ELBO
  uint32_t images = 0;
  uint32_t samples = 0;
  bool is_binary = false;         ///< the decoder is Bernoulli
  std::string_view distribution;  ///< for users: "Bernoulli, pixels above 0.5"
};

/// Whether log_likelihood() supports the model.
bool has_likelihood(const models::Model& model);

/// log p(x) ≈ log 1/k Σ p(x|z)·p(z)/q(z|x), z ~ q(z|x), k times (Burda, Grosse and Salakhutdinov,
/// "Importance weighted autoencoders", 2016), for a VAE and images [N, height·width·channels], 0
/// … 1, with one label each if it is conditional (then log p(x | label)). A decoder trained on
/// squared errors is taken as a Gaussian of variance 1/2 around its output, because its training
/// loss is then -log p(x|z) up to a constant, which is added here: a density of grey pixels,
/// comparable only with other such densities. Throws Error for models other than VAEs, for sizes
/// that do not match, and for weights that are not finite.
Likelihood log_likelihood(hal::Device& device, const models::Model& model,
                          std::span<const float> images, std::span<const uint32_t> labels,
                          const LikelihoodOptions& options = {});

}  // namespace pumice::metrics
