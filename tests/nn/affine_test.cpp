#include "engine/nn/affine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"

namespace pumice::nn {
namespace {

using Vector = std::vector<double>;

double length(const Vector& x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

/// The largest singular value of matrix[rows, columns] and its unit vectors, by power iteration.
struct Largest {
  double value = 0;
  Vector left;
  Vector right;
};

Largest largest_singular_value(const std::vector<float>& matrix, size_t columns) {
  const size_t rows = matrix.size() / columns;
  Largest found{.left = Vector(rows), .right = Vector(columns, 1)};
  for (int step = 0; step < 2000; ++step) {
    found.left.assign(rows, 0);
    for (size_t i = 0; i < matrix.size(); ++i)
      found.left[i / columns] += matrix[i] * found.right[i % columns];
    found.value = length(found.left);
    for (double& x : found.left) x /= found.value;
    found.right.assign(columns, 0);
    for (size_t i = 0; i < matrix.size(); ++i)
      found.right[i % columns] += matrix[i] * found.left[i / columns];
    const double norm = length(found.right);
    for (double& x : found.right) x /= norm;
  }
  return found;
}

/// A weight on a device with spectral normalization.
struct Normalised {
  Normalised(hal::Device& device, const Shape& shape) : device(device), size(shape.size()) {
    const Fan fan{4, 4};
    affine.emplace(parameters, "layer", shape, 3, fan, AffineOptions{.spectral_norm = true});
    parameters.allocate(device, "parameters");
    parameters.initialize(device, 5);
  }

  std::vector<float> raw() const {
    std::vector<float> weight(size);
    std::memcpy(weight.data(), device.read(*parameters.buffer())->take().data(), 4 * size);
    return weight;
  }

  /// The weight, and the gradient of Σ weight·(0, 1, 2, …).
  std::pair<std::vector<float>, std::vector<float>> run(bool training, int times) const {
    Graph graph(device.limits());
    Tensor weight = affine->weight(graph, {.training = training});
    std::vector<float> counting(size);
    std::iota(counting.begin(), counting.end(), 0.0f);
    hal::BufferPtr factors = device.allocate(padded_bytes(weight.shape(), DType::kF32), "factors");
    device.write(*factors, std::as_bytes(std::span(counting)));
    Tensor sum =
        ops::sum(ops::multiply(weight, graph.external(factors, weight.shape(), DType::kF32)));
    Tensor gradient = ops::gradients(sum, {parameters.trainable(graph)[0]})[0];
    Step step(device, graph, "test", {weight, gradient});
    for (int i = 0; i < times; ++i) step.run();
    return {step.read_floats(weight), step.read_floats(gradient)};
  }

  hal::Device& device;
  uint64_t size;
  Parameters parameters;
  std::optional<Affine> affine;
};

void expect_normalised(hal::Device& device, const Shape& shape) {
  const Normalised layer(device, shape);
  const auto trained = layer.run(true, 200);
  const auto used = layer.run(false, 1);
  const std::vector<float> raw = layer.raw();
  const auto columns = static_cast<size_t>(shape[-1]);
  const Largest largest = largest_singular_value(raw, columns);
  double along = 0;  // Σ raw·(0, 1, 2, …)
  for (size_t i = 0; i < raw.size(); ++i) along += raw[i] * double(i);
  for (size_t i = 0; i < raw.size(); ++i) {
    const double expected = raw[i] / largest.value;
    EXPECT_NEAR(trained.first[i], expected, 1e-5);
    EXPECT_NEAR(used.first[i], expected, 1e-5);
    const double slope = largest.left[i / columns] * largest.right[i % columns];  // of the largest
    const double gradient = (double(i) - along / largest.value * slope) / largest.value;
    EXPECT_NEAR(trained.second[i], gradient, 2e-5 * double(raw.size()));
  }
}

DEVICE_TEST(Affine, divides_a_matrix_by_its_largest_singular_value) {
  expect_normalised(device, {5, 7});
}

DEVICE_TEST(Affine, divides_a_kernel_by_its_largest_singular_value) {
  expect_normalised(device, {2, 2, 3, 4});
}

DEVICE_TEST(Affine, keeps_the_singular_vector_when_it_is_only_used) {
  const Normalised layer(device, {5, 7});
  const std::vector<std::byte> before = device.read(*layer.parameters.buffer())->take();
  layer.run(false, 2);
  EXPECT_EQ(device.read(*layer.parameters.buffer())->take(), before);
  layer.run(true, 1);
  EXPECT_NE(device.read(*layer.parameters.buffer())->take(), before);
}

}  // namespace
}  // namespace pumice::nn
