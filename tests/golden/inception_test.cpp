#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/graph/step.h"
#include "engine/metrics/inception_v3.h"
#include "engine/metrics/resize.h"
#include "tests/golden/golden.h"
#include "tests/support/devices.h"

// Inception-v3 with made-up weights against torchvision and pytorch-fid, resizing against PIL:
// tests/golden/inception.py made the numbers and explains them.
namespace pumice::metrics {
namespace {

using nlohmann::json;

// Relative to a tensor's deviation. The goal is 1e-3; float32 rounding alone causes 6e-6.
constexpr double kLayerTolerance = 3e-5;

const json& golden_inception() {
  static const json all = golden::read("inception.json");
  return all;
}

uint32_t fnv1a(const std::string& text) {
  uint32_t value = 0x811C9DC5;
  for (char letter : text) value = (value ^ static_cast<uint8_t>(letter)) * 0x01000193;
  return value;
}

struct Range {
  double least;
  double width;
};

std::vector<float> formula_values(const std::string& name, const Shape& shape) {
  static const std::map<std::string, Range> ranges = {{"bn.weight", {0.75, 0.5}},
                                                      {"bn.bias", {-0.25, 0.5}},
                                                      {"bn.running_mean", {-0.25, 0.5}},
                                                      {"bn.running_var", {0.5, 1}},
                                                      {"fc.bias", {-1, 2}}};
  const size_t dot = name.rfind('.', name.rfind('.') - 1);
  const auto range = ranges.find(name.substr(dot == name.npos ? 0 : dot + 1));
  const uint32_t salt = fnv1a(name);
  std::vector<float> values(shape.size());
  for (uint32_t i = 0; i < values.size(); ++i) {
    values[i] = range == ranges.end()
                    ? golden::weight(i, salt, static_cast<uint32_t>(shape.size() / shape[0]))
                    : static_cast<float>(range->second.least +
                                         range->second.width * golden::uniform(i, salt));
  }
  return values;
}

/// The images that both networks were given.
Tensor images(hal::Device& device, Graph& graph) {
  const json& golden = golden_inception().at("pictures");
  const Shape shape = golden::shape_of(golden.at("shape"));
  std::vector<float> values(shape.size());
  for (uint32_t i = 0; i < values.size(); ++i) {
    values[i] = 2 * golden::pixel(i, golden.at("salt")) - 1;
  }
  hal::BufferPtr buffer = device.allocate(padded_bytes(shape, DType::kF32), "images");
  device.write(*buffer, std::as_bytes(std::span(values)));
  return graph.external(buffer, shape, DType::kF32);
}

void expect_like(const std::vector<float>& values, const json& summary, const std::string& name) {
  SCOPED_TRACE(name);
  ASSERT_EQ(values.size(), golden::shape_of(summary.at("shape")).size());
  const double count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (float value : values) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const double deviation = summary.at("deviation");
  EXPECT_NEAR(sum / count, summary.at("mean"), kLayerTolerance * deviation);
  EXPECT_NEAR(std::sqrt(squares / count - sum * sum / count / count), deviation,
              kLayerTolerance * deviation);
  for (const json& element : summary.at("elements")) {
    const size_t index = element.at("index");
    EXPECT_NEAR(values[index], element.at("value"), kLayerTolerance * deviation)
        << "element " << index;
  }
}

void expect_golden_inception(hal::Device& device, InceptionVariant variant, const json& golden) {
  InceptionWeights weights(device, formula_values);
  Graph graph(device.limits());
  const InceptionOutputs outputs = inception_v3(images(device, graph), variant, weights);
  std::vector<std::pair<std::string, Tensor>> named = outputs.blocks;
  named.emplace_back("features", outputs.features);
  named.emplace_back("fc", outputs.logits);
  named.emplace_back("probabilities", outputs.probabilities);
  Tensors tensors;
  for (const auto& [name, tensor] : named) tensors.push_back(tensor);
  Step step(device, graph, "inception-v3", tensors);
  step.run();
  EXPECT_EQ(named.size(), golden.size());
  for (const auto& [name, tensor] : named) {
    EXPECT_EQ(tensor.shape(), golden::shape_of(golden.at(name).at("shape"))) << name;
    expect_like(step.read_floats(tensor), golden.at(name), name);
  }
}

DEVICE_TEST(Golden, inception_v3_of_torchvision) {
  expect_golden_inception(device, InceptionVariant::kTorchvision,
                          golden_inception().at("torchvision"));
}

DEVICE_TEST(Golden, inception_v3_of_pytorch_fid) {
  expect_golden_inception(device, InceptionVariant::kFid, golden_inception().at("fid"));
}

TEST(Golden, ResizesAsPilDoes) {
  for (const json& golden : golden_inception().at("resize")) {
    const Shape shape = golden::shape_of(golden.at("shape"));
    SCOPED_TRACE(to_string(shape));
    std::vector<float> image(shape.size());
    for (uint32_t i = 0; i < image.size(); ++i) {
      image[i] = std::nearbyint(255 * golden::pixel(i, golden.at("salt")));
    }
    const std::vector<float> resized = resize_bicubic(image, shape, 299);
    ASSERT_EQ(resized.size(), 299 * 299 * shape[2]);
    EXPECT_NEAR(*std::min_element(resized.begin(), resized.end()), golden.at("least"), 1e-5);
    EXPECT_NEAR(*std::max_element(resized.begin(), resized.end()), golden.at("largest"), 1e-4);
    for (const json& element : golden.at("elements")) {
      EXPECT_NEAR(resized[element.at("index")], element.at("value"), 1e-5);
    }
  }
}

}  // namespace
}  // namespace pumice::metrics
