#include "engine/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "engine/base/divide_up.h"

namespace pumice::train {
namespace {

// Test noise has its own seed, so that evaluating does not change the run.
constexpr uint64_t kTestSeed = 0x7465737400000000;
// Each program has its own seed, too.
constexpr uint64_t kProgramSeed = 0x6b696e6400000000;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);
// Steps between checks for parameters and optimizer state that are not finite. A check reads each
// number once; updates read or write more than twice as many at every step, so that checks cost
// less than a hundredth of them.
constexpr uint32_t kWatchInterval = 50;

std::vector<double> average(std::span<const std::vector<double>> rows, size_t metrics) {
  std::vector<double> total(metrics, rows.empty() ? NAN : 0);
  for (const std::vector<double>& row : rows) {
    for (size_t i = 0; i < metrics; ++i) total[i] += row[i] / rows.size();
  }
  return total;
}

void append(Metrics& metrics, const std::vector<std::string>& names,
            const std::vector<double>& values) {
  for (size_t i = 0; i < names.size(); ++i) metrics.push_back({names[i], values[i]});
}

}  // namespace

Trainer::Trainer(hal::Device& device, Datasets data, const Setting& setting)
    : device_(device),
      data_(std::move(data)),
      batch_(setting.batch),
      seed_(setting.seed),
      parallel_(setting.parallel),
      shards_(shards_of(setting.name, setting.parallel, setting.batch)),
      steps_per_epoch_(train_set().full_steps(setting.batch)) {
  require(train_set().image() == setting.image,
          "{}: expects images of {}, the training data has {}", setting.name, setting.image,
          train_set().image());
  require(train_set().image() == data_.test->image(), "{}: training images are {}, test images {}",
          setting.name, train_set().image(), data_.test->image());
  for (const DeviceDataset* set : {data_.train.get(), data_.test.get()}) {
    // A small test set may lack examples of the last classes.
    const bool fits = set->classes() > 0 && set->classes() <= setting.classes;
    require(setting.classes == 0 || fits, "{}: expects labels of {} classes, the {} data has {}",
            setting.name, setting.classes, set == &train_set() ? "training" : "test",
            set->classes());
  }
}

void Trainer::add_program(TrainingProgram program) {
  require(program.every > 0, "{}: expects to run every 1 or more steps, got 0", program.name);
  const uint32_t rows = divide_up(steps_per_epoch_, program.every);
  const uint64_t seed = seed_ ^ (programs_.size() * kProgramSeed);
  programs_.push_back(compile(std::move(program), rows, seed, false));
  const History& history = programs_.back()->history;
  state_.push_back({.name = programs_.back()->program.name + ".history",
                    .buffer = history.buffer(),
                    .shape = history.shape(),
                    .is_history = true});
}

void Trainer::set_test(TrainingProgram program) {
  test_ = compile(std::move(program), test_steps(), seed_ ^ kTestSeed, true);
}

void Trainer::add_parameters(const nn::Parameters& parameters) {
  parameters_.push_back(&parameters);
}

void Trainer::add_optimizer(const optim::Optimizer& optimizer) {
  for (const optim::Optimizer::State& state : optimizer.state()) {
    state_.push_back(
        {"optimizer." + state.name, state.buffer, state.shape, &optimizer.parameters()});
  }
  gradients_.push_back(optimizer.gradients());
}

std::unique_ptr<Trainer::Running> Trainer::compile(TrainingProgram program, uint32_t rows,
                                                   uint64_t seed, bool is_test) {
  auto metrics = static_cast<uint32_t>(program.metrics.size());
  StepState step_state(device_, program.name + ".step_state");
  History history(device_, rows, metrics, program.name + ".history");
  auto running = std::make_unique<Running>(
      Running{std::move(program), step_state, history, seed, is_test, nullptr, nullptr});
  if (has_shards() && !is_test) {
    running->shared_metrics =
        device_.allocate(metrics * kMetricStride, running->program.name + ".shared_metrics");
  }
  running->compiled = compile(*running);
  running->step_state.set(0, seed);
  return running;
}

std::unique_ptr<Step> Trainer::compile(const Running& running) {
  if (exchanges_gradients() && !running.is_test) return compile_shared(running);
  ShardGraph whole(device_, 0);
  build(running, whole);
  return std::make_unique<Step>(device_, whole.graph, running.program.name);
}

void Trainer::build(const Running& running, ShardGraph& to) {
  const Rows& rows = shards_[to.shard];
  const bool is_part = is_shared() || has_shards();
  if (is_part && !running.is_test) to.graph.set_batch_rows({rows.first, rows.count, batch_});
  built_ = &to;
  Tensor step_state = running.step_state.tensor(to.graph);
  const Tensors metrics = running.program.build(step_state);
  running.history.record(step_state,
                         running.shared_metrics ? shared_metrics(running, metrics) : metrics);
  if (to.shard == 0) running.step_state.advance(to.graph);
  built_ = nullptr;
}

uint32_t Trainer::epoch_begin() const {
  return step_ == 0 ? 0 : (step_ - 1) / steps_per_epoch_ * steps_per_epoch_;
}

// Counts the next step.
Programs Trainer::count_step() {
  ++step_;
  Programs programs;
  for (const auto& running : programs_) {
    if (step_ % running->program.every == 0) programs.push_back(running->compiled.get());
  }
  return programs;
}

bool Trainer::run(const Programs& programs) {
  for (Step* program : programs) program->run();
  return !programs.empty();
}

void Trainer::begin_epoch() {
  const uint32_t begin = step_ / steps_per_epoch_ * steps_per_epoch_;
  if (!watch_) watch_ = std::make_unique<Watch>(device_, watched_memory());
  part_ = Part{.good = take_snapshot(),
               .begin = begin,
               .next_report = std::chrono::steady_clock::now(),
               .next_watch = step_ + kWatchInterval};
  known_ = {.begin = begin, .end = begin, .rows = {}};
}

Programs Trainer::next_step(const KeepGoing& keep_going) {
  if (part_->has_run && !continues(keep_going)) return {};
  part_->has_run = true;
  return count_step();
}

// After a step. Ranks go by rank 0's time, so that all of them stop and report at the same step.
bool Trainer::continues(const KeepGoing& keep_going) {
  if (!is_exchange_due()) return true;
  exchange();
  const auto now = std::chrono::steady_clock::now();
  bool is_due = now >= part_->next_report;
  if (is_shared()) is_due = ranks().first(is_due);
  if (part_->late && (is_shared() ? is_due : part_->late->ready())) {
    known_ = take(*part_->late);
    const bool has_bad_memory = part_->late->watch && is_bad(*part_->late->watch);
    part_->late.reset();
    part_->latest = latest_of(known_.rows);
    if (has_bad_memory || first_bad(known_.rows)) return false;
  }
  if (!part_->late && is_due) {
    part_->next_report = now + kProgressInterval;
    part_->late = start_reading();
    if (step_ >= part_->next_watch) {
      part_->late->watch = watch_->run();
      part_->next_watch = step_ + kWatchInterval;
    }
    if (!keep_going({step_, step_ - part_->begin, steps_per_epoch_, part_->latest})) return false;
  }
  return !at_epoch_end();
}

Metrics Trainer::end_epoch() {
  const Part part = *std::exchange(part_, {});
  Late last = start_reading();
  known_ = take(last);
  if (std::optional<Bad> bad = first_bad(known_.rows)) explain_not_finite(part.good, *bad);
  if (is_bad(*watch_->run())) explain_not_finite(part.good, first_bad_memory(part.good));
  return averages(known_, known_.begin, known_.end);
}

Metrics Trainer::run_epoch(const KeepGoing& keep_going) {
  begin_epoch();
  while (run(next_step(keep_going))) {
  }
  return end_epoch();
}

void Trainer::run_steps(uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) repeat_step();
  device_.read(*programs_.front()->history.buffer())->take();
}

std::optional<double> Trainer::device_seconds() {
  uint32_t cycle = 1;
  for (const auto& running : programs_) cycle = std::lcm(cycle, running->program.every);
  std::optional<double> total = 0;
  for (uint32_t i = 0; i < cycle; ++i) {
    for (Step* program : count_step()) {
      const std::optional<double> seconds = program->run_timed();
      total = total && seconds ? std::optional(*total + *seconds) : std::nullopt;
    }
  }
  return total ? std::optional(*total / cycle) : std::nullopt;
}

bool Trainer::Late::ready() const {
  return (!watch || watch->ready()) &&
         std::ranges::all_of(reads, [](const auto& read) { return read->ready(); });
}

Trainer::Late Trainer::start_reading() {
  Late late{.begin = epoch_begin(), .end = step_, .reads = {}};
  for (const auto& running : programs_) {
    late.reads.push_back(device_.read(*running->history.buffer()));
  }
  return late;
}

Trainer::Known Trainer::take(Late& late) const {
  Known known{.begin = late.begin, .end = late.end, .rows = {}};
  for (size_t i = 0; i < programs_.size(); ++i) {
    const uint32_t every = programs_[i]->program.every;
    known.rows.push_back(mean_over_ranks(
        programs_[i]->history.rows_of(*late.reads[i], late.begin / every, late.end / every)));
  }
  return known;
}

Metrics Trainer::latest_of(const std::vector<MetricRows>& rows) const {
  Metrics metrics;
  for (size_t i = 0; i < programs_.size(); ++i) {
    if (!rows[i].empty()) append(metrics, programs_[i]->program.metrics, rows[i].back());
  }
  return metrics;
}

// Over those of the steps begin+1 … end that are known.
Metrics Trainer::averages(const Known& known, uint32_t begin, uint32_t end) const {
  Metrics metrics;
  for (size_t i = 0; i < programs_.size(); ++i) {
    const TrainingProgram& program = programs_[i]->program;
    const uint32_t first = begin / program.every - known.begin / program.every;
    const uint32_t runs = end / program.every - begin / program.every;
    append(metrics, program.metrics,
           average(std::span(known.rows[i]).subspan(first, runs), program.metrics.size()));
  }
  return metrics;
}

std::vector<StepMetrics> Trainer::averages_by(uint32_t interval) const {
  std::vector<StepMetrics> all;
  for (uint32_t begin = known_.begin; begin < known_.end;) {
    const uint32_t end = begin + std::min(interval, known_.end - begin);
    all.push_back({.step = end, .metrics = averages(known_, begin, end)});
    begin = end;
  }
  return all;
}

std::vector<Metrics> Trainer::step_metrics() {
  Late late = start_reading();
  const std::vector<MetricRows> rows = take(late).rows;
  std::vector<Metrics> steps;
  for (uint32_t step = late.begin + 1; step <= late.end; ++step) {
    Metrics& metrics = steps.emplace_back();
    for (size_t i = 0; i < programs_.size(); ++i) {
      const TrainingProgram& program = programs_[i]->program;
      const uint32_t runs = step / program.every - late.begin / program.every;
      append(metrics, program.metrics,
             runs > 0 ? rows[i][runs - 1] : std::vector<double>(program.metrics.size(), 0));
    }
  }
  return steps;
}

void Trainer::begin_test() {
  follow_first_rank();
  tested_ = 0;
  test_->step_state.set(0, test_->seed);
}

// Each rank tests every size()-th batch.
Programs Trainer::next_test_step() {
  while (tested_ < test_->history.rows() && tested_ % ranks().size() != ranks().rank()) ++tested_;
  if (tested_ == test_->history.rows()) return {};
  if (is_shared()) test_->step_state.set(tested_, test_->seed);
  ++tested_;
  return {test_->compiled.get()};
}

Metrics Trainer::end_test() {
  const History& history = test_->history;
  std::vector<double> total(test_->program.metrics.size(), 0);
  const auto rows = history.rows_of(*device_.read(*history.buffer()), 0, history.rows());
  for (const auto& sums : of_all_ranks(rows)) {
    for (size_t i = 0; i < total.size(); ++i) total[i] += sums[i] / data_.test->count();
  }
  Metrics metrics;
  append(metrics, test_->program.metrics, total);
  return metrics;
}

Metrics Trainer::evaluate() {
  begin_test();
  while (run(next_test_step())) {
  }
  return end_test();
}

std::vector<std::string> Trainer::metric_names() const {
  std::vector<std::string> names;
  for (const auto& running : programs_) {
    names.insert(names.end(), running->program.metrics.begin(), running->program.metrics.end());
  }
  return names;
}

std::vector<const Step*> Trainer::programs() const {
  std::vector<const Step*> programs;
  for (const auto& running : programs_) programs.push_back(running->compiled.get());
  return programs;
}

void Trainer::resume_at(uint32_t step) {
  step_ = step;
  for (const auto& running : programs_) {
    running->step_state.set(step / running->program.every, running->seed);
  }
}

}  // namespace pumice::train
