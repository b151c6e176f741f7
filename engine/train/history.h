#pragma once

#include "engine/graph/graph.h"

namespace pumice::train {

/// The metrics of the most recent steps, one row each, kept on the device until the host reads
/// them.
class History {
 public:
  /// Keeps `metrics` numbers for each of the last `rows` steps.
  History(hal::Device& device, uint32_t rows, uint32_t metrics, std::string_view label);

  /// Appends row[step mod rows] = metrics, each a tensor of one element.
  void record(const Tensor& step_state, const Tensors& metrics) const;

  /// The rows of steps begin … end-1 (at most rows() of them) from a readback of buffer().
  std::vector<std::vector<double>> rows_of(hal::Readback& read, uint32_t begin, uint32_t end) const;

  uint32_t rows() const { return rows_; }
  /// [rows, metrics rounded up to a multiple of four].
  Shape shape() const { return {rows_, 4 * quads_}; }
  const hal::BufferPtr& buffer() const { return buffer_; }

 private:
  uint32_t rows_;
  uint32_t metrics_;
  uint32_t quads_;
  hal::BufferPtr buffer_;
};

}  // namespace pumice::train
