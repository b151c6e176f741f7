#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/base/figures.h"
#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/nn/parameters.h"
#include "engine/optim/optimizer.h"
#include "engine/train/device_dataset.h"
#include "engine/train/history.h"

namespace pumice::train {

/// Where a run stands; `step` counts from the beginning of training.
struct Progress {
  uint32_t step = 0;
  uint32_t step_in_epoch = 0;
  uint32_t steps_per_epoch = 0;
  Figures latest = {};  ///< of a step a little earlier: metrics are read late. Empty at first.
};

/// Averages over some steps, of which `step` is the last.
struct StepFigures {
  uint32_t step = 0;
  Figures figures;
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
  /// Of f32; absent: laid out like the trainable part of `layout`.
  std::optional<Shape> shape = {};
  const nn::Parameters* layout = nullptr;
};

/// The shape that trainers share: recorded programs, run epoch by epoch, whose figures are read
/// late. Loops with callbacks, no files, no printing. Same seed, same bytes.
class Trainer {
 public:
  virtual ~Trainer() = default;
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Runs up to the end of the epoch, or until `keep_going`, called now and then, answers false.
  /// Gives the averages over the epoch so far. Throws NotFinite naming the first bad tensor, with
  /// the state put back to the beginning of the epoch (or of this call).
  Figures run_epoch(const std::function<bool(const Progress&)>& keep_going);

  /// Runs steps without reports, and waits for the last: for benchmarks and golden runs.
  void run_steps(uint32_t count);

  /// Averages over all test pictures.
  Figures evaluate();

  uint32_t step() const { return step_; }
  uint32_t steps_per_epoch() const { return steps_per_epoch_; }
  bool at_epoch_end() const { return step_ % steps_per_epoch_ == 0; }

  /// The names of what run_epoch() and evaluate() give, in their order.
  std::vector<std::string> figure_names() const;
  const std::vector<std::string>& test_figure_names() const { return test_->kind.figures; }

  /// The figures of each step since the beginning of the epoch, read from the device. Where a kind
  /// of step does not run every time, the latest of it; 0 before its first in the epoch.
  std::vector<Figures> step_figures();

  /// Averages over every `interval` steps of the epoch, of the last of them over what there is; not
  /// a number for a kind of step that did not run meanwhile. Of what run_epoch() has read, and so
  /// costs the device nothing: in its callback the steps up to Progress::latest, after it all.
  std::vector<StepFigures> averages_by(uint32_t interval) const;

  /// What a checkpoint has to hold beside the parameters (a generator's average among them) and
  /// step().
  const std::vector<NamedState>& state() const { return state_; }
  /// After the state's memory and the parameters were written: goes on from `step`.
  void resume_at(uint32_t step);

  /// Tables of what runs, one for each kind of step: dispatches, bytes of activations.
  std::vector<const Step*> programs() const;

 protected:
  /// A recorded program and how often it runs.
  struct Kind {
    std::string name;    ///< "train", "train.generator": its history is the state "name.history"
    uint32_t every = 1;  ///< runs at the end of every so many steps
    std::vector<std::string> figures;
    /// Appends a step to the graph of `step_state` and gives its figures, tensors of one element.
    std::function<Tensors(const Tensor& step_state)> build;
  };

  /// What every trainer is given.
  struct Setting {
    std::string_view name;  ///< for errors: "vae"
    const Shape& picture;   ///< what the networks expect
    uint32_t classes = 0;   ///< likewise; 0: no labels
    uint32_t batch = 0;     ///< pictures of the data set in a step
    uint64_t seed = 1;
  };

  /// Uploads the data. Throws Error when it is not what the networks expect.
  Trainer(hal::Device& device, const data::ImageSet& train, const data::ImageSet& test,
          const Setting& setting);

  /// In the order in which they run within a step. The trainer's networks, optimizers and data sets
  /// are ready then.
  void add_kind(Kind kind);
  /// Its figures are sums over the pictures of test batches.
  void set_test(Kind kind);
  /// Parameters that training changes.
  void add_parameters(const nn::Parameters& parameters);
  void add_optimizer(const optim::Optimizer& optimizer);

  const DeviceDataset& train_set() const { return train_set_; }
  DeviceDataset::Batch test_batch(const Tensor& step_state) const {
    return test_set_.ordered_batch(step_state, batch_);
  }

 private:
  /// A kind of step, compiled.
  struct Running {
    Kind kind;
    StepState step_state;
    History history;
    uint64_t seed = 0;
    std::unique_ptr<Step> program;
  };
  struct Snapshot {
    uint32_t step = 0;
    std::vector<std::vector<std::byte>> bytes;
  };
  /// Figures of the steps begin+1 … end on their way: one readback for each kind of step.
  struct Late {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::vector<std::unique_ptr<hal::Readback>> reads;
    bool ready() const;
  };
  /// Of one kind of step.
  using Rows = std::vector<std::vector<double>>;
  /// The figures of the steps begin+1 … end, for each kind of step.
  struct Known {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::vector<Rows> rows;
  };
  /// The first figure that is not finite.
  struct Bad {
    size_t kind = 0;
    uint32_t step = 0;  ///< from 1
    std::string figure;
  };

  std::unique_ptr<Running> compile(Kind kind, uint32_t rows, uint64_t seed);
  void build(const Running& running, Graph& graph) const;
  uint32_t epoch_begin() const;
  void run_step();
  Late start_reading();
  Known take(Late& late) const;
  Figures latest_of(const std::vector<Rows>& rows) const;
  Figures averages(const Known& known, uint32_t begin, uint32_t end) const;
  std::optional<Bad> first_bad(const std::vector<Rows>& rows) const;
  Snapshot take_snapshot();
  void restore(const Snapshot& snapshot);
  [[noreturn]] void explain_not_finite(const Snapshot& good, const Bad& bad);
  std::vector<hal::BufferPtr> changing_memory() const;

  hal::Device& device_;
  DeviceDataset train_set_;
  DeviceDataset test_set_;
  uint32_t batch_;
  uint64_t seed_;
  uint32_t steps_per_epoch_;
  uint32_t step_ = 0;
  std::vector<std::unique_ptr<Running>> kinds_;
  std::unique_ptr<Running> test_;
  std::vector<const nn::Parameters*> parameters_;
  std::vector<NamedState> state_;
  Known known_;  ///< of the running epoch, or of the last
};

}  // namespace pumice::train
