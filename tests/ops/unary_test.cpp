#include <algorithm>
#include <cmath>

#include "engine/ops/ops.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

// One element, vec4 tails, both sides of a workgroup of 256 threads and of 256 vec4s.
const std::vector<std::vector<Shape>> kSizes = {{{}},     {{1}},    {{2}},        {{3}},   {{4}},
                                                {{5}},    {{255}},  {{256}},      {{257}}, {{1023}},
                                                {{1024}}, {{1025}}, {{7, 11, 13}}};

const Generator kExtremes = listed({-100, -50, -20, -9.5, -9, -1e-4, 0, 1e-4, 9, 9.5, 20, 50, 100});

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

OP_TEST(affine, {
                    .shapes = kSizes,
                    .run = [](const Tensors& in) { return ops::affine(in[0], -2.5f, 0.75f); },
                    .reference =
                        [](const Arrays& in) {
                          return map(in[0], [](double x) { return 0.75 - 2.5 * x; });
                        },
                    .check = Check::kSecondGradient,
                });

OP_TEST(negate,
        {
            .shapes = {{{5}}},
            .run = [](const Tensors& in) { return ops::negate(in[0]); },
            .reference = [](const Arrays& in) { return map(in[0], [](double x) { return -x; }); },
        });

OP_TEST(exp,
        {
            .shapes = kSizes,
            .run = [](const Tensors& in) { return ops::exp(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::exp(x); }); },
            .check = Check::kSecondGradient,
        });

OP_TEST(log,
        {
            .shapes = kSizes,
            .run = [](const Tensors& in) { return ops::log(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::log(x); }); },
            .inputs = between(0.1, 4),
            .check = Check::kSecondGradient,
        });

OP_TEST(sqrt,
        {
            .shapes = kSizes,
            .run = [](const Tensors& in) { return ops::sqrt(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::sqrt(x); }); },
            .inputs = between(0.1, 4),
            .check = Check::kSecondGradient,
        });

OP_TEST(square, {
                    .shapes = {{{1}}, {{257}}},
                    .run = [](const Tensors& in) { return ops::square(in[0]); },
                    .reference =
                        [](const Arrays& in) { return map(in[0], [](double x) { return x * x; }); },
                    .check = Check::kSecondGradient,
                });

OP_TEST(relu, {
                  .shapes = kSizes,
                  .run = [](const Tensors& in) { return ops::relu(in[0]); },
                  .reference =
                      [](const Arrays& in) {
                        return map(in[0], [](double x) { return x <= 0 ? 0 : x; });
                      },
                  .inputs = outside(0.01, 2),
                  .check = Check::kSecondGradient,
              });

OP_TEST(leaky_relu, {
                        .shapes = kSizes,
                        .run = [](const Tensors& in) { return ops::leaky_relu(in[0], 0.1f); },
                        .reference =
                            [](const Arrays& in) {
                              return map(in[0], [](double x) { return x > 0 ? x : 0.1f * x; });
                            },
                        .inputs = outside(0.01, 2),
                        .check = Check::kSecondGradient,
                    });

OP_TEST(leaky_relu_of_slope_zero,
        {
            .shapes = {{{257}}},
            .run = [](const Tensors& in) { return ops::leaky_relu(in[0], 0); },
            .reference =
                [](const Arrays& in) {
                  return map(in[0], [](double x) { return x <= 0 ? 0 : x; });
                },
            .inputs = outside(0.01, 2),
        });

OP_TEST(tanh,
        {
            .shapes = kSizes,
            .run = [](const Tensors& in) { return ops::tanh(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::tanh(x); }); },
            .check = Check::kSecondGradient,
        });

OP_TEST(tanh_at_extremes,
        {
            .shapes = {{{13}}},
            .run = [](const Tensors& in) { return ops::tanh(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::tanh(x); }); },
            .inputs = kExtremes,
            .tolerance = {.relative = 1e-5, .absolute = 0},
        });

OP_TEST(tanh_around_the_series,
        {
            .shapes = {{{1024}}},
            .run = [](const Tensors& in) { return ops::tanh(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::tanh(x); }); },
            .inputs = between(-0.06, 0.06),
            .tolerance = {.relative = 1e-5, .absolute = 0},
        });

OP_TEST(sigmoid, {
                     .shapes = kSizes,
                     .run = [](const Tensors& in) { return ops::sigmoid(in[0]); },
                     .reference = [](const Arrays& in) { return map(in[0], sigmoid); },
                     .inputs = between(-6, 6),
                     .check = Check::kSecondGradient,
                 });

OP_TEST(sigmoid_at_extremes, {
                                 .shapes = {{{13}}},
                                 .run = [](const Tensors& in) { return ops::sigmoid(in[0]); },
                                 .reference = [](const Arrays& in) { return map(in[0], sigmoid); },
                                 .inputs = kExtremes,
                                 .tolerance = {.relative = 1e-5, .absolute = 1e-30},
                             });

OP_TEST(softplus, {
                      .shapes = kSizes,
                      .run = [](const Tensors& in) { return ops::softplus(in[0]); },
                      .reference = [](const Arrays& in) { return map(in[0], softplus); },
                      .inputs = between(-6, 6),
                      .check = Check::kSecondGradient,
                  });

OP_TEST(softplus_at_extremes,
        {
            .shapes = {{{13}}},
            .run = [](const Tensors& in) { return ops::softplus(in[0]); },
            .reference = [](const Arrays& in) { return map(in[0], softplus); },
            .inputs = kExtremes,
            .tolerance = {.relative = 1e-5, .absolute = 1e-30},
        });

OP_TEST(absolute,
        {
            .shapes = kSizes,
            .run = [](const Tensors& in) { return ops::absolute(in[0]); },
            .reference =
                [](const Arrays& in) { return map(in[0], [](double x) { return std::abs(x); }); },
            .inputs = outside(0.01, 2),
            .check = Check::kSecondGradient,
        });

OP_TEST(clamp, {
                   .shapes = kSizes,
                   .run = [](const Tensors& in) { return ops::clamp(in[0], -0.5f, 0.25f); },
                   .reference =
                       [](const Arrays& in) {
                         return map(in[0], [](double x) { return std::clamp(x, -0.5, 0.25); });
                       },
                   .inputs = listed({-1.7, -0.6, -0.4, 0.1, 0.2, 0.3, 1.9}),
                   .check = Check::kSecondGradient,
               });

OP_TEST(activate, {
                      .shapes = {{{9}}},
                      .run =
                          [](const Tensors& in) {
                            return ops::concat(
                                {ops::activate(in[0], ops::Activation::kNone),
                                 ops::activate(in[0], ops::Activation::kRelu),
                                 ops::activate(in[0], ops::Activation::kLeakyRelu, 0.3f),
                                 ops::activate(in[0], ops::Activation::kTanh),
                                 ops::activate(in[0], ops::Activation::kSigmoid),
                                 ops::activate(in[0], ops::Activation::kSoftplus)},
                                0);
                          },
                      .reference =
                          [](const Arrays& in) {
                            Array all{{54}, in[0].values};
                            for (double x : in[0].values) all.values.push_back(x <= 0 ? 0 : x);
                            for (double x : in[0].values)
                              all.values.push_back(x > 0 ? x : 0.3f * x);
                            for (double x : in[0].values) all.values.push_back(std::tanh(x));
                            for (double x : in[0].values) all.values.push_back(sigmoid(x));
                            for (double x : in[0].values) all.values.push_back(softplus(x));
                            return all;
                          },
                      .inputs = outside(0.01, 2),
                  });

}  // namespace
}  // namespace pumice::test
