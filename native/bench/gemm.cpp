// Our matrix multiplication against OpenBLAS, alternating so that both see the same noise of the
// machine: medians, their ratio, and the ratio of the fastest rounds. Trust the medians only if
// both ratios agree: on a busy machine they flatter us (OpenBLAS's threads wait for each other,
// spinning), and without OPENBLAS_THREAD_TIMEOUT=20 its threads spin after their work, too, and may
// take a processor from ours. On CPU devices `--processor-time` is hardly affected by other load:
// it compares processor seconds with those of OpenBLAS on one thread.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <span>

#ifdef PUMICE_OPENBLAS
#include <cblas.h>
#endif

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/hal/device_with_limits.h"
#include "engine/ops/ops.h"
#include "engine/ops/shares.h"
#include "native/bench/program.h"
#include "native/devices/devices.h"

namespace pumice {
namespace {

using ops::GemmShape;
using Floats = std::vector<float>;
using Seconds = std::chrono::duration<double>;

struct Row {
  std::string what;
  GemmShape shape;
};

// Squares as a reference, skinny products of GANs and LSTMs, then the products of a training step
// of vae-mlp-mnist, batch 128.
const std::vector<Row> kRows = {
    {"yardstick", {256, 784, 400, false, false}},
    {"square 1024", {1024, 1024, 1024, false, false}},
    {"square 2048", {2048, 2048, 2048, false, false}},
    {"square 4096", {4096, 4096, 4096, false, false}},
    {"one logit 8192", {128, 1, 8192, false, false}},
    {"one step 28 -> 512", {128, 512, 28, false, true}},
    {"one step 128 -> 512", {128, 512, 128, false, true}},
    {"step's gradient 512 -> 128", {128, 128, 512, false, false}},
    {"all steps' weights 512 x 28", {512, 28, 3584, true, false}},
    {"all steps' weights 512 x 128", {512, 128, 3584, true, false}},
    {"images 8192 -> 512", {128, 512, 8192, false, true}},
    {"latent 128 -> 4 x 4 x 512", {128, 8192, 128, false, true}},
    {"small channels 64 x 64", {65536, 64, 64, false, false}},
    {"forward 784 -> 512", {128, 512, 784, false, true}},
    {"forward 512 -> 256", {128, 256, 512, false, true}},
    {"forward 256 -> 256", {128, 256, 256, false, true}},
    {"forward 512 -> 784", {128, 784, 512, false, true}},
    {"input gradient 256 -> 512", {128, 512, 256, false, false}},
    {"input gradient 784 -> 512", {128, 512, 784, false, false}},
    {"weight gradient 784 -> 512", {512, 784, 128, true, false}},
    {"weight gradient 512 -> 256", {256, 512, 128, true, false}},
    {"weight gradient 512 -> 784", {784, 512, 128, true, false}},
};

double flops(const GemmShape& shape) { return 2.0 * shape.m * shape.n * shape.k; }

Floats numbers(size_t count) {
  Floats values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 7919 % 201) / 100 - 1;
  return values;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double fastest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// Wall-clock time, or the processor time of all threads of this process.
enum class Clock : uint8_t { kWall, kProcessor };

double now(Clock clock) {
  if (clock == Clock::kProcessor) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(Clock clock, const std::function<void()>& action) {
  double start = now(clock);
  action();
  return now(clock) - start;
}

/// One shape on both sides; each call of run_ours() or run_peer() multiplies `repeats` times.
class Contest {
 public:
  Contest(hal::Device& device, const GemmShape& shape, int repeats)
      : device_(device),
        shape_(shape),
        repeats_(repeats > 0 ? repeats : std::clamp(static_cast<int>(1e9 / flops(shape)), 1, 50)),
        a_(numbers(size_t{shape.m} * shape.k)),
        b_(numbers(size_t{shape.k} * shape.n)),
        c_(size_t{shape.m} * shape.n) {
    done_ = device.allocate(16, "done");
    build();
  }

  /// The kernels of one product, and the number of parts into which its sum is split.
  const std::string& kernels() const { return kernels_; }
  int repeats() const { return repeats_; }

  void run_ours() {
    device_.run(*program_);
    device_.read(*done_)->take();  // waits for everything queued before
  }

#ifdef PUMICE_OPENBLAS
  void run_peer() {
    auto m = static_cast<int>(shape_.m), n = static_cast<int>(shape_.n);
    auto k = static_cast<int>(shape_.k);
    for (int i = 0; i < repeats_; ++i) {
      cblas_sgemm(CblasRowMajor, shape_.transpose_a ? CblasTrans : CblasNoTrans,
                  shape_.transpose_b ? CblasTrans : CblasNoTrans, m, n, k, 1, a_.data(),
                  shape_.transpose_a ? m : k, b_.data(), shape_.transpose_b ? k : n, 0, c_.data(),
                  n);
    }
  }
#endif

 private:
  void build() {
    Graph graph(device_.limits());
    const auto [m, n, k, transpose_a, transpose_b] = shape_;
    const Tensor a = matrix(graph, a_, transpose_a ? Shape{k, m} : Shape{m, k});
    const Tensor b = matrix(graph, b_, transpose_b ? Shape{n, k} : Shape{k, n});
    const Tensor c = ops::matmul(a, b, {.transpose_a = transpose_a, .transpose_b = transpose_b});
    const Step step(device_, graph, "gemm", {c});
    hal::Plan plan = step.plan();
    for (const hal::Dispatch& dispatch : plan.dispatches) {
      kernels_ += fmt::format("{}{}", kernels_.empty() ? "" : " ", dispatch.kernel->name);
    }
    if (plan.dispatches[0].grid[2] > 1) kernels_ += fmt::format(" x{}", plan.dispatches[0].grid[2]);
    const std::vector<hal::Dispatch> one = plan.dispatches;
    for (int i = 1; i < repeats_; ++i) {
      plan.dispatches.insert(plan.dispatches.end(), one.begin(), one.end());
    }
    program_ = device_.compile(plan);
  }

  Tensor matrix(Graph& graph, const Floats& values, const Shape& shape) {
    hal::BufferPtr buffer = device_.allocate(padded_bytes(shape, DType::kF32), "gemm");
    device_.write(*buffer, std::as_bytes(std::span(values)));
    return graph.external(buffer, shape, DType::kF32);
  }

  hal::Device& device_;
  GemmShape shape_;
  std::string kernels_;
  int repeats_;
  Floats a_, b_, c_;
  hal::BufferPtr done_;
  std::unique_ptr<hal::Program> program_;
};

struct Settings {
  int rounds = 21;
  int repeats = 0;  ///< products per submit; 0: as many as take a measurable time
  int threads = 2;  ///< of OpenBLAS
  Clock clock = Clock::kWall;
};

void measure(hal::Device& device, const Row& row, const Settings& settings) {
  Contest contest(device, row.shape, settings.repeats);
  contest.run_ours();  // compiles
#ifdef PUMICE_OPENBLAS
  contest.run_peer();  // starts its threads
#endif
  std::vector<double> ours, peer;
  for (int round = 0; round < settings.rounds; ++round) {
    ours.push_back(seconds(settings.clock, [&] { contest.run_ours(); }) / contest.repeats());
#ifdef PUMICE_OPENBLAS
    peer.push_back(seconds(settings.clock, [&] { contest.run_peer(); }) / contest.repeats());
#endif
  }
  const GemmShape& s = row.shape;
  fmt::print("{:<28} {:>5} {:>4} {:>4} {}{} {:8.1f} us {:8.1f} GFLOP/s  {:<17}", row.what, s.m, s.n,
             s.k, s.transpose_a ? 'T' : 'N', s.transpose_b ? 'T' : 'N', median(ours) * 1e6,
             flops(s) / median(ours) * 1e-9, contest.kernels());
  if (!peer.empty()) {
    fmt::print("   OpenBLAS {:7.3f} ms   ratio {:.3f}, of the fastest {:.3f}", median(peer) * 1e3,
               median(peer) / median(ours), fastest(peer) / fastest(ours));
  }
  fmt::print("\n");
}

int run(int argc, char** argv) {
  CLI::App app("Matrix multiplication against OpenBLAS. Example: bench_gemm --device lavapipe");
  std::string device_name, core, precision = "f32";
  Settings settings;
  bool processor_time = false;
  app.add_option("--device", device_name, "index, type or part of the name");
  app.add_option("--rounds", settings.rounds, "measurements of each shape")
      ->check(CLI::PositiveNumber);
  app.add_option("--repeats", settings.repeats, "products in a submit")->check(CLI::PositiveNumber);
  app.add_option("--core", core, "instead of the rule's choice: tile, block_64, block_128, ...");
  app.add_option("--precision", precision, "f32, mixed or split")->capture_default_str();
  auto* threads =
      app.add_option("--threads", settings.threads, "of OpenBLAS")->check(CLI::PositiveNumber);
  app.add_flag("--processor-time", processor_time, "processor seconds, OpenBLAS on one thread")
      ->excludes(threads);
  CLI11_PARSE(app, argc, argv);
  if (processor_time) {
    settings.clock = Clock::kProcessor;
    settings.threads = 1;  // waiting threads spin, which would count as work
  }
#ifdef PUMICE_OPENBLAS
  openblas_set_num_threads(settings.threads);
#endif
  auto opened = all_devices().open({.device = device_name});
  hal::DeviceWithLimits device(*opened,
                               with_precision(opened->limits(), hal::precision_by_name(precision)));
  const hal::Limits& limits = device.limits();
  fmt::print("{} ({})\n", limits.device_name, limits.driver);
  const ops::ForcedCore forced(ops::core_if_named(core));
  for (const Row& row : kRows) measure(device, row, settings);
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) {
  return pumice::bench::run_program("bench_gemm", [&] { return pumice::run(argc, argv); });
}
