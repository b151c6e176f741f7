#include "engine/self_test/activation_reference.h"
#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

using ops::Activation;
using ops::GemmShape;

constexpr float kSlope = 0.2f;

// Sizes around those of every core's tiles, in vec4s and not, with few rows, and with terms that
// are worth a split.
constexpr GemmShape kSizes[] = {
    {1, 1, 1},      {2, 3, 5},    {17, 65, 15},    {65, 66, 33},   {128, 1, 300},
    {4, 4, 4},      {2, 132, 64}, {33, 36, 12},    {67, 132, 100}, {132, 260, 16},
    {260, 128, 28}, {5, 8, 600},  {68, 132, 1024},
};
constexpr GemmShape kShortSize = {36, 68, 40};
constexpr GemmShape kShortOddSize = {33, 35, 300};

/// Inputs: a, b, and with a bias also that.
std::vector<double> product(const GemmShape& s, Activation activation, const Inputs& in) {
  std::vector<double> y(size_t{s.m} * s.n);
  for (size_t row = 0; row < s.m; ++row) {
    for (size_t column = 0; column < s.n; ++column) {
      double sum = in.size() > 2 ? in[2].values[column] : 0.0;
      for (size_t i = 0; i < s.k; ++i) {
        sum += in[0].values[s.transpose_a ? i * s.m + row : row * s.k + i] *
               in[1].values[s.transpose_b ? column * s.k + i : i * s.n + column];
      }
      y[row * s.n + column] = activated(activation, sum, kSlope);
    }
  }
  return y;
}

std::vector<Shape> shapes_of(const GemmShape& s) {
  return {s.transpose_a ? Shape{s.k, s.m} : Shape{s.m, s.k},
          s.transpose_b ? Shape{s.n, s.k} : Shape{s.k, s.n}};
}

Case product_case(const GemmShape& shape) {
  return {.shapes = shapes_of(shape),
          .run =
              [=](const Tensors& in) {
                return ops::matmul(
                    in[0], in[1],
                    {.transpose_a = shape.transpose_a, .transpose_b = shape.transpose_b});
              },
          .reference = [=](const Inputs& in) { return product(shape, Activation::kNone, in); },
          .tolerance = 1e-5 + 1e-6 * shape.k,
          .can_compute =
              [=](ops::GemmCore core, const hal::Limits& limits) {
                return ops::can_compute(core, shape, limits);
              }};
}

Case epilogue_case(GemmShape shape, Activation activation) {
  shape.transpose_b = true;
  Case result = product_case(shape);
  result.shapes.push_back({shape.n});
  result.run = [=](const Tensors& in) {
    return ops::matmul(
        in[0], in[1],
        {.transpose_b = true, .bias = in[2], .activation = activation, .slope = kSlope});
  };
  result.reference = [=](const Inputs& in) { return product(shape, activation, in); };
  return result;
}

/// A product of activated numbers, with enough columns that GPUs split the terms of its input
/// gradient, which the activation's derivative then multiplies.
Case activated_case(Activation activation) {
  const GemmShape first = {2, 4, 3}, second = {2, 300, 4};
  Case result = product_case(second);
  result.shapes = {{first.m, first.k}, {first.k, first.n}, {second.k, second.n}};
  result.run = [=](const Tensors& in) {
    const Tensor h = ops::matmul(in[0], in[1], {.activation = activation, .slope = kSlope});
    return ops::matmul(h, in[2], {});
  };
  result.reference = [=](const Inputs& in) {
    const Numbers h = {{first.m, first.n}, product(first, activation, {in[0], in[1]})};
    return product(second, Activation::kNone, {h, in[2]});
  };
  return result;
}

std::vector<Activation> activations() {
  std::vector<Activation> all;
  for (uint32_t i = 0; i < kernels::kNames<Activation>.size(); ++i) {
    all.push_back(static_cast<Activation>(i));
  }
  return all;
}

void add_transposes(Group& group, GemmShape shape, bool in_short_form) {
  for (int transposes = 0; transposes < 4; ++transposes) {
    shape.transpose_a = transposes % 2 == 1;
    shape.transpose_b = transposes / 2 == 1;
    if (in_short_form && transposes == 3) continue;  // no network needs it
    group.cases.push_back(product_case(shape));
    group.cases.back().in_short_form = in_short_form;
  }
}

}  // namespace

Group products() {
  Group group{.family = "matmul", .kind = Family::kProduct};
  for (const GemmShape& size : kSizes) add_transposes(group, size, false);
  add_transposes(group, kShortSize, true);
  group.cases.push_back(product_case(kShortOddSize));
  group.cases.back().in_short_form = true;
  return group;
}

Group epilogues() {
  Group group{.family = "matmul, bias, activation", .kind = Family::kProduct};
  for (const Activation activation : activations()) {
    for (const GemmShape& shape : {GemmShape{5, 7, 3}, {33, 36, 12}, {5, 8, 600}}) {
      group.cases.push_back(epilogue_case(shape, activation));
    }
  }
  return group;
}

Group differentiated_products() {
  Group group = epilogues();
  for (const Activation activation : activations()) {
    group.cases.push_back(activated_case(activation));
  }
  return group;
}

}  // namespace pumice::self_test
