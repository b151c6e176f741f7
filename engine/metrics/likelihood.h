#pragma once

#include <span>
#include <string_view>

#include "engine/metrics/estimate.h"
#include "engine/models/model.h"

namespace pumice::metrics {

/// What a Bernoulli decoder is asked to explain: it gives probabilities of pixels that are 0 or 1,
/// and pictures are grey.
enum class Binarization : uint8_t {
  kThreshold,  ///< a pixel is 1 above 0.5
  kRandom,     ///< 1 with its grey value as probability, drawn once by the seed (Salakhutdinov and
               ///< Murray, 2008)
  kNone,       ///< grey values stay. Of pictures that are not 0 and 1 that is the training loss and
               ///< no likelihood (Loaiza-Ganem and Cunningham, 2019)
};

struct LikelihoodOptions {
  uint32_t samples = 100;  ///< k, of the posterior for each picture
  uint32_t batch = 100;    ///< pictures at a time; other batches draw other noise
  uint64_t seed = 1;
  Binarization binarization = Binarization::kThreshold;  ///< only of a Bernoulli decoder's pictures
};

/// In nats per picture: means over pictures, and deviations of single pictures (those of the means
/// are smaller by sqrt(pictures)).
struct Likelihood {
  Estimate elbo;            ///< evidence lower bound, from all k samples
  Estimate log_likelihood;  ///< importance-sampled, the k-sample bound: at least the ELBO
  uint32_t pictures = 0;
  uint32_t samples = 0;
  bool is_binary = false;         ///< of a Bernoulli decoder
  std::string_view distribution;  ///< for people: "Bernoulli, pixels above 0.5"
};

/// Whether log_likelihood() can measure it.
bool has_likelihood(const models::Model& model);

/// log p(x) ≈ log 1/k Σ p(x|z)·p(z)/q(z|x), z ~ q(z|x), k times (Burda, Grosse and Salakhutdinov,
/// "Importance weighted autoencoders", 2016), of a VAE's pictures [N, height·width·channels], 0 …
/// 1; `labels`, one for each, where it is conditional (then log p(x | label)). A decoder of squared
/// errors is a Gaussian of variance 1/2 around what it draws, for that makes the training loss
/// -log p(x|z) but for a constant, which is added here: a density of grey pixels, comparable only
/// with others of its kind. Throws Error for models that are no VAE, for sizes that do not fit, and
/// for weights that are not finite.
Likelihood log_likelihood(hal::Device& device, const models::Model& model,
                          std::span<const float> pictures, std::span<const uint32_t> labels,
                          const LikelihoodOptions& options = {});

}  // namespace pumice::metrics
