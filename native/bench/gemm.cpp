// Our matrix multiplication against OpenBLAS, taking turns so that noise of the machine meets both:
// medians and their ratio, and the ratio of the fastest turns. On a busy machine the medians
// flatter us (OpenBLAS's threads wait for each other, spinning); believe them only where both
// ratios agree.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <functional>
#include <span>

#ifdef PUMICE_OPENBLAS
#include <cblas.h>
#endif

#include "engine/base/require.h"
#include "engine/hal/vulkan/vulkan_device.h"
#include "engine/ops/gemm.h"
#include "engine/ops/self_test.h"

namespace pumice {
namespace {

using ops::GemmShape;
using Floats = std::vector<float>;
using Seconds = std::chrono::duration<double>;

struct Row {
  std::string what;
  GemmShape shape;
};

// The yardstick, then the multiplications of a training step of vae-mlp-mnist, batch 128.
const std::vector<Row> kRows = {
    {"yardstick", {256, 784, 400, false, false}},
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

double seconds(const std::function<void()>& action) {
  auto start = std::chrono::steady_clock::now();
  action();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

/// One shape on both sides; each call of run_ours() or run_peer() multiplies `repeats` times.
class Contest {
 public:
  Contest(hal::Device& device, const hal::Limits& limits, const GemmShape& shape)
      : device_(device),
        shape_(shape),
        core_(ops::choose_core(shape, limits)),
        repeats_(std::clamp(static_cast<int>(1e9 / flops(shape)), 1, 50)),
        a_(numbers(size_t{shape.m} * shape.k)),
        b_(numbers(size_t{shape.k} * shape.n)),
        c_(size_t{shape.m} * shape.n) {
    done_ = device.allocate(16, "done");
    program_ = device.compile(plan(limits));
  }

  std::string_view core() const { return name(core_); }
  int repeats() const { return repeats_; }

  void run_ours() {
    device_.run(*program_);
    device_.read(*done_)->take();  // waits for all that was queued before
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
  hal::Plan plan(const hal::Limits& limits) {
    hal::Plan plan{.name = "gemm", .buffers = {}, .dispatches = {}};
    ops::GemmLaunch launch = ops::launch(core_, shape_, {}, limits);
    for (const Floats* values : {&a_, &b_, &c_}) {
      plan.buffers.push_back(device_.allocate(4 * values->size(), "gemm"));
      device_.write(*plan.buffers.back(), std::as_bytes(std::span(*values)));
    }
    hal::Dispatch dispatch{.kernel = launch.kernel,
                           .bindings = {},
                           .params = launch.params,
                           .constants = launch.constants,
                           .grid = launch.grid,
                           .label = "gemm"};
    for (uint32_t buffer : {0, 1, 1, 2}) {
      dispatch.bindings.push_back({buffer, 0, plan.buffers[buffer]->bytes()});
    }
    plan.dispatches.assign(static_cast<size_t>(repeats_), dispatch);
    return plan;
  }

  hal::Device& device_;
  GemmShape shape_;
  ops::GemmCore core_;
  int repeats_;
  Floats a_, b_, c_;
  hal::BufferPtr done_;
  std::unique_ptr<hal::Program> program_;
};

void measure(hal::Device& device, const hal::Limits& limits, const Row& row, int rounds) {
  Contest contest(device, limits, row.shape);
  contest.run_ours();  // compiles
#ifdef PUMICE_OPENBLAS
  contest.run_peer();  // starts its threads
#endif
  std::vector<double> ours, peer;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(seconds([&] { contest.run_ours(); }) / contest.repeats());
#ifdef PUMICE_OPENBLAS
    peer.push_back(seconds([&] { contest.run_peer(); }) / contest.repeats());
#endif
  }
  const GemmShape& s = row.shape;
  fmt::print("{:<27} {:>4} {:>4} {:>4} {}{} {:<17} {:8.3f} ms {:7.1f} GFLOP/s", row.what, s.m, s.n,
             s.k, s.transpose_a ? 'T' : 'N', s.transpose_b ? 'T' : 'N', contest.core(),
             median(ours) * 1e3, flops(s) / median(ours) * 1e-9);
  if (!peer.empty()) {
    fmt::print("   OpenBLAS {:7.3f} ms   ratio {:.3f}, of the fastest {:.3f}", median(peer) * 1e3,
               median(peer) / median(ours), fastest(peer) / fastest(ours));
  }
  fmt::print("\n");
}

int run(int argc, char** argv) {
  CLI::App app("Matrix multiplication against OpenBLAS. Example: bench_gemm --device lavapipe");
  std::string device_name;
  int rounds = 21, threads = 2;
  app.add_option("--device", device_name, "index, type or part of the name");
  app.add_option("--rounds", rounds, "measurements of each shape")->check(CLI::PositiveNumber);
  app.add_option("--threads", threads, "of OpenBLAS")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
#ifdef PUMICE_OPENBLAS
  openblas_set_num_threads(threads);
#endif
  auto device = hal::vulkan::create_device({.device = device_name});
  hal::Limits limits = ops::tested_limits(*device);
  fmt::print("{} ({})\n", limits.device_name, limits.driver);
  for (const Row& row : kRows) measure(*device, limits, row, rounds);
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) try {
  return pumice::run(argc, argv);
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_gemm: {}\n", error.what());
  return 1;
}
