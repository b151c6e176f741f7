#include "engine/graph/step_state.h"

#include <array>

#include "kernels/advance.h"

namespace pumice {

StepState::StepState(hal::Device& device, std::string_view label)
    : device_(device), buffer_(device.allocate(16, label)) {}

void StepState::set(uint32_t step, uint64_t seed) {
  const std::array<uint32_t, 4> words{step, static_cast<uint32_t>(seed),
                                      static_cast<uint32_t>(seed >> 32), 0};
  device_.write(*buffer_, std::as_bytes(std::span(words)));
}

void StepState::advance(Graph& graph) const {
  graph.add({.kernel = &kernels::advance, .updates = {tensor(graph)}});
}

}  // namespace pumice
