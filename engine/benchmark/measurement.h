#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/benchmark/gate.h"
#include "engine/benchmark/setting.h"
#include "engine/benchmark/statistics.h"

namespace pumice::benchmark {

/// A measured quantity, with every sample.
struct Measurement {
  std::string name;  ///< unique within its group: "vae-mlp-mnist", "matmul NN 1024 x 1024 x 1024"
  std::string unit;  ///< "images/s", "GFLOP/s", "GB/s", "us"
  std::vector<double> samples;
  std::optional<double> fraction_of_ceiling = {};
  Summary summary() const { return summarize(samples); }
};

/// A workload's training.
struct TrainingResult {
  Measurement speed;  ///< images/s
  uint32_t batch = 0;
  uint32_t frozen_batch = 0;  ///< the workload's; larger than `batch` if it did not fit in memory
  uint32_t steps = 0;         ///< timed
  double first_step_seconds = 0;  ///< compilation included
  double flops_per_image = 0;
  Verdict verdict;
};

/// A dispatch of a step, run alone.
struct DispatchTime {
  std::string program;
  std::string kernel;
  std::string label;
  hal::Grid grid = {};
  bool has_barrier = false;  ///< before it, in the step
  double microseconds = 0;   ///< with a barrier
};

/// A recipe's training step and, for models that generate images, one decode of a batch.
struct RecipeResult {
  Measurement step;  ///< images/s
  uint32_t batch = 0;
  std::string precision = "f32";           ///< of its products: "f32", "mixed" or "split"
  std::optional<Measurement> device = {};  ///< us of a step by the device's own clock
  size_t dispatches = 0;  ///< of a step in which all programs run, as the following
  size_t barriers = 0;
  uint64_t bytes = 0;  ///< device memory that its programs use, data set included
  std::optional<Measurement> decode = {};  ///< images/s
  size_t decode_dispatches = 0;
  std::vector<DispatchTime> dispatch_times = {};  ///< if they were wanted
  std::string problem = {};  ///< why it could not be measured; then the rest is empty
};

/// All that one call of `pumice bench` measured.
struct Result {
  Setting setting;
  double seconds = 0;  ///< of the two workloads together, as asked for
  std::vector<Measurement> ceilings;
  std::vector<TrainingResult> training;
  std::vector<Measurement> kernels;
  std::vector<RecipeResult> recipes;
};

}  // namespace pumice::benchmark
