#include "engine/train/watch.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/optim/ranges.h"
#include "kernels/magnitudes.h"

namespace pumice::train {
namespace {

constexpr uint32_t kInfinity = 0x7f800000;

uint32_t watch_threads(const hal::Limits& limits) {
  return limits.prefers.many_threads ? 16384 : 1024;
}

struct Place {
  hal::BufferPtr buffer;
  optim::Range range;
};

std::vector<Place> places_of(const std::vector<Watch::Memory>& watched, const hal::Limits& limits) {
  std::vector<Place> places;
  for (const Watch::Memory& memory : watched) {
    for (const optim::Range& range : optim::ranges_of(memory.buffer->bytes(), limits)) {
      places.push_back({memory.buffer, range});
    }
  }
  return places;
}

/// The tensor that holds the number `index` of the memory.
const nn::Parameter& tensor_at(const Watch::Memory& memory, uint64_t index) {
  const nn::Parameter* holder = &memory.layout->list().front();
  for (const nn::Parameter& parameter : memory.layout->list()) {
    const bool begins_before = parameter.byte_offset <= index * sizeof(float);
    if (begins_before && parameter.byte_offset >= holder->byte_offset) holder = &parameter;
  }
  return *holder;
}

}  // namespace

Watch::Watch(hal::Device& device, std::vector<Memory> watched)
    : device_(device), watched_(std::move(watched)) {
  const std::vector<Place> places = places_of(watched_, device.limits());
  const uint32_t threads = watch_threads(device.limits());
  const uint64_t bytes = threads * sizeof(uint32_t);
  largest_ = device.allocate(places.size() * bytes, "watch");
  Graph graph(device.limits());
  for (size_t i = 0; i < places.size(); ++i) {
    const auto& [buffer, range] = places[i];
    graph.add({
        .kernel = &kernels::magnitudes,
        .inputs = {optim::range_of(graph, buffer, range)},
        .updates = {graph.external(largest_, {threads}, DType::kU32, i * bytes)},
        .params = pack(kernels::MagnitudesParams{.count = range.count, .threads = threads}),
        .grid = ops::grid_for(threads, kernels::magnitudes, device.limits()),
    });
  }
  program_ = std::make_unique<Step>(device, graph, "watch");
}

std::unique_ptr<hal::Readback> Watch::run() {
  program_->run();
  return device_.read(*largest_);
}

bool Watch::is_bad(hal::Readback& read) {
  const std::vector<std::byte> bytes = read.take();
  std::vector<uint32_t> largest(bytes.size() / sizeof(uint32_t));
  std::memcpy(largest.data(), bytes.data(), largest.size() * sizeof(uint32_t));
  return std::ranges::any_of(largest, [](uint32_t bits) { return bits >= kInfinity; });
}

std::optional<Watch::Bad> Watch::find() const {
  for (const Memory& memory : watched_) {
    const std::vector<std::byte> bytes = device_.read(*memory.buffer)->take();
    const std::vector<float> values = to_floats(bytes, bytes.size() / sizeof(float));
    const auto found =
        std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
    if (found == values.end()) continue;
    const auto index = static_cast<uint64_t>(found - values.begin());
    const nn::Parameter& tensor = tensor_at(memory, index);
    return Bad{.tensor = memory.name.empty() ? tensor.name : memory.name + " of " + tensor.name,
               .index = index - tensor.byte_offset / sizeof(float),
               .value = *found};
  }
  return {};
}

}  // namespace pumice::train
