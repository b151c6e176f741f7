#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "engine/base/metrics.h"
#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/nn/forward_context.h"
#include "engine/nn/parameters.h"
#include "engine/optim/optimizer.h"
#include "engine/train/datasets.h"
#include "engine/train/history.h"
#include "engine/train/rank_means.h"
#include "engine/train/ranks.h"
#include "engine/train/shard_statistics.h"
#include "engine/train/shared_step.h"
#include "engine/train/watch.h"

namespace pumice::train {

/// The progress of a run; `step` counts from the beginning of training.
struct Progress {
  uint32_t step = 0;
  uint32_t step_in_epoch = 0;
  uint32_t steps_per_epoch = 0;
  Metrics latest = {};  ///< of a slightly earlier step: read asynchronously. Empty at first.
};

/// Averages over a group of steps that ends with `step`.
struct StepMetrics {
  uint32_t step = 0;
  Metrics metrics;
};

/// Thrown when training stops because a number is not finite.
class NotFinite : public Error {
 public:
  using Error::Error;
};

/// State besides the parameters that training changes, as named buffers. Checkpoints store it.
struct NamedState {
  std::string name;  ///< "optimizer.first_moment", "train.history"
  hal::BufferPtr buffer;
  /// f32; absent if laid out like the trainable part of `layout`.
  std::optional<Shape> shape = {};
  const nn::Parameters* layout = nullptr;
  bool is_history = false;  ///< each rank has its own until it is read: see Trainer::read
};

/// Programs of one trainer that run one after another.
using Programs = std::vector<Step*>;

/// The base of all trainers: provides recorded programs epoch by epoch and reads their metrics
/// asynchronously. Reports through callbacks; no files, no printing. Deterministic for a given
/// seed.
///
/// A caller that steps several trainers runs the programs itself, mostly with a Weaver:
/// begin_epoch(); the programs of next_step() until there are none; end_epoch(); and the same with
/// a test. run_epoch() and evaluate() do that for one trainer.
///
/// Several ranks train one model when each has a trainer with the same settings but its own
/// `parallel.ranks`, and all make the same calls. Metrics are then those of the whole batch, the
/// same on all ranks; each tests some of the batches. Batch norm uses the statistics of a shard,
/// the rows of a rank or of a part of these, unless Parallel says otherwise, and the running ones
/// are those of the first shard.
class Trainer {
 public:
  /// Called periodically; returns whether to continue the epoch.
  using KeepGoing = std::function<bool(const Progress&)>;

  virtual ~Trainer() = default;
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Begins an epoch, or what is left of it after a stop.
  void begin_epoch();
  /// The programs of the next step, to be run before the next call. None if the epoch has ended,
  /// `keep_going` returned false, or a number is not finite.
  Programs next_step(const KeepGoing& keep_going);
  /// The averages over the epoch so far. Throws NotFinite naming the first bad tensor, after
  /// restoring the state at begin_epoch(), if a metric, a parameter or an optimizer's state is not
  /// finite.
  Metrics end_epoch();

  /// Begins a test on all test images.
  void begin_test();
  /// The programs of the test's next step, to be run before the next call; none at its end.
  Programs next_test_step();
  /// Averages over all test images.
  Metrics end_test();

  /// Trains to the end of the epoch, or until `keep_going` returns false; see end_epoch().
  Metrics run_epoch(const KeepGoing& keep_going);
  /// Tests; see end_test().
  Metrics evaluate();

  /// Runs steps without reporting and waits for the last: for benchmarks and golden runs.
  void run_steps(uint32_t count);

  /// The seconds that the device spends on a step (see hal::DeviceClock), as a mean over the fewest
  /// steps in which every program runs; runs these. Nothing if the device has no clock, or if ranks
  /// or shards add up gradients within a step.
  std::optional<double> device_seconds();

  uint32_t step() const { return step_; }
  uint32_t steps_per_epoch() const { return steps_per_epoch_; }
  /// Steps of a test, of all ranks together.
  uint32_t test_steps() const { return data_.test->covering_steps(images_of_test_step()); }
  bool at_epoch_end() const { return step_ % steps_per_epoch_ == 0; }

  /// The names of the metrics of training and tests, in order.
  std::vector<std::string> metric_names() const;
  const std::vector<std::string>& test_metric_names() const { return test_->program.metrics; }

  /// The metrics of each step since the beginning of the epoch, read from the device. For a program
  /// that does not run at every step, those of its latest run; 0 before its first run in the epoch.
  std::vector<Metrics> step_metrics();

  /// Means over consecutive groups of `interval` steps of the epoch; the last group may be shorter.
  /// NaN for programs that did not run in a group. Uses what has already been read, so it
  /// costs no device work: within the callback up to Progress::latest, after end_epoch() all
  /// steps.
  std::vector<StepMetrics> averages_by(uint32_t interval) const;

  /// The state that a checkpoint needs besides step() and the parameters (a generator's averaged
  /// weights count as parameters).
  const std::vector<NamedState>& state() const { return state_; }
  /// The bytes of one of these, as a checkpoint needs them: all ranks call this together.
  std::vector<std::byte> read(const NamedState& state) const;
  /// Resumes from `step`, once the parameters and the buffers of state() have been written.
  void resume_at(uint32_t step);

  /// Where the time of the steps went, if several ranks add up gradients.
  const ExchangeTimes& exchange_times() const { return times_; }

  /// The compiled programs, one per TrainingProgram, for tables of dispatches and activation bytes.
  std::vector<const Step*> programs() const;

 protected:
  /// A recorded program and how often it runs.
  struct TrainingProgram {
    std::string name;    ///< "train", "train.generator": its history is saved as "name.history"
    uint32_t every = 1;  ///< runs once per this many steps
    std::vector<std::string> metrics;
    /// Appends one step to the graph of `step_state` and returns its metrics as scalars. Those that
    /// do not depend on gradients come before the optimizer's step.
    std::function<Tensors(const Tensor& step_state)> build;
  };

  /// The settings common to all trainers.
  struct Setting {
    std::string_view name;  ///< for error messages: "vae"
    const Shape& image;     ///< the shape that the networks expect
    uint32_t classes = 0;   ///< that the networks expect; 0: no labels
    uint32_t batch = 0;     ///< images of the data set per step
    uint64_t seed = 1;
    Parallel parallel = {};
  };

  /// Throws Error if the data does not match `setting`, or the batch is smaller than the number of
  /// ranks.
  Trainer(hal::Device& device, Datasets data, const Setting& setting);

  /// Programs run in the order of these calls within a step. The trainer's networks, optimizers and
  /// data sets must exist before the first call.
  void add_program(TrainingProgram program);
  /// The program of tests. Its metrics must be sums over the images of a test batch.
  void set_test(TrainingProgram program);
  /// Registers parameters that training changes.
  void add_parameters(const nn::Parameters& parameters);
  void add_optimizer(const optim::Optimizer& optimizer);

  /// How networks run in a training program.
  nn::ForwardContext training_pass(const Tensor& step_state) const;

  const DeviceDataset& train_set() const { return *data_.train; }
  DeviceDataset::Batch test_batch(const Tensor& step_state) const {
    return data_.test->ordered_batch(step_state, images_of_test_step());
  }

 private:
  /// Bytes from one metric to the next in Running::shared_metrics; bindings must be aligned.
  static constexpr uint64_t kMetricStride = 256;

  /// A compiled program with its state.
  struct Running {
    TrainingProgram program;
    StepState step_state;
    History history;
    uint64_t seed = 0;
    bool is_test = false;
    hal::BufferPtr shared_metrics;  ///< of all shards; null without shards
    std::unique_ptr<Step> compiled;
  };
  /// A program's graph for one of this rank's shards.
  struct ShardGraph {
    ShardGraph(hal::Device& device, size_t shard)
        : shard(shard), graph(device.limits()), means(device), statistics(device) {}

    size_t shard;
    Graph graph;
    RankMeans means;
    ShardStatistics statistics;
  };
  struct Snapshot {
    uint32_t step = 0;
    std::vector<std::vector<std::byte>> bytes;
  };
  /// A pending readback of the metrics of steps begin+1 … end, one per program.
  struct Late {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::vector<std::unique_ptr<hal::Readback>> reads;
    std::unique_ptr<hal::Readback> watch = nullptr;  ///< null: not due
    bool ready() const;
  };
  /// The metrics of one program, a row per run.
  using MetricRows = std::vector<std::vector<double>>;
  /// The metrics of steps begin+1 … end, for each program.
  struct Known {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::vector<MetricRows> rows;
  };
  /// An epoch, or the part of it since a stop, that is being trained.
  struct Part {
    Snapshot good;  ///< the state at its beginning
    uint32_t begin = 0;
    bool has_run = false;
    std::optional<Late> late = {};
    std::chrono::steady_clock::time_point next_report = {};
    uint32_t next_watch = 0;  ///< the step
    Metrics latest = {};
  };
  /// The first metric that is not finite, or what the watch found.
  struct Bad {
    size_t program = 0;
    uint32_t step = 0;  ///< counted from 1
    std::string what;
    /// Said if no tensor of the program, when it is repeated, is bad.
    std::string otherwise = "not reproduced when the step was repeated";
  };

  Ranks& ranks() const { return *parallel_.ranks; }
  bool is_shared() const { return ranks().size() > 1; }
  bool has_shards() const { return parallel_.shards > 1; }
  /// Those of a shard, so that tests do not need more memory than training.
  uint32_t images_of_test_step() const { return has_shards() ? batch_ / parallel_.shards : batch_; }
  double weight() const;
  std::unique_ptr<Running> compile(TrainingProgram program, uint32_t rows, uint64_t seed,
                                   bool is_test);
  bool exchanges_gradients() const {
    return (is_shared() || has_shards()) && parallel_.sync_every == 1;
  }
  std::unique_ptr<Step> compile(const Running& running);
  std::unique_ptr<Step> compile_shared(const Running& running);
  void build(const Running& running, ShardGraph& to);
  Tensors shared_metrics(const Running& running, const Tensors& metrics) const;
  uint32_t epoch_begin() const;
  Programs count_step();
  void repeat_step();
  bool is_exchange_due() const;
  void exchange();
  bool continues(const KeepGoing& keep_going);
  void average_ranks();
  void follow_first_rank();
  MetricRows mean_over_ranks(MetricRows rows) const;
  MetricRows of_all_ranks(MetricRows test_rows) const;
  static bool run(const Programs& programs);
  Late start_reading();
  Known take(Late& late) const;
  Metrics latest_of(const std::vector<MetricRows>& rows) const;
  Metrics averages(const Known& known, uint32_t begin, uint32_t end) const;
  std::optional<Bad> first_bad(const std::vector<MetricRows>& rows) const;
  Snapshot take_snapshot();
  void restore(const Snapshot& snapshot);
  [[noreturn]] void explain_not_finite(const Snapshot& good, const Bad& bad);
  std::string first_cause(const Running& running);
  std::string first_cause(Step& diagnosis, const Graph& graph) const;
  std::vector<Watch::Memory> watched_memory() const;
  bool is_bad(hal::Readback& watch) const;
  std::string first_of_ranks(const std::string& mine) const;
  Bad what_watch_found(size_t program) const;
  Bad first_bad_memory(const Snapshot& good);
  std::vector<hal::BufferPtr> changing_memory(bool with_histories = true) const;

  hal::Device& device_;
  Datasets data_;
  uint32_t batch_;
  uint64_t seed_;
  Parallel parallel_;
  std::vector<Rows> shards_;  ///< of the batch that this rank computes
  uint32_t steps_per_epoch_;
  uint32_t step_ = 0;
  ExchangeTimes times_;
  ShardGraph* built_ = nullptr;            ///< the one that is being built
  std::vector<hal::BufferPtr> gradients_;  ///< of the optimizers
  std::vector<std::unique_ptr<Running>> programs_;
  std::unique_ptr<Running> test_;
  std::unique_ptr<Watch> watch_;  ///< from the first epoch on
  std::vector<const nn::Parameters*> parameters_;
  std::vector<NamedState> state_;
  Known known_;  ///< of the current epoch, or of the last one
  std::optional<Part> part_;
  uint32_t tested_ = 0;  ///< steps of the current test
};

}  // namespace pumice::train
