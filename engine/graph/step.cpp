#include "engine/graph/step.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/require.h"
#include "engine/hal/device_clock.h"

namespace pumice {

Step::Step(hal::Device& device, const Graph& graph, std::string_view name, const Tensors& outputs,
           Sharing sharing)
    : Step(device, lower(graph, name, outputs, sharing)) {
  program_ = device.compile(lowered_.plan);
}

Step::Step(hal::Device& device, LoweredPlan lowered)
    : device_(device), lowered_(std::move(lowered)) {
  for (size_t i = 0; i < lowered_.plan.buffers.size(); ++i) {
    if (lowered_.plan.buffers[i]) continue;
    lowered_.plan.buffers[i] = device.allocate(
        lowered_.missing_bytes[i], fmt::format("{}/activation[{}]", lowered_.plan.name, i));
  }
}

std::optional<double> Step::run_timed() {
  auto* clock = dynamic_cast<hal::DeviceClock*>(&device_);
  if (clock != nullptr && is_its_plan()) return clock->run_timed(*program_);
  run();
  return std::nullopt;
}

std::unique_ptr<hal::Readback> Step::read(const Tensor& output) {
  const TensorInfo& info = output.graph().info(output);
  require(info.parts.empty(), "{}: a joined tensor of shape {} must be read part by part",
          lowered_.plan.name, info.shape);
  const uint64_t bytes = padded_bytes(info.shape, info.dtype);
  if (info.external) return device_.read(*info.external, {info.byte_offset, bytes});
  auto view = lowered_.view_of_root.find(info.root);
  require(view != lowered_.view_of_root.end(), "{}: a tensor of shape {} is not an output",
          lowered_.plan.name, info.shape);
  return device_.read(*lowered_.plan.buffers[view->second.buffer], {view->second.offset, bytes});
}

std::vector<float> Step::read_floats(const Tensor& output) {
  require(output.dtype() == DType::kF32, "read_floats: expects f32, got {}", output.dtype());
  std::vector<float> all;
  for (const Tensor& part : output.graph().parts(output)) {
    const std::vector<float> values = to_floats(read(part)->take(), part.size());
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

uint64_t Step::activation_bytes() const {
  uint64_t total = 0;
  for (uint64_t bytes : lowered_.missing_bytes) total += bytes;
  return total;
}

std::vector<float> to_floats(const std::vector<std::byte>& bytes, uint64_t count) {
  require(bytes.size() >= count * sizeof(float), "to_floats: expects {} bytes, got {}",
          count * sizeof(float), bytes.size());
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.data(), count * sizeof(float));
  return values;
}

std::optional<BadTensor> first_bad_tensor(Step& step, const Graph& graph) {
  for (const Node& node : graph.nodes()) {
    if (!node.kernel) continue;
    for (const Tensor& output : node.outputs) {
      bool was_run = step.lowered().view_of_root.contains(graph.info(output).root);
      if (!was_run || output.dtype() != DType::kF32) continue;
      const std::vector<float> values = step.read_floats(output);
      auto bad = std::find_if_not(values.begin(), values.end(),
                                  [](float value) { return std::isfinite(value); });
      if (bad == values.end()) continue;
      return BadTensor{.label = node.label,
                       .shape = output.shape(),
                       .index = static_cast<uint64_t>(bad - values.begin()),
                       .value = *bad};
    }
  }
  return std::nullopt;
}

}  // namespace pumice
