#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/graph/step.h"
#include "engine/models/decoding.h"

namespace pumice::models {

/// One direction of a model, in one pass or several: programs that map [batch, in], with labels if
/// conditional, to [batch, out], between buffers.
class Direction {
 public:
  using Labels = std::span<const uint32_t>;
  using Passes = std::vector<DecodePass>;
  /// Builds a program. The input rows are passed as latents; the output rows are its images.
  using Function = std::function<Decoded(uint32_t program, const DecodeInput& input)>;

  struct Sizes {
    uint32_t batch = 0;
    uint32_t in = 0;
    uint32_t out = 0;
    uint32_t classes = 0;  ///< 0: without labels
  };

  /// `device` must outlive this.
  Direction(hal::Device& device, std::string name, const Sizes& sizes, Function function);

  /// Runs the passes for at most one batch; the results are the first rows of the readback.
  std::unique_ptr<hal::Readback> start(const Passes& passes, std::span<const float> rows,
                                       Labels labels);
  /// What each of the passes gives for at most one batch, [rows, out] each. Waits for the device.
  std::vector<std::vector<float>> run_each(const Passes& passes, std::span<const float> rows,
                                           Labels labels);
  /// Runs them batch by batch, and waits for the device.
  std::vector<float> run(const Passes& passes, std::span<const float> rows, Labels labels);

  /// Kernel launches needed for these passes.
  size_t dispatches(const Passes& passes);

 private:
  struct Program {
    hal::BufferPtr numbers;  ///< null if passes have none
    std::unique_ptr<Step> step;
  };

  void write(std::span<const float> rows, Labels labels);
  void run_pass(const DecodePass& pass, bool is_first);
  Program& program(const DecodePass& pass);
  Program compile(const DecodePass& pass);
  void write_labels(Labels labels, size_t rows);
  Step& next_to_input();

  hal::Device& device_;
  std::string name_;
  Sizes sizes_;
  Function function_;
  hal::BufferPtr input_;
  hal::BufferPtr labels_;  ///< null without labels
  hal::BufferPtr next_;    ///< the input of the next pass; null if there is a single pass
  hal::BufferPtr output_;
  std::map<uint32_t, Program> programs_;
  std::unique_ptr<Step> copy_;  ///< from next_ to input_
};

}  // namespace pumice::models
