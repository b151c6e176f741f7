#include <fmt/format.h>

#include "engine/ops/ops.h"
#include "engine/optim/optimizer.h"
#include "native/benchmark/kernels.h"

namespace pumice::benchmark {
namespace {

constexpr uint32_t kBatch = 128;

/// The sizes in bytes of all of them.
double bytes_of(std::initializer_list<Shape> shapes) {
  double numbers = 0;
  for (const Shape& shape : shapes) numbers += static_cast<double>(shape.size());
  return numbers * sizeof(float);
}

/// Inputs of a case: numbers from -1 to 1 in their own memory.
class Inputs {
 public:
  Inputs(hal::Device& device, Graph& graph) : device_(device), graph_(graph) {}

  Tensor operator()(const Shape& shape) {
    std::vector<float> values(padded_bytes(shape, DType::kF32) / sizeof(float));
    for (uint64_t i = 0; i < shape.size(); ++i) {
      values[i] = static_cast<float>(i * 7919 % 201) / 100 - 1;
    }
    const hal::BufferPtr buffer = device_.allocate(values.size() * sizeof(float), "bench");
    device_.write(*buffer, std::as_bytes(std::span(values)));
    return graph_.external(buffer, shape, DType::kF32);
  }

 private:
  hal::Device& device_;
  Graph& graph_;
};

using Build = std::function<Tensors(Inputs&)>;

KernelCase make_case(std::string name, bool is_arithmetic, double amount, Build build) {
  return {.name = std::move(name),
          .is_arithmetic = is_arithmetic,
          .amount = amount,
          .build = [build = std::move(build)](hal::Device& device, Graph& graph) {
            Inputs inputs(device, graph);
            return build(inputs);
          }};
}

KernelCase arithmetic(std::string name, double flops, Build build) {
  return make_case(std::move(name), true, flops, std::move(build));
}

KernelCase memory(std::string name, double bytes, Build build) {
  return make_case(std::move(name), false, bytes, std::move(build));
}

/// [m, k] · [k, n]; "NT": the second is stored transposed.
KernelCase product(uint32_t m, uint32_t n, uint32_t k, std::string_view kind) {
  const bool transpose_a = kind == "TN", transpose_b = kind == "NT";
  const Shape a = transpose_a ? Shape{k, m} : Shape{m, k};
  const Shape b = transpose_b ? Shape{n, k} : Shape{k, n};
  return arithmetic(
      fmt::format("matmul {} {} x {} x {}", kind, m, n, k), 2.0 * m * n * k,
      [=](Inputs& inputs) -> Tensors {
        return {ops::matmul(inputs(a), inputs(b),
                            {.transpose_a = transpose_a, .transpose_b = transpose_b})};
      });
}

/// A convolution with "same" padding from `side` x `side` pixels, or its transpose to that size.
struct Layer {
  uint32_t side = 0;
  uint32_t channels = 0;  ///< of the larger images
  uint32_t small_channels = 0;
  uint32_t kernel = 4;
  uint32_t stride = 2;

  uint32_t small_side() const { return (side + stride - 1) / stride; }
  Shape large() const { return {kBatch, side, side, channels}; }
  Shape small() const { return {kBatch, small_side(), small_side(), small_channels}; }
  Shape weight() const { return {kernel, kernel, channels, small_channels}; }
  ops::Padding padding() const { return ops::same_padding({side, side}, kernel, stride); }
  double flops() const {
    return 2.0 * static_cast<double>(small().size()) * kernel * kernel * channels;
  }
};

Tensor down(Inputs& inputs, const Layer& layer) {
  return ops::conv2d(inputs(layer.large()), inputs(layer.weight()),
                     {.stride = layer.stride, .padding = layer.padding()});
}

Tensor up(Inputs& inputs, const Layer& layer) {
  return ops::conv_transpose2d(inputs(layer.small()), inputs(layer.weight()),
                               {.stride = layer.stride,
                                .padding = layer.padding(),
                                .out_height = layer.side,
                                .out_width = layer.side});
}

Tensor weights(Inputs& inputs, const Layer& layer) {
  return ops::conv2d_weight_gradient(inputs(layer.large()), inputs(layer.small()), layer.kernel,
                                     layer.kernel, layer.stride, layer.padding());
}

/// A convolution and its two gradients. The input gradient of a transposed one is a convolution.
void add_convolution(std::vector<KernelCase>& cases, const Layer& layer, bool is_transposed) {
  const uint32_t in = is_transposed ? layer.small_channels : layer.channels;
  const uint32_t out = is_transposed ? layer.channels : layer.small_channels;
  const std::string name =
      fmt::format("{} {} -> {} k{} s{}, {} x {}", is_transposed ? "conv_transpose2d" : "conv2d", in,
                  out, layer.kernel, layer.stride, is_transposed ? layer.small_side() : layer.side,
                  is_transposed ? layer.small_side() : layer.side);
  auto forward = is_transposed ? up : down;
  auto input_gradient = is_transposed ? down : up;
  auto add = [&](const char* what, auto op) {
    cases.push_back(arithmetic(name + what, layer.flops(), [layer, op](Inputs& inputs) -> Tensors {
      return {op(inputs, layer)};
    }));
  };
  add("", forward);
  add(", input gradient", input_gradient);
  add(", weight gradient", weights);
}

/// `y`, and the gradients for `variables` if they are wanted.
Tensors with_gradients(Inputs& inputs, const Tensor& y, const Tensors& variables, bool wanted) {
  Tensors outputs{y};
  if (!wanted) return outputs;
  for (const Tensor& gradient : ops::gradients(y, inputs(y.shape()), variables)) {
    outputs.push_back(gradient);
  }
  return outputs;
}

/// Of vae-lstm-mnist: rows of 28 pixels, forward or also backward.
KernelCase lstm(bool backward) {
  constexpr uint32_t kSteps = 28, kInputs = 28, kHidden = 128;
  const double forward = 2.0 * kBatch * kSteps * 4 * kHidden * (kInputs + kHidden);
  return arithmetic(fmt::format("lstm 28 steps, 28 -> 128{}", backward ? ", with gradients" : ""),
                    (backward ? 3 : 1) * forward, [=](Inputs& inputs) {
                      const Tensors v{inputs({kBatch, kSteps, kInputs}),
                                      inputs({4 * kHidden, kInputs}),
                                      inputs({4 * kHidden, kHidden}), inputs({4 * kHidden})};
                      return with_gradients(inputs, ops::lstm(v[0], v[1], v[2], v[3]), v, backward);
                    });
}

KernelCase batch_norm(bool backward) {
  const Shape x{kBatch, 16, 16, 128};
  return memory(fmt::format("batch_norm + relu {}{}", x, backward ? ", with gradients" : ""),
                backward ? bytes_of({x, x, x, x}) : bytes_of({x, x}), [=](Inputs& inputs) {
                  const Tensors v{inputs(x), inputs({128}), inputs({128})};
                  const Tensor y =
                      ops::batch_norm(v[0], v[1], v[2], 1e-5f, ops::Activation::kRelu).y;
                  return with_gradients(inputs, y, v, backward);
                });
}

KernelCase layer_norm(bool backward) {
  const Shape x{kBatch * 196, 128};
  return memory(fmt::format("layer_norm {}{}", x, backward ? ", with gradients" : ""),
                backward ? bytes_of({x, x, x, x}) : bytes_of({x, x}), [=](Inputs& inputs) {
                  const Tensors v{inputs(x), inputs({128}), inputs({128})};
                  return with_gradients(inputs, ops::layer_norm(v[0], v[1], v[2]), v, backward);
                });
}

void add_elementwise(std::vector<KernelCase>& cases) {
  const Shape x{kBatch, 16, 16, 128};
  const Shape row{128};
  cases.push_back(memory(fmt::format("tanh {}", x), bytes_of({x, x}),
                         [=](Inputs& inputs) -> Tensors { return {ops::tanh(inputs(x))}; }));
  cases.push_back(
      memory(fmt::format("add {}", x), bytes_of({x, x, x}),
             [=](Inputs& inputs) -> Tensors { return {ops::add(inputs(x), inputs(x))}; }));
  cases.push_back(
      memory(fmt::format("add {} + {}", x, row), bytes_of({x, row, x}),
             [=](Inputs& inputs) -> Tensors { return {ops::add(inputs(x), inputs(row))}; }));
}

void add_reductions(std::vector<KernelCase>& cases) {
  const Shape x{kBatch * 256, 128};
  auto add = [&](const char* what, std::vector<int> axes) {
    cases.push_back(memory(fmt::format("sum {} over {}", x, what), bytes_of({x}),
                           [=](Inputs& inputs) -> Tensors { return {ops::sum(inputs(x), axes)}; }));
  };
  add("rows", {0});
  add("columns", {1});
  add("all", {0, 1});
}

/// An update of as many parameters as vae-mlp-mnist has; the gradients of Σ p are ones.
KernelCase adam() {
  constexpr uint32_t kParameters = 1'167'504;
  // Reads and writes the parameter and two moments, writes and reads the gradient.
  return {.name = fmt::format("adam, {} parameters", kParameters),
          .is_arithmetic = false,
          .amount = 8.0 * sizeof(float) * kParameters,
          .build = [](hal::Device& device, Graph& graph) -> Tensors {
            auto parameters = std::make_shared<nn::Parameters>();
            const uint32_t handle = parameters->add({.name = "weight", .shape = {kParameters}});
            parameters->allocate(device, "bench");
            const Tensor step_state =
                graph.external(device.allocate(16, "bench"), {4}, DType::kU32);
            const optim::Optimizer optimizer(device, *parameters, {});
            optimizer.step(ops::sum(parameters->tensor(graph, handle)), step_state);
            return {};
          }};
}

}  // namespace

std::vector<KernelCase> kernel_cases() {
  std::vector<KernelCase> cases = {
      product(1024, 1024, 1024, "NN"), product(128, 512, 784, "NT"),  product(128, 512, 784, "NN"),
      product(512, 784, 128, "TN"),    product(128, 8192, 128, "NT"),
  };
  add_convolution(cases, {.side = 16, .channels = 128, .small_channels = 256}, false);
  add_convolution(cases, {.side = 32, .channels = 3, .small_channels = 128}, false);
  add_convolution(cases, {.side = 16, .channels = 128, .small_channels = 256}, true);
  add_convolution(cases, {.side = 32, .channels = 3, .small_channels = 128}, true);
  for (const bool backward : {false, true}) cases.push_back(lstm(backward));
  for (const bool backward : {false, true}) cases.push_back(batch_norm(backward));
  for (const bool backward : {false, true}) cases.push_back(layer_norm(backward));
  add_elementwise(cases);
  add_reductions(cases);
  cases.push_back(adam());
  return cases;
}

}  // namespace pumice::benchmark
