#include "engine/models/gan/gan_loss.h"

#include <numbers>
#include <utility>

#include "engine/base/require.h"

namespace pumice::models {
namespace {

constexpr std::pair<std::string_view, GanLoss> kLosses[] = {
    {"non_saturating", GanLoss::kNonSaturating},
    {"minimax", GanLoss::kMinimax},
    {"wasserstein", GanLoss::kWasserstein},
    {"wasserstein_gp", GanLoss::kWassersteinGp},
    {"hinge", GanLoss::kHinge},
};

bool is_bce(GanLoss loss) { return loss == GanLoss::kNonSaturating || loss == GanLoss::kMinimax; }
bool is_hinge(GanLoss loss) { return loss == GanLoss::kHinge; }

Tensor each(const Tensor& logits) { return ops::reshape(logits, {logits.shape()[0]}); }

Tensor bce(const Tensor& logits, double target) {
  return ops::bce_with_logits(
      logits, ops::constant(logits.graph(), logits.shape(), static_cast<float>(target)));
}

// JS >= (log 4 - BCE of real and fake) / 2, with equality for the best discriminator.
Tensor js_of(const Tensor& bce_of_both) {
  return ops::affine(bce_of_both, -0.5f, std::numbers::ln2_v<float>);
}

}  // namespace

GanLoss gan_loss_by_name(std::string_view name) {
  std::string known;
  for (const auto& [word, loss] : kLosses) {
    if (word == name) return loss;
    known += known.empty() ? std::string(word) : ", " + std::string(word);
  }
  fail("loss: expects one of {}, got '{}'", known, name);
}

Tensor discriminator_loss(GanLoss loss, const DiscriminatorLogits& logits, double label_smoothing) {
  if (is_bce(loss)) {
    return ops::add(bce(logits.real, 1 - label_smoothing), bce(logits.fake, 0));
  }
  if (is_hinge(loss)) {
    return each(ops::add(ops::relu(ops::affine(logits.real, -1, 1)),
                         ops::relu(ops::affine(logits.fake, 1, 1))));
  }
  return each(ops::subtract(logits.fake, logits.real));
}

Tensor generator_loss(GanLoss loss, const Tensor& fake) {
  if (loss == GanLoss::kNonSaturating) return ops::mean(bce(fake, 1));
  if (loss == GanLoss::kMinimax) return ops::negate(ops::mean(bce(fake, 0)));
  return ops::negate(ops::mean(fake));
}

std::vector<std::string> logit_metric_names(GanLoss loss, bool estimates_js) {
  if (is_bce(loss)) return {"d_real", "d_fake", "js"};
  if (is_hinge(loss)) return {"d_real", "d_fake"};
  if (estimates_js) return {"em_distance", "js"};
  return {"em_distance"};
}

Tensors logit_metrics(GanLoss loss, bool estimates_js, const DiscriminatorLogits& logits,
                      const Tensor& hard, const std::function<Tensor(const Tensor&)>& reduce) {
  if (is_hinge(loss)) return {reduce(each(logits.real)), reduce(each(logits.fake))};
  if (is_bce(loss)) {
    return {reduce(ops::sigmoid(each(logits.real))), reduce(ops::sigmoid(each(logits.fake))),
            reduce(js_of(hard))};
  }
  Tensors metrics = {reduce(each(ops::subtract(logits.real, logits.fake)))};
  if (estimates_js) {
    metrics.push_back(reduce(js_of(discriminator_loss(GanLoss::kNonSaturating, logits, 0))));
  }
  return metrics;
}

Tensor gradient_penalty(const std::function<Tensor(const Tensor&)>& critic, const Tensor& real,
                        const Tensor& fake, const Tensor& share) {
  constexpr float kTiny = 1e-12f;  // the square root has an infinite slope at zero
  Tensor between = ops::add(fake, ops::multiply(share, ops::subtract(real, fake)));
  Tensor slopes = ops::gradients(ops::sum(critic(between)), {between})[0];
  Tensor norms = ops::sqrt(ops::affine(ops::sum(ops::square(slopes), {1}), 1, kTiny));
  return ops::mean(ops::square(ops::affine(norms, 1, -1)));
}

}  // namespace pumice::models
