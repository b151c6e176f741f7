// Compares, on this device, ops with the kernels for a GPU and with the kernels for the device.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/graph/lower.h"
#include "engine/graph/step.h"
#include "engine/hal/null/null_device.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/limits.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using Floats = std::vector<float>;
using Build = std::function<Tensor(const Tensors&)>;

Floats numbers(size_t count, uint32_t seed) {
  Floats values(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>((i * 7919 + seed * 104729) % 201) / 100 - 1;
  }
  return values;
}

/// The result of `build`, followed by its gradients for all inputs.
Tensors with_gradients(const Build& build, const Tensors& inputs) {
  const Tensor y = build(inputs);
  Tensors all = ops::gradients(ops::mean(ops::square(y)), inputs);
  all.insert(all.begin(), y);
  return all;
}

/// Their numbers.
Floats results(hal::Device& device, const hal::Limits& limits, const std::vector<Shape>& shapes,
               const Build& build) {
  Graph graph(limits);
  Tensors inputs;
  for (const Shape& shape : shapes) {
    const auto seed = static_cast<uint32_t>(inputs.size());
    inputs.push_back(
        graph.external(upload(device, numbers(shape.size(), seed), "x"), shape, DType::kF32));
  }
  const Tensors wanted = with_gradients(build, inputs);
  Step step(device, graph, "choice", wanted);
  step.run();
  Floats all;
  for (const Tensor& tensor : wanted) {
    const Floats values = step.read_floats(tensor);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

void expect_the_same(hal::Device& device, const std::vector<Shape>& shapes, const Build& build) {
  const hal::Limits gpu = as_type(device.limits(), hal::DeviceType::kDiscreteGpu);
  const Floats wanted = results(device, device.limits(), shapes, build);
  const Floats got = results(device, gpu, shapes, build);
  ASSERT_EQ(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], wanted[i], 2e-4 * (1 + std::abs(wanted[i]))) << "number " << i;
  }
}

ops::MatmulOptions biased(const Tensor& bias) {
  return {.bias = bias, .activation = ops::Activation::kTanh};
}

DRIVER_TEST(GpuChoice, splits_terms_of_products) {
  const Build product = [](const Tensors& in) { return ops::matmul(in[0], in[1], biased(in[2])); };
  expect_the_same(device, {{5, 300}, {300, 7}, {7}}, product);
  expect_the_same(device, {{8, 512}, {512, 36}, {36}}, product);
}

DRIVER_TEST(GpuChoice, sums_the_bias_of_a_batch) {
  const Build product = [](const Tensors& in) { return ops::matmul(in[0], in[1], biased(in[2])); };
  expect_the_same(device, {{65, 4}, {4, 12}, {12}}, product);
  expect_the_same(device, {{512, 4}, {4, 260}, {260}}, product);
  expect_the_same(device, {{4096, 4}, {4, 12}, {12}}, product);  // after another launch
}

DRIVER_TEST(GpuChoice, splits_terms_of_convolutions) {
  const Build convolution = [](const Tensors& in) {
    return ops::conv2d(in[0], in[1],
                       {.stride = 2,
                        .padding = {1, 1, 1, 1},
                        .bias = in[2],
                        .activation = ops::Activation::kTanh});
  };
  expect_the_same(device, {{2, 8, 8, 32}, {4, 4, 32, 12}, {12}}, convolution);
}

/// How many activation gradients have a dispatch of their own on a GPU.
size_t activation_gradients(const std::vector<Shape>& shapes, const Build& build) {
  const auto device = hal::null::create_device(limits_of(hal::DeviceType::kDiscreteGpu, 32));
  Graph graph(device->limits());
  Tensors inputs;
  for (const Shape& shape : shapes) {
    inputs.push_back(graph.external(device->allocate(padded_bytes(shape, DType::kF32), "x"), shape,
                                    DType::kF32));
  }
  const LoweredPlan lowered = lower(graph, "step", with_gradients(build, inputs));
  return static_cast<size_t>(
      std::ranges::count_if(lowered.plan.dispatches, [](const hal::Dispatch& dispatch) {
        return std::string_view(dispatch.kernel->name).starts_with("activate_gradient");
      }));
}

// The input gradient of the second product is split, and its sum is multiplied by the derivative.
// If it is not split, the product itself is.
DRIVER_TEST(GpuChoice, multiplies_sums_of_split_terms_by_derivatives) {
  for (const ops::Activation activation :
       {ops::Activation::kRelu, ops::Activation::kLeakyRelu, ops::Activation::kTanh,
        ops::Activation::kSigmoid, ops::Activation::kSoftplus, ops::Activation::kSilu,
        ops::Activation::kGelu}) {
    const Build products = [&](const Tensors& in) {
      const Tensor h = ops::matmul(in[0], in[1], {.activation = activation, .slope = 0.2f});
      return ops::affine(ops::matmul(h, in[2], {}), 0.1f, 0);
    };
    const std::vector<Shape> shapes = {{5, 3}, {3, 7}, {7, 300}};
    expect_the_same(device, shapes, products);
    EXPECT_EQ(activation_gradients(shapes, products), 0u);
    EXPECT_EQ(activation_gradients({{5, 3}, {3, 7}, {7, 30}}, products), 0u);  // not split
  }
}

// The sum itself is needed, too.
DRIVER_TEST(GpuChoice, keeps_sums_of_split_terms_that_are_read) {
  const Build gradient = [](const Tensors& in) {
    const Tensor h = ops::tanh(in[0]);
    const Tensor y = ops::matmul(h, in[1], {});
    return ops::gradients(ops::mean(ops::square(y)), {in[0]})[0];
  };
  expect_the_same(device, {{5, 7}, {7, 300}}, gradient);
}

// Two activations have the same upstream gradient, so neither takes it from the partial sums.
DRIVER_TEST(GpuChoice, adds_up_the_gradient_of_two_activations) {
  const Build branches = [](const Tensors& in) {
    return ops::matmul(ops::add(ops::tanh(in[0]), ops::sigmoid(in[1])), in[2], {});
  };
  expect_the_same(device, {{5, 7}, {5, 7}, {7, 300}}, branches);
}

DRIVER_TEST(GpuChoice, adds_many_sums_by_several_threads) {
  expect_the_same(device, {{32, 16, 16, 8}, {8}, {8}},
                  [](const Tensors& in) { return ops::batch_norm(in[0], in[1], in[2], 1e-5f).y; });
  expect_the_same(device, {{70001}}, [](const Tensors& in) { return ops::mean(in[0]); });
  expect_the_same(device, {{9000, 3}}, [](const Tensors& in) { return ops::sum(in[0], {0}); });
}

}  // namespace
}  // namespace pumice::test
