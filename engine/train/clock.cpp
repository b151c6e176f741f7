#include "engine/train/clock.h"

#include <array>

#include "engine/hal/pack.h"
#include "kernels/advance.h"
#include "kernels/record.h"

namespace pumice::train {

Clock::Clock(hal::Device& device, std::string_view label)
    : device_(device), buffer_(device.allocate(16, label)) {}

void Clock::set(uint32_t step, uint64_t seed) {
  const std::array<uint32_t, 4> words{step, static_cast<uint32_t>(seed),
                                      static_cast<uint32_t>(seed >> 32), 0};
  device_.write(*buffer_, std::as_bytes(std::span(words)));
}

void Clock::advance(Graph& graph) const {
  graph.add({.kernel = &kernels::advance, .updates = {tensor(graph)}});
}

History::History(hal::Device& device, uint32_t rows, std::string_view label)
    : rows_(rows), buffer_(device.allocate(rows * kColumns * sizeof(float), label)) {}

void History::record(const Tensor& clock, const Tensor& a, const Tensor& b, const Tensor& c,
                     const Tensor& d) const {
  Graph& graph = clock.graph();
  graph.add({
      .kernel = &kernels::record,
      .inputs = {a, b, c, d, clock},
      .updates = {graph.external(buffer_, {rows_, kColumns}, DType::kF32)},
      .params = pack(kernels::RecordParams{.rows = rows_}),
  });
}

}  // namespace pumice::train
