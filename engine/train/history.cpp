#include "engine/train/history.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "kernels/record.h"

namespace pumice::train {

History::History(hal::Device& device, uint32_t rows, uint32_t figures, std::string_view label)
    : rows_(rows), figures_(figures), quads_((figures + 3) / 4) {
  require(rows > 0 && figures > 0, "{}: expects rows and figures, got {} and {}", label, rows,
          figures);
  buffer_ = device.allocate(shape().size() * sizeof(float), label);
}

void History::record(const Tensor& step_state, const Tensors& figures) const {
  require(figures.size() == figures_, "history: expects {} figures, got {}", figures_,
          figures.size());
  Graph& graph = step_state.graph();
  auto figure = [&](uint32_t i) { return figures[std::min(i, figures_ - 1)]; };
  for (uint32_t quad = 0; quad < quads_; ++quad) {
    const uint32_t i = 4 * quad;
    graph.add({
        .kernel = &kernels::record,
        .inputs = {figure(i), figure(i + 1), figure(i + 2), figure(i + 3), step_state},
        .updates = {graph.external(buffer_, shape(), DType::kF32)},
        .params = pack(kernels::RecordParams{.rows = rows_, .quads = quads_, .quad = quad}),
    });
  }
}

std::vector<std::vector<double>> History::rows_of(hal::Readback& read, uint32_t begin,
                                                  uint32_t end) const {
  const std::vector<float> values = to_floats(read.take(), shape().size());
  std::vector<std::vector<double>> rows;
  for (uint32_t step = begin; step < end; ++step) {
    auto row = values.begin() + static_cast<ptrdiff_t>(step % rows_) * 4 * quads_;
    rows.emplace_back(row, row + figures_);
  }
  return rows;
}

}  // namespace pumice::train
