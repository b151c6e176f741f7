#include <cmath>
#include <numbers>

#include "engine/base/philox.h"
#include "engine/graph/step.h"
#include "engine/self_test/cases.h"
#include "engine/self_test/judge.h"

namespace pumice::self_test {
namespace {

constexpr uint64_t kSeed = 0x123456789abcdefull;
constexpr uint32_t kStep = 7;
constexpr uint32_t kCount = 4099;
constexpr double kNormalTolerance = 1e-5;

/// The words of a stream at a step: see shaders/random.
std::vector<uint32_t> words_of(uint32_t stream) {
  std::vector<uint32_t> words;
  for (uint32_t i = 0; words.size() < kCount; ++i) {
    const auto block =
        philox({i, stream, kStep, 0}, {static_cast<uint32_t>(kSeed), uint32_t{kSeed >> 32}});
    words.insert(words.end(), block.begin(), block.end());
  }
  return words;
}

double uniform_of(uint32_t word) { return (word >> 8) * 0x1p-24; }

std::vector<double> uniforms(const std::vector<uint32_t>& words) {
  std::vector<double> result;
  for (uint32_t i = 0; i < kCount; ++i) result.push_back(uniform_of(words[i]));
  return result;
}

/// The Box-Muller transform of pairs of words.
std::vector<double> normals(const std::vector<uint32_t>& words) {
  std::vector<double> result;
  for (size_t i = 0; i + 1 < words.size(); i += 2) {
    const double radius = std::sqrt(-2 * std::log(1 - uniform_of(words[i])));
    const double angle = 2 * std::numbers::pi * uniform_of(words[i + 1]);
    result.push_back(radius * std::cos(angle));
    result.push_back(radius * std::sin(angle));
  }
  result.resize(kCount);
  return result;
}

Tensor step_state(hal::Device& device, Graph& graph) {
  const uint32_t state[] = {kStep, static_cast<uint32_t>(kSeed), uint32_t{kSeed >> 32}, 0};
  const hal::BufferPtr buffer = device.allocate(sizeof(state), "self-test.state");
  device.write(*buffer, std::as_bytes(std::span(state)));
  return graph.external(buffer, {4}, DType::kU32);
}

}  // namespace

Row random_numbers(hal::Device& device) {
  Row row{.family = "random numbers", .variant = "-", .cases = 2};
  judge(row, [&] {
    Graph graph(device.limits());
    const Tensor state = step_state(device, graph);
    const Tensors outputs = {ops::uniform(state, {kCount}), ops::normal(state, {kCount})};
    Step step(device, graph, "self-test", outputs);
    compare(row, step, outputs,
            {{uniforms(words_of(0)), 0}, {normals(words_of(1)), kNormalTolerance}});
  });
  return row;
}

}  // namespace pumice::self_test
