// Times one layer forward and backward in blocks of steps, so that peers/interleave.py can
// alternate it with PyTorch's: reads "run N" lines and answers with the seconds that N steps took.
//   bench_layer_step --layer batch_norm [--shape 64,32,32,32] [--device NAME] [--kernels]
// With --kernels it prints the time of each of the step's kernels, and exits.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <random>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "native/bench/program.h"
#include "native/devices/devices.h"

namespace pumice {
namespace {

class Inputs {
 public:
  Inputs(hal::Device& device, Graph& graph) : device_(device), graph_(graph) {}

  /// A tensor in its own memory with uniform values from -limit to limit.
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

struct Kind {
  Shape shape;  ///< of x, unless given
  std::function<Layer(Inputs&, const Shape&)> make;
};

Layer with_parameters(Inputs& inputs, const Shape& shape,
                      const std::function<Tensor(const Tensors&)>& normalize) {
  const Shape of_channel = {static_cast<uint32_t>(shape[-1])};
  Tensors v = {inputs.random(shape, 1), inputs.random(of_channel, 1), inputs.random(of_channel, 1)};
  return {normalize(v), v};
}

Layer batch_norm(Inputs& inputs, const Shape& shape) {
  return with_parameters(inputs, shape,
                         [](const Tensors& v) { return ops::batch_norm(v[0], v[1], v[2]).y; });
}

Layer batch_norm_relu(Inputs& inputs, const Shape& shape) {
  return with_parameters(inputs, shape, [](const Tensors& v) {
    return ops::batch_norm(v[0], v[1], v[2], 1e-5f, ops::Activation::kRelu).y;
  });
}

Layer layer_norm(Inputs& inputs, const Shape& shape) {
  return with_parameters(inputs, shape,
                         [](const Tensors& v) { return ops::layer_norm(v[0], v[1], v[2]); });
}

Layer lstm(Inputs& inputs, const Shape& shape) {  // of vae-lstm-mnist
  constexpr uint32_t kHidden = 128;
  const uint32_t width = shape[2];
  Tensors v = {inputs.random(shape, 1), inputs.random({4 * kHidden, width}, 0.1f),
               inputs.random({4 * kHidden, kHidden}, 0.1f), inputs.random({4 * kHidden}, 0.1f)};
  return {ops::lstm(v[0], v[1], v[2], v[3]), v};
}

Layer max_pool(Inputs& inputs, const Shape& shape) {
  Tensor x = inputs.random(shape, 1);
  return {ops::max_pool2d(x, 2, 2), {x}};
}

Layer max_pool_k3(Inputs& inputs, const Shape& shape) {
  Tensor x = inputs.random(shape, 1);
  return {ops::max_pool2d(x, 3, 2, 1), {x}};
}

Layer average_pool(Inputs& inputs, const Shape& shape) {
  Tensor x = inputs.random(shape, 1);
  return {ops::average_pool2d(x, 2, 2), {x}};
}

Layer global_average(Inputs& inputs, const Shape& shape) {
  Tensor x = inputs.random(shape, 1);
  return {ops::mean(x, {1, 2}), {x}};
}

Layer upsample(Inputs& inputs, const Shape& shape) {
  Tensor x = inputs.random(shape, 1);
  return {ops::upsample_nearest2d(x, 2), {x}};
}

Layer concat_channels(Inputs& inputs, const Shape& shape) {
  Tensors v = {inputs.random(shape, 1), inputs.random(shape, 1)};
  return {ops::concat(v, -1), v};
}

Layer concat_batches(Inputs& inputs, const Shape& shape) {
  Tensors v = {inputs.random(shape, 1), inputs.random(shape, 1)};
  return {ops::concat(v, 0), v};
}

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> all = {
      {"average_pool", {{64, 32, 32, 32}, average_pool}},
      {"batch_norm", {{128 * 14 * 14, 128}, batch_norm}},
      {"batch_norm_relu", {{64, 32, 32, 32}, batch_norm_relu}},
      {"concat_batches", {{64, 32, 32, 32}, concat_batches}},
      {"concat_channels", {{64, 32, 32, 32}, concat_channels}},
      {"global_average", {{64, 8, 8, 64}, global_average}},
      {"layer_norm", {{128 * 14 * 14, 128}, layer_norm}},
      {"lstm", {{128, 28, 28}, lstm}},
      {"max_pool", {{64, 32, 32, 32}, max_pool}},
      {"max_pool_k3", {{64, 32, 32, 32}, max_pool_k3}},
      {"upsample", {{64, 16, 16, 32}, upsample}},
  };
  return all;
}

std::string names() {
  std::string all;
  for (const auto& [name, kind] : kinds()) all += (all.empty() ? "" : ", ") + name;
  return all;
}

struct Choice {
  std::string layer;
  std::vector<uint32_t> extents;  ///< of x; empty for the layer's default
  std::string device;
  bool by_kernel = false;
};

Layer make_layer(const Choice& choice, Inputs& inputs) {
  auto kind = kinds().find(choice.layer);
  require(kind != kinds().end(), "bench: expects {}, got '{}'", names(), choice.layer);
  return kind->second.make(inputs,
                           choice.extents.empty() ? kind->second.shape : Shape(choice.extents));
}

/// y, and the gradients of the sum of y · weights, as PyTorch's y.backward(weights).
Step make_step(hal::Device& device, const Choice& choice) {
  Graph graph(device.limits());
  Inputs inputs(device, graph);
  const Layer layer = make_layer(choice, inputs);
  Tensor weights = inputs.random(layer.y.shape(), 1);
  Tensors outputs = ops::gradients(layer.y, weights, layer.variables);
  outputs.push_back(layer.y);
  return Step(device, graph, choice.layer, outputs);
}

double seconds_of(hal::Device& device, const hal::BufferPtr& probe, uint32_t steps,
                  const std::function<void()>& run) {
  auto begin = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < steps; ++i) run();
  device.read(*probe)->take();  // queued after all of them
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs each dispatch as its own program, alternating; the median of several runs.
void print_kernels(hal::Device& device, const hal::BufferPtr& probe, const hal::Plan& plan) {
  constexpr uint32_t kRuns = 31;
  std::vector<std::unique_ptr<hal::Program>> programs;
  for (const hal::Dispatch& dispatch : plan.dispatches) {
    programs.push_back(device.compile({plan.name, plan.buffers, {dispatch}}));
  }
  std::vector<std::vector<double>> seconds(programs.size());
  for (uint32_t run = 0; run < kRuns; ++run) {
    for (size_t i = 0; i < programs.size(); ++i) {
      seconds[i].push_back(seconds_of(device, probe, 1, [&] { device.run(*programs[i]); }));
    }
  }
  for (size_t i = 0; i < programs.size(); ++i) {
    std::nth_element(seconds[i].begin(), seconds[i].begin() + kRuns / 2, seconds[i].end());
    std::cout << fmt::format("{:9.3f} ms  {}\n", 1e3 * seconds[i][kRuns / 2],
                             plan.dispatches[i].label);
  }
}

void measure(const Choice& choice) {
  auto device = all_devices().open({.device = choice.device});
  Step step = make_step(*device, choice);
  hal::BufferPtr probe = device->allocate(16, "probe");
  if (!choice.by_kernel) {
    return bench::serve(
        [&](uint32_t steps) { return seconds_of(*device, probe, steps, [&] { step.run(); }); });
  }
  step.run();
  print_kernels(*device, probe, step.plan());
}

int run(int argc, char** argv) {
  CLI::App app("Times one layer forward and backward");
  Choice choice;
  app.add_option("--layer", choice.layer, names())->required();
  app.add_option("--shape", choice.extents, "of the input, channels last")->delimiter(',');
  app.add_option("--device", choice.device, "index, name or type of the device");
  app.add_flag("--kernels", choice.by_kernel, "print the milliseconds of each kernel");
  CLI11_PARSE(app, argc, argv);
  measure(choice);
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) {
  return pumice::bench::run_program("bench_layer_step", [&] { return pumice::run(argc, argv); });
}
