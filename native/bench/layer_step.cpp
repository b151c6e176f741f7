// Times one layer forward and backward, block by block, so that peers/interleave.py can alternate
// it with PyTorch's: reads "run N" lines, answers with the seconds that N steps took.
//   bench_layer_step --layer batch_norm|layer_norm|lstm [--device NAME]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <random>

#include "engine/graph/backward.h"
#include "engine/graph/step.h"
#include "engine/hal/vulkan/vulkan_device.h"
#include "engine/ops/ops.h"

namespace pumice {
namespace {

class Inputs {
 public:
  Inputs(hal::Device& device, Graph& graph) : device_(device), graph_(graph) {}

  /// A tensor of its own memory with uniform values from -limit to limit.
  Tensor random(const Shape& shape, float limit) {
    std::vector<float> values(padded_bytes(shape, DType::kF32) / sizeof(float));
    std::uniform_real_distribution<float> uniform(-limit, limit);
    for (uint64_t i = 0; i < shape.size(); ++i) values[i] = uniform(generator_);
    hal::BufferPtr buffer = device_.allocate(values.size() * sizeof(float), "bench input");
    device_.write(*buffer, std::as_bytes(std::span(values)));
    return graph_.external(buffer, shape, DType::kF32);
  }

 private:
  hal::Device& device_;
  Graph& graph_;
  std::mt19937 generator_{1};
};

struct Layer {
  Tensor y;
  Tensors variables;
};

Layer make_layer(const std::string& name, Inputs& inputs) {
  if (name == "lstm") {  // of vae-lstm-mnist
    Tensors v = {inputs.random({128, 28, 28}, 1), inputs.random({512, 28}, 0.1f),
                 inputs.random({512, 128}, 0.1f), inputs.random({512}, 0.1f)};
    return {ops::lstm(v[0], v[1], v[2], v[3]), v};
  }
  Tensors v = {inputs.random({128 * 14 * 14, 128}, 1), inputs.random({128}, 1),
               inputs.random({128}, 1)};
  if (name == "layer_norm") return {ops::layer_norm(v[0], v[1], v[2]), v};
  require(name == "batch_norm", "bench: expects batch_norm, layer_norm or lstm, got '{}'", name);
  return {ops::batch_norm(v[0], v[1], v[2]).y, v};
}

/// y, and the gradients of the sum of y · weights, as PyTorch's y.backward(weights).
Step make_step(hal::Device& device, const std::string& name) {
  Graph graph(device.limits());
  Inputs inputs(device, graph);
  const Layer layer = make_layer(name, inputs);
  Tensor weights = inputs.random(layer.y.shape(), 1);
  Tensors outputs = backward(layer.y, weights, layer.variables, ops::add);
  outputs.push_back(layer.y);
  return Step(device, graph, name, outputs);
}

void serve(const std::string& layer, const std::string& device_name) {
  auto device = hal::vulkan::create_device({.device = device_name});
  Step step = make_step(*device, layer);
  hal::BufferPtr probe = device->allocate(16, "probe");
  std::string word;
  uint32_t steps = 0;
  while (std::cin >> word >> steps) {
    require(word == "run", "bench: expects lines of the form 'run N', got '{}'", word);
    auto begin = std::chrono::steady_clock::now();
    for (uint32_t i = 0; i < steps; ++i) step.run();
    device->read(*probe)->take();  // comes after all of them
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::cout << fmt::format("{}\n", seconds.count()) << std::flush;
  }
}

}  // namespace
}  // namespace pumice

int main(int count, char** arguments) try {
  CLI::App app("Times one layer forward and backward");
  std::string layer;
  std::string device;
  app.add_option("--layer", layer, "batch_norm, layer_norm or lstm")->required();
  app.add_option("--device", device, "index, name or type of the device");
  CLI11_PARSE(app, count, arguments);
  pumice::serve(layer, device);
} catch (const std::exception& error) {
  std::cerr << "bench_layer_step: " << error.what() << "\n";
  return 1;
}
