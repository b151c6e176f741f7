#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/base/require.h"

#include "engine/data/device_dataset.h"
#include "engine/graph/step.h"
#include "engine/nn/vae.h"
#include "engine/optim/adam.h"
#include "engine/train/clock.h"

namespace pumice::train {

struct VaeOptions {
  uint32_t batch = 128;
  double kl_weight = 1;  ///< β of the β-VAE (Higgins et al., 2017)
  uint64_t seed = 1;
  optim::AdamOptions adam;
};

using nn::VaeFigures;

/// Where a run stands; `step` counts from the beginning of training.
struct Progress {
  uint32_t step = 0;
  uint32_t step_in_epoch = 0;
  uint32_t steps_per_epoch = 0;
  VaeFigures latest;  ///< of a step a little earlier: metrics are read late
};

/// A run that ended early because a number stopped being finite.
class NotFinite : public Error {
 public:
  using Error::Error;
};

/// What training changes beside the parameters, as named memory: a checkpoint holds it.
struct NamedState {
  std::string name;  ///< "optimizer.first_moment", "train.history"
  hal::BufferPtr buffer;
  std::optional<Shape> shape;  ///< of f32; absent: laid out like the parameters
};

/// Trains a VAE: loops with callbacks, no files, no printing.
class VaeTrainer {
 public:
  /// Builds and compiles the programs. `device`, `vae` and `parameters` (allocated) must outlive
  /// this; the image sets are only read.
  VaeTrainer(hal::Device& device, const nn::Vae& vae, const nn::Parameters& parameters,
             const data::ImageSet& train, const data::ImageSet& test, const VaeOptions& options);

  /// Runs up to the end of the epoch, or until `keep_going`, called now and then, answers false.
  /// Gives the averages over the epoch so far. Throws NotFinite naming the first bad tensor, with
  /// the state put back to the beginning of the epoch (or of this call).
  VaeFigures run_epoch(const std::function<bool(const Progress&)>& keep_going);

  /// Runs steps without reports, and waits for the last: for benchmarks and golden runs.
  void run_steps(uint32_t count);

  /// Averages over all test pictures, with sampled latents.
  VaeFigures evaluate();

  uint32_t step() const { return step_; }
  uint32_t steps_per_epoch() const { return steps_per_epoch_; }
  bool at_epoch_end() const { return step_ % steps_per_epoch_ == 0; }

  /// The figures of each step since the beginning of the epoch, read from the device.
  std::vector<VaeFigures> step_figures();

  /// What a checkpoint has to hold beside the parameters and step().
  std::vector<NamedState> state() const;
  /// After the state's memory and the parameters were written: goes on from `step`.
  void resume_at(uint32_t step);

  /// A table of what runs: dispatches of a step, bytes of activations.
  const Step& train_step() const { return *train_; }

 private:
  struct Snapshot {
    uint32_t step = 0;
    std::vector<std::vector<std::byte>> bytes;
  };

  void build_train(Graph& graph) const;
  void build_test(Graph& graph) const;
  void run_step();
  Snapshot take_snapshot();
  void restore(const Snapshot& snapshot);
  [[noreturn]] void explain_not_finite(const Snapshot& good, uint32_t bad_step);
  std::vector<hal::BufferPtr> changing_memory() const;

  hal::Device& device_;
  const nn::Vae& vae_;
  const nn::Parameters& parameters_;
  VaeOptions options_;
  data::DeviceDataset train_set_;
  data::DeviceDataset test_set_;
  optim::Adam adam_;
  Clock clock_;
  Clock test_clock_;
  uint32_t steps_per_epoch_;
  uint32_t test_steps_;
  History history_;
  History test_history_;
  uint32_t step_ = 0;
  std::unique_ptr<Step> train_;
  std::unique_ptr<Step> test_;
};

}  // namespace pumice::train
