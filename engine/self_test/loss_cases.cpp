#include <cmath>

#include "engine/self_test/activation_reference.h"
#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

// Without gradients on either side, as the losses' targets: 0.1 or 0.9.
constexpr float kLow = 0.1f, kRange = 0.8f;

double target_of(double t) { return t > 0 ? double{kLow} + double{kRange} : double{kLow}; }

Tensor target_of(const Tensor& t) {
  return ops::affine(ops::greater(t, ops::constant(t.graph(), {1}, 0)), kRange, kLow);
}

double bce_with_logits(double x, double t) { return std::log1p(std::exp(x)) - t * x; }

double bce(double x, double t) {
  const double p = logistic(x);
  return -t * std::log(p) - (1 - t) * std::log(1 - p);
}

double squared_error(double x, double t) { return (x - t) * (x - t); }

Tensor bce_of_sigmoid(const Tensor& x, const Tensor& t) { return ops::bce(ops::sigmoid(x), t); }

/// The inputs are x and what target_of() makes targets of.
Case loss_case(const Shape& shape, Tensor (*run)(const Tensor&, const Tensor&),
               double (*loss)(double, double)) {
  return {.shapes = {shape, shape},
          .run = [=](const Tensors& in) { return run(in[0], target_of(in[1])); },
          .reference =
              [=](const Inputs& in) {
                const size_t row = shape.size() / shape[0];
                std::vector<double> y(shape[0]);
                for (size_t i = 0; i < shape.size(); ++i) {
                  y[i / row] += loss(in[0].values[i], target_of(in[1].values[i]));
                }
                return y;
              }};
}

Case divergence_case(const Shape& moments) {
  return {.shapes = {moments},
          .run = [](const Tensors& in) { return ops::gaussian_kl(in[0]); },
          .reference =
              [=](const Inputs& in) {
                const size_t latent = moments[1] / 2;
                std::vector<double> y(moments[0]);
                for (size_t i = 0; i < y.size() * latent; ++i) {
                  const double* mean = &in[0].values[i / latent * 2 * latent + i % latent];
                  const double v = mean[latent];
                  y[i / latent] += 0.5 * (*mean * *mean + std::exp(v) - 1 - v);
                }
                return y;
              }};
}

}  // namespace

Group losses() {
  Group group{.family = "losses"};
  // Rows that are whole vec4s, also of more than a workgroup has threads, are summed otherwise.
  for (const Shape& shape : {Shape{6, 5}, Shape{5, 2, 8}, Shape{2, 260}}) {
    group.cases.push_back(loss_case(shape, ops::bce_with_logits, bce_with_logits));
    group.cases.push_back(loss_case(shape, bce_of_sigmoid, bce));
    group.cases.push_back(loss_case(shape, ops::squared_error, squared_error));
  }
  for (const Shape& moments : {Shape{7, 10}, Shape{5, 16}, Shape{2, 520}}) {
    group.cases.push_back(divergence_case(moments));
  }
  return group;
}

}  // namespace pumice::self_test
