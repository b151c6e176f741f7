#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ops/ops.h"

namespace pumice::models {

enum class GanLoss : uint8_t {
  kNonSaturating,  ///< BCE; the generator minimizes -log D(G(z)) (Goodfellow et al., 2014)
  kMinimax,        ///< BCE; the generator minimizes log(1 - D(G(z)))
  kWasserstein,    ///< Arjovsky et al., 2017: the critic's optimizer clips its weights
  kWassersteinGp,  ///< a gradient penalty instead (Gulrajani et al., 2017)
  kHinge,          ///< Lim and Ye, 2017
};

/// "non_saturating", "minimax", "wasserstein", "wasserstein_gp", "hinge". Throws Error listing them
/// for any other name.
GanLoss gan_loss_by_name(std::string_view name);

/// A discriminator's logits, or a critic's scores, for B real and B fake images, [B, 1].
struct DiscriminatorLogits {
  Tensor real;
  Tensor fake;
};

/// The discriminator's loss per pair of a real and a fake image, [B].
Tensor discriminator_loss(GanLoss loss, const DiscriminatorLogits& logits, double label_smoothing);
/// The generator's mean loss, given the discriminator's outputs for its images, [B, 1].
Tensor generator_loss(GanLoss loss, const Tensor& fake);

/// Further metrics of a discriminator's outputs: their names, and their values, with [B] reduced to
/// one number by `reduce`. BCE: d_real, d_fake (probabilities), js; hinge: d_real, d_fake;
/// Wasserstein: em_distance, and js of the scores as logits if `estimates_js`. `hard`: the
/// discriminator's loss without label smoothing, [B].
std::vector<std::string> logit_metric_names(GanLoss loss, bool estimates_js);
Tensors logit_metrics(GanLoss loss, bool estimates_js, const DiscriminatorLogits& logits,
                      const Tensor& hard, const std::function<Tensor(const Tensor&)>& reduce);

/// The mean of (|∂ critic / ∂ x| - 1)², for `critic` from x [B, n] to [B, 1] at the points
/// share·real + (1 - share)·fake: images [B, n], share [B, 1], uniform (Gulrajani et al., 2017,
/// algorithm 1).
Tensor gradient_penalty(const std::function<Tensor(const Tensor&)>& critic, const Tensor& real,
                        const Tensor& fake, const Tensor& share);

}  // namespace pumice::models
