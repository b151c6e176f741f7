#include "engine/train/history.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "kernels/record.h"

namespace pumice::train {

History::History(hal::Device& device, uint32_t rows, uint32_t metrics, std::string_view label)
    : rows_(rows), metrics_(metrics), quads_((metrics + 3) / 4) {
  require(rows > 0 && metrics > 0, "{}: expects rows and metrics, got {} and {}", label, rows,
          metrics);
  buffer_ = device.allocate(shape().size() * sizeof(float), label);
}

void History::record(const Tensor& step_state, const Tensors& metrics) const {
  require(metrics.size() == metrics_, "history: expects {} metrics, got {}", metrics_,
          metrics.size());
  Graph& graph = step_state.graph();
  auto metric = [&](uint32_t i) { return metrics[std::min(i, metrics_ - 1)]; };
  for (uint32_t quad = 0; quad < quads_; ++quad) {
    const uint32_t i = 4 * quad;
    graph.add({
        .kernel = &kernels::record,
        .inputs = {metric(i), metric(i + 1), metric(i + 2), metric(i + 3), step_state},
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
    rows.emplace_back(row, row + metrics_);
  }
  return rows;
}

}  // namespace pumice::train
