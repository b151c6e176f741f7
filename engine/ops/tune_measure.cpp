#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <span>

#include "engine/graph/lower.h"
#include "engine/ops/convolve.h"
#include "engine/ops/ops.h"
#include "engine/ops/tune.h"

namespace pumice::ops {
namespace {

constexpr double kSampleSeconds = 4e-3;
constexpr double kMostCopies = 16;
constexpr double kMostRuns = 64;
constexpr size_t kSamples = 3;
constexpr double kHopeless = 3;     // times the best
constexpr double kSlack = 1e-3;     // seconds that a submission may take
constexpr double kCompilation = 1;  // seconds that it may take
constexpr double kSlow = 0.05;      // seconds that need no repeats

/// The shapes of the two operands.
using Operands = std::array<Shape, 2>;

Shape input_of(const ConvShape& s) { return {s.batch, s.in_height, s.in_width, s.in_channels}; }

Operands operands(const GemmShape& s) {
  return {s.transpose_a ? Shape{s.k, s.m} : Shape{s.m, s.k},
          s.transpose_b ? Shape{s.n, s.k} : Shape{s.k, s.n}};
}

Operands operands(const ConvShape& s) {
  return {input_of(s), s.transposed
                           ? Shape{s.kernel_height, s.kernel_width, s.out_channels, s.in_channels}
                           : Shape{s.kernel_height, s.kernel_width, s.in_channels, s.out_channels}};
}

Operands operands(const ConvWeights& w) {
  const ConvShape& s = w.conv;
  return {input_of(s), Shape{s.batch, s.out_height, s.out_width, s.out_channels}};
}

Tensor compute(const GemmShape& s, const Tensor& a, const Tensor& b) {
  return matmul(a, b, {.transpose_a = s.transpose_a, .transpose_b = s.transpose_b});
}

Tensor compute(const ConvShape& s, const Tensor& x, const Tensor& weight) {
  return convolve(x, weight, s, {});
}

Tensor compute(const ConvWeights& w, const Tensor& x, const Tensor& dy) {
  return convolve_weights(x, dy, w.conv);
}

std::vector<float> noise(uint64_t count) {
  std::vector<float> values(count);
  for (uint64_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 7919 % 201) / 100 - 1;
  return values;
}

/// Measures the choices for one problem after the other.
class Meter {
 public:
  explicit Meter(hal::Device& device)
      : device_(device), probe_(device.allocate(16, "tune.probe")) {}

  double seconds(const Problem& problem, const CoreChoice& choice, double best) try {
    if (key_for(problem) != key_) prepare(problem);
    const hal::Plan plan = plan_of(problem, choice);
    auto program = device_.compile(plan);
    const double compiled = seconds_of(*program, 1);  // compiles pipelines, too
    if (compiled > kHopeless * best + kCompilation) return compiled;
    const double first = seconds_of(*program, 1);
    if (first > kHopeless * best + kSlack) return first;
    if (first > kSlow) return std::min(first, seconds_of(*program, 1));
    const auto copies = static_cast<uint32_t>(std::clamp(kSampleSeconds / first, 1.0, kMostCopies));
    if (copies > 1) program = device_.compile(repeated(plan, copies));
    return median_of(*program) / copies;
  } catch (const hal::OutOfMemory&) {
    return std::numeric_limits<double>::infinity();
  }

 private:
  std::string key_for(const Problem& problem) {
    return key_of(problem, precision_on(device_.limits()));
  }

  void prepare(const Problem& problem) {
    const Operands shapes = std::visit([](const auto& p) { return operands(p); }, problem);
    key_.clear();
    inputs_ = {};
    for (size_t i = 0; i < shapes.size(); ++i) {
      const std::vector<float> values = noise(shapes[i].size());
      inputs_[i] = device_.allocate(padded_bytes(shapes[i], DType::kF32), "tune.operand");
      device_.write(*inputs_[i], std::as_bytes(std::span(values)));
    }
    key_ = key_for(problem);
  }

  /// The dispatches of one run, as ops append them to a graph that finds this choice in its table.
  hal::Plan plan_of(const Problem& problem, const CoreChoice& choice) {
    hal::Limits limits = device_.limits();
    limits.tuning =
        std::make_shared<hal::Tuning>(hal::Tuning::Choices{{key_, kernel_choice(choice)}});
    Graph graph(limits);
    const Tensor y = std::visit(
        [&](const auto& p) {
          const Operands shapes = operands(p);
          return compute(p, graph.external(inputs_[0], shapes[0], DType::kF32),
                         graph.external(inputs_[1], shapes[1], DType::kF32));
        },
        problem);
    LoweredPlan lowered = lower(graph, "tune " + key_, {y});
    for (size_t i = 0; i < lowered.plan.buffers.size(); ++i) {
      if (lowered.plan.buffers[i]) continue;
      lowered.plan.buffers[i] = device_.allocate(lowered.missing_bytes[i], "tune.result");
    }
    return lowered.plan;
  }

  // Each copy writes what the one before wrote, so that there are barriers between them.
  static hal::Plan repeated(const hal::Plan& plan, uint32_t copies) {
    hal::Plan all{.name = plan.name, .buffers = plan.buffers, .dispatches = {}};
    for (uint32_t i = 0; i < copies; ++i) {
      all.dispatches.insert(all.dispatches.end(), plan.dispatches.begin(), plan.dispatches.end());
    }
    return all;
  }

  double median_of(hal::Program& program) {
    const double once = seconds_of(program, 1);
    const auto runs = static_cast<uint32_t>(std::clamp(kSampleSeconds / once, 1.0, kMostRuns));
    std::array<double, kSamples> samples = {};
    for (double& sample : samples) sample = seconds_of(program, runs) / runs;
    std::ranges::sort(samples);
    return samples[kSamples / 2];
  }

  double seconds_of(hal::Program& program, uint32_t runs) {
    const double begin = steady_seconds();
    for (uint32_t i = 0; i < runs; ++i) device_.run(program);
    device_.read(*probe_)->take();
    return steady_seconds() - begin;
  }

  hal::Device& device_;
  hal::BufferPtr probe_;
  std::string key_;
  std::array<hal::BufferPtr, 2> inputs_;
};

}  // namespace

Measure measure_on(hal::Device& device) {
  return [meter = std::make_shared<Meter>(device)](const Problem& problem, const CoreChoice& choice,
                                                   double best) {
    return meter->seconds(problem, choice, best);
  };
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace pumice::ops
