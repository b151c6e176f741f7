// Times the products of convolutional layers: the output and the gradients for the input, the
// weight and the bias. Without --layer it prints a table of the zoo's layers. With --layer it reads
// "run N" lines and answers with the seconds that N products took, so that peers/interleave.py can
// alternate them with PyTorch's.
//   bench_conv [--device NAME] [--batch N] [--core NAME]
// On CPU devices `--processor-time` is hardly affected by other load: it compares processor seconds
// with those of PyTorch on one thread.
//   bench_conv --layer "tconv 128 128 k4 s2 14" --product weight
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <sstream>

#include "engine/graph/step.h"
#include "engine/hal/device_with_limits.h"
#include "engine/ops/convolve.h"
#include "engine/ops/shares.h"
#include "native/bench/program.h"
#include "native/devices/devices.h"

namespace pumice {
namespace {

using Seconds = std::chrono::duration<double>;

// Input and output channels, kernel, stride, and the extent of the square input images; "same"
// padding. The layers of gan-conv-mnist, of a DCGAN for 32 x 32, and of vae-lstm-seq-mnist.
constexpr std::string_view kLayers[] = {
    "conv 1 64 k3 s2 28",     "conv 64 64 k3 s2 14",  "tconv 128 128 k4 s2 7",
    "tconv 128 128 k4 s2 14", "conv 128 1 k7 s1 28",  "conv 3 64 k4 s2 32",
    "conv 64 128 k4 s2 16",   "conv 128 256 k4 s2 8", "tconv 512 256 k4 s2 4",
    "tconv 256 128 k4 s2 8",  "tconv 128 3 k4 s2 16", "tconv 1 32 k3 s1 14",
    "tconv 32 64 k3 s1 14",   "tconv 64 64 k3 s2 14", "conv 128 256 k4 s2 16",
    "conv 256 512 k4 s2 8",
};

/// Wall-clock time, or the processor time of all threads of this process.
enum class Clock : uint8_t { kWall, kProcessor };

double now(Clock clock) {
  if (clock == Clock::kProcessor) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

enum class Product : uint8_t { kForward, kInput, kWeight, kBias };
const std::map<std::string, Product> kProducts = {{"forward", Product::kForward},
                                                  {"input", Product::kInput},
                                                  {"weight", Product::kWeight},
                                                  {"bias", Product::kBias}};

struct Layer {
  bool transposed = false;
  uint32_t in = 0, out = 0, kernel = 0, stride = 0, extent = 0;

  uint32_t out_extent() const {
    return transposed ? extent * stride : (extent + stride - 1) / stride;
  }
  /// Multiply-adds with pixels, padding included.
  double flops(uint32_t batch) const {
    double pixels = std::min(extent, out_extent());
    return 2.0 * batch * pixels * pixels * kernel * kernel * in * out;
  }
};

Layer parse(std::string text) {
  std::string kind;
  char k = 0, s = 0;
  Layer layer;
  std::istringstream stream(text);
  stream >> kind >> layer.in >> layer.out >> k >> layer.kernel >> s >> layer.stride >> layer.extent;
  layer.transposed = kind == "tconv";
  require(stream && k == 'k' && s == 's' && (layer.transposed || kind == "conv"),
          "expects a layer like 'conv 64 128 k4 s2 16', got '{}'", text);
  return layer;
}

/// One product of one layer, ready to run.
class Contest {
 public:
  Contest(hal::Device& device, const Layer& layer, uint32_t batch, Product product)
      : device_(device) {
    Graph graph(device.limits());
    Tensor x = numbers(graph, {batch, layer.extent, layer.extent, layer.in});
    Tensor dy = numbers(graph, {batch, layer.out_extent(), layer.out_extent(), layer.out});
    Tensor weight = layer.transposed
                        ? numbers(graph, {layer.kernel, layer.kernel, layer.out, layer.in})
                        : numbers(graph, {layer.kernel, layer.kernel, layer.in, layer.out});
    Tensor bias = numbers(graph, {layer.out});
    Tensor result = product == Product::kBias ? ops::sum_over_pixels(dy)
                    : layer.transposed        ? transposed(layer, product, x, dy, weight, bias)
                                              : straight(layer, product, x, dy, weight, bias);
    step_ = std::make_unique<Step>(device, graph, "conv", Tensors{result});
    done_ = device.allocate(16, "done");
  }

  double run(uint32_t times, Clock clock) {
    double begin = now(clock);
    for (uint32_t i = 0; i < times; ++i) step_->run();
    device_.read(*done_)->take();  // waits for everything queued before
    return now(clock) - begin;
  }

  /// The dispatches that compute the product.
  std::string kernels() const {
    std::string names;
    for (const hal::Dispatch& dispatch : step_->plan().dispatches) {
      names += fmt::format("{}{}", names.empty() ? "" : " ", dispatch.kernel->name);
    }
    return names;
  }

 private:
  Tensor numbers(Graph& graph, const Shape& shape) {
    std::vector<float> values(shape.size());
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(i * 7919 % 201) / 100 - 1;
    }
    hal::BufferPtr buffer = device_.allocate(padded_bytes(shape, DType::kF32), "bench");
    device_.write(*buffer, std::as_bytes(std::span(values)));
    return graph.external(buffer, shape, DType::kF32);
  }

  static Tensor straight(const Layer& layer, Product product, const Tensor& x, const Tensor& dy,
                         const Tensor& weight, const Tensor& bias) {
    ops::Padding padding =
        ops::same_padding({layer.extent, layer.extent}, layer.kernel, layer.stride);
    if (product == Product::kForward) {
      return ops::conv2d(x, weight, {.stride = layer.stride, .padding = padding, .bias = bias});
    }
    if (product == Product::kWeight) {
      return ops::conv2d_weight_gradient(x, dy, layer.kernel, layer.kernel, layer.stride, padding);
    }
    return ops::conv_transpose2d(dy, weight,
                                 {.stride = layer.stride,
                                  .padding = padding,
                                  .out_height = layer.extent,
                                  .out_width = layer.extent});
  }

  static Tensor transposed(const Layer& layer, Product product, const Tensor& x, const Tensor& dy,
                           const Tensor& weight, const Tensor& bias) {
    ops::Padding padding = ops::same_padding_transposed(layer.kernel, layer.stride);
    if (product == Product::kForward) {
      return ops::conv_transpose2d(x, weight,
                                   {.stride = layer.stride, .padding = padding, .bias = bias});
    }
    if (product == Product::kWeight) {
      return ops::conv2d_weight_gradient(dy, x, layer.kernel, layer.kernel, layer.stride, padding);
    }
    return ops::conv2d(dy, weight, {.stride = layer.stride, .padding = padding});
  }

  hal::Device& device_;
  std::unique_ptr<Step> step_;
  hal::BufferPtr done_;
};

struct Settings {
  uint32_t batch = 128;
  int rounds = 5;
  uint32_t repeats = 1;  ///< in a row
  Clock clock = Clock::kWall;
};

double median_seconds(Contest& contest, const Settings& settings) {
  contest.run(1, settings.clock);  // compiles
  std::vector<double> seconds(settings.rounds);
  for (double& value : seconds)
    value = contest.run(settings.repeats, settings.clock) / settings.repeats;
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

void print_table(hal::Device& device, const Settings& settings) {
  fmt::print("{} ({}), batch {}\n", device.limits().device_name, device.limits().driver,
             settings.batch);
  for (std::string_view text : kLayers) {
    Layer layer = parse(std::string(text));
    for (const auto& [name, product] : kProducts) {
      Contest contest(device, layer, settings.batch, product);
      double seconds = median_seconds(contest, settings);
      fmt::print("{:<24} {:<8} {:9.3f} ms {:7.1f} GFLOP/s   {}\n", text, name, seconds * 1e3,
                 layer.flops(settings.batch) / seconds * 1e-9, contest.kernels());
    }
  }
}

int run(int argc, char** argv) {
  CLI::App app("Products of convolutional layers. Example: bench_conv --device lavapipe");
  std::string device_name, layer, core, precision = "f32";
  Product product = Product::kForward;
  Settings settings;
  bool processor_time = false;
  app.add_option("--device", device_name, "index, type or part of the name");
  app.add_option("--batch", settings.batch, "images")->check(CLI::PositiveNumber);
  app.add_option("--rounds", settings.rounds, "measurements of each product")
      ->check(CLI::PositiveNumber);
  app.add_option("--repeats", settings.repeats, "of a product in a row")
      ->check(CLI::PositiveNumber);
  app.add_option("--layer", layer, "answer 'run N' with this layer, say 'conv 64 128 k4 s2 16'");
  app.add_option("--product", product, "of the layer: forward, input, weight or bias")
      ->transform(CLI::CheckedTransformer(kProducts));
  app.add_option("--core", core, "instead of the rule's choice: tile, block_64, block_128, ...");
  app.add_option("--precision", precision, "f32, mixed or split")->capture_default_str();
  app.add_flag("--processor-time", processor_time, "processor seconds");
  CLI11_PARSE(app, argc, argv);
  if (processor_time) settings.clock = Clock::kProcessor;
  const auto opened = all_devices().open({.device = device_name});
  hal::DeviceWithLimits device(*opened,
                               with_precision(opened->limits(), hal::precision_by_name(precision)));
  const ops::ForcedCore forced(ops::core_if_named(core));
  if (layer.empty()) {
    print_table(device, settings);
  } else {
    Contest contest(device, parse(layer), settings.batch, product);
    bench::serve([&](uint32_t times) { return contest.run(times, settings.clock); });
  }
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) {
  return pumice::bench::run_program("bench_conv", [&] { return pumice::run(argc, argv); });
}
