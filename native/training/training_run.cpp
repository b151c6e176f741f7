#include "native/training/training_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/io/tuning_json.h"
#include "native/system/device_text.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/train_together.h"
#include "native/training/tuning.h"

namespace pumice {

namespace {

using Seconds = std::chrono::duration<double>;

/// A run alone, whose errors are its caller's.
class LoneRun final : public RunSupply {
 public:
  explicit LoneRun(TrainingRun& run) : run_(&run) {}
  NamedRun next() override { return {std::exchange(run_, nullptr)}; }
  void failed(TrainingRun& /*run*/, const std::string& /*reason*/) override { throw; }
  void ended(TrainingRun& /*run*/) override {}

 private:
  TrainingRun* run_;
};

}  // namespace

TrainingRun::TrainingRun(hal::Device& device, const Recipe& recipe, const TrainingData& data,
                         const io::Checkpoint* resume, const std::shared_ptr<hal::Tuning>& tuning,
                         const std::optional<train::Datasets>& uploaded, train::Ranks& ranks)
    : device_(device),
      training_device_(device, training_limits(device.limits(), recipe, tuning)),
      recipe_(recipe),
      data_(data),
      ranks_(ranks),
      folder_(""),
      model_(device, describe_model(recipe, image_kind(data.train)), model_options(recipe)),
      trainer_(make_trainer(training_device_, model_.model(), recipe,
                            uploaded ? *uploaded : upload(device, data), ranks)),
      record_{.recipe = to_toml(recipe),
              .seed = recipe.seed,
              .class_names = class_names_for(model_.description(), data.train),
              .data = data_record(data),
              .device = system::device_line(device.limits()),
              .tuning = tuning ? io::choices_to_json(tuning->choices()) : ""} {
  if (resume != nullptr) {
    load(*resume);
  } else {
    model_.initialize(recipe.seed);
  }
}

void TrainingRun::load(const io::Checkpoint& checkpoint) {
  require(checkpoint.network() == model_.description(),
          "{}: its network does not match its recipe and this data", checkpoint.file_name());
  io::TrainingRecord record = checkpoint.training();
  // Of an epoch within which the run's minutes ended.
  const bool has_part = record.step % steps_per_epoch() != 0;
  if (has_part && record.metrics.size() == record.epoch + 1) record.metrics.pop_back();
  require(record.step / steps_per_epoch() == record.epoch && record.metrics.size() == record.epoch,
          "{}: step {} and {} do not fit {} of {}", checkpoint.file_name(), record.step,
          count_of(record.metrics.size(), "row of metrics", "rows of metrics"),
          count_of(record.epoch, "epoch"), count_of(steps_per_epoch(), "step"));
  model_.load(checkpoint);
  for (const train::NamedState& state : trainer_->state()) {
    device_.write(*state.buffer, state.shape ? checkpoint.state(state.name, *state.shape)
                                             : checkpoint.state(state.name, *state.layout));
  }
  trainer_->resume_at(record.step);
  resumed_from_ = checkpoint.file_name();
  record_.step = record.step;
  record_.epoch = record.epoch;
  record_.metrics = std::move(record.metrics);
}

void TrainingRun::open_folder(const RunFolder& folder) {
  folder_ = folder;
  if (resumed_from_.empty()) folder_.clear();
  go_back_to(folder_, resumed_from_);
  std::string ignored;  // the caller has said so
  earlier_seconds_ = seconds_trained(folder_, ignored);
  folder_.clear_temporaries();
  folder_.clear_end();
  write_file_atomically(folder_.recipe(), record_.recipe);
  for (const auto& observer : observers_) observer->on_begin(*this);
}

RunEnd TrainingRun::go(const Stop& stop) {
  LoneRun alone(*this);
  train_together(device_, alone, stop);
  return end();
}

void TrainingRun::begin() {
  begin_ = last_save_ = std::chrono::steady_clock::now();
  end() == RunEnd::kStopped ? begin_epoch() : finish();
}

train::Programs TrainingRun::next_step(const Stop& stop) {
  while (phase_ != Phase::kEnded) {
    const bool is_training = phase_ == Phase::kTraining;
    train::Programs programs = is_training ? next_training_step(stop) : trainer_->next_test_step();
    if (!programs.empty()) return programs;
    is_training ? end_training(stop) : end_testing(stop);
  }
  return {};
}

void TrainingRun::finish() {
  phase_ = Phase::kEnded;
  for (const auto& observer : observers_) observer->on_end(*this);
}

RunEnd TrainingRun::end() const {
  if (is_complete()) return RunEnd::kSchedule;
  return ends_budget_ ? RunEnd::kBudget : RunEnd::kStopped;
}

double TrainingRun::seconds() const {
  if (!begin_) return earlier_seconds_;
  return earlier_seconds_ + Seconds(std::chrono::steady_clock::now() - *begin_).count();
}

RunLength TrainingRun::length() const {
  return {.step = step(),
          .steps_per_epoch = steps_per_epoch(),
          .planned_epochs = recipe_.train.epochs,
          .minutes = recipe_.train.minutes,
          .seconds = seconds(),
          .end = end()};
}

bool TrainingRun::is_save_due() const {
  const double minutes = recipe_.train.checkpoint_minutes;
  const Seconds since = std::chrono::steady_clock::now() - last_save_;
  return minutes > 0 && since.count() >= kSecondsPerMinute * minutes;
}

/// What the test and the files at the end of the run will take: what they took, or, before the
/// first test, as if its steps were steps of training.
double TrainingRun::seconds_to_end() const {
  if (longest_end_ > 0 || step() == part_.first_step) return longest_end_;
  const Seconds trained = std::chrono::steady_clock::now() - part_.begin;
  return trained.count() / (step() - part_.first_step) * trainer_->test_steps();
}

bool TrainingRun::is_out_of_time() const {
  const double budget = kSecondsPerMinute * recipe_.train.minutes;
  return budget > 0 && seconds() + std::min(seconds_to_end(), budget / 2) >= budget;
}

std::vector<std::string> TrainingRun::test_metric_names() const {
  std::vector<std::string> all = trainer_->test_metric_names();
  for (const auto& observer : observers_) {
    for (const std::string& name : observer->metric_names()) all.push_back(name);
  }
  return all;
}

std::string TrainingRun::metric_basis() const {
  for (const auto& observer : observers_) {
    if (std::string basis = observer->metric_basis(); !basis.empty()) return basis;
  }
  return "";
}

std::string TrainingRun::extractor_hash() const {
  for (const auto& observer : observers_) {
    if (std::string hash = observer->extractor_hash(); !hash.empty()) return hash;
  }
  return "";
}

uint32_t TrainingRun::images_per_step() const { return pumice::images_per_step(recipe_); }

void TrainingRun::begin_epoch() {
  phase_ = Phase::kTraining;
  part_ = {.begin = std::chrono::steady_clock::now(), .first_step = step()};
  trainer_->begin_epoch();
}

// False at the step of the last save, or of the start.
bool TrainingRun::is_save_step() const {
  const uint32_t steps = recipe_.train.checkpoint_steps;
  return steps > 0 && step() % steps == 0 && step() != record_.step;
}

train::Programs TrainingRun::next_training_step(const Stop& stop) {
  if (is_save_step()) return {};
  return trainer_->next_step([&](const train::Progress& progress) {
    report_progress(progress);
    return !on_any_rank(stop() || is_out_of_time() || is_save_due());
  });
}

Metrics TrainingRun::end_epoch() try {
  return trainer_->end_epoch();
} catch (const train::NotFinite& error) {
  if (folder_.path().empty()) throw;
  throw train::NotFinite(
      fmt::format("{}; {}", error.what(),
                  record_.step == 0 ? "no checkpoint was saved before"
                                    : fmt::format("the last checkpoint, of step {}, is {}",
                                                  record_.step, folder_.checkpoint().string())));
}

void TrainingRun::end_training(const Stop& stop) {
  part_.train = end_epoch();
  const bool is_within = !trainer_->at_epoch_end();
  if (is_within && on_any_rank(stop())) {
    for (const auto& observer : observers_) observer->on_stop(*this);
    save();
    return finish();
  }
  ends_budget_ = on_any_rank(is_out_of_time());
  if (is_within && !ends_budget_) {  // it was time to save
    save();
    return trainer_->begin_epoch();
  }
  const uint32_t begun = step() % steps_per_epoch();
  report_progress({step(), begun == 0 ? steps_per_epoch() : begun, steps_per_epoch(), part_.train});
  Speed& speed = part_.speed;
  speed.seconds = Seconds(std::chrono::steady_clock::now() - part_.begin).count();
  speed.images_per_second = double(step() - part_.first_step) * images_per_step() / speed.seconds;
  phase_ = Phase::kTesting;
  test_begin_ = std::chrono::steady_clock::now();
  trainer_->begin_test();
}

void TrainingRun::end_testing(const Stop& stop) {
  const Metrics test = trainer_->end_test();
  ends_budget_ = on_any_rank(ends_budget_ || is_out_of_time());
  finish_epoch(test);
  const Seconds taken = std::chrono::steady_clock::now() - test_begin_;
  longest_end_ = std::max(longest_end_, taken.count());
  end() == RunEnd::kStopped && !on_any_rank(stop()) ? begin_epoch() : finish();
}

void TrainingRun::report_progress(const train::Progress& progress) {
  for (const auto& observer : observers_) observer->on_progress(*this, progress);
}

// The checkpoint comes last: a resumed run repeats everything drawn and recorded after it.
void TrainingRun::finish_epoch(const Metrics& test) {
  const uint32_t number = record_.epoch + 1;
  if (trainer_->at_epoch_end()) record_.epoch = number;
  io::EpochMetrics& metrics =
      record_.metrics.emplace_back(io::EpochMetrics{number, part_.train, test});
  const Epoch epoch{metrics, part_.speed, end() == RunEnd::kBudget};
  for (const auto& observer : observers_) {
    const Metrics added = observer->on_epoch(*this, epoch);
    metrics.test.insert(metrics.test.end(), added.begin(), added.end());
  }
  save();
  for (const auto& observer : observers_) observer->on_saved(*this, epoch);
}

void TrainingRun::save() {
  record_.step = step();
  io::CheckpointContent content{.network = model_.description(), .training = record_};
  auto read = [&](const hal::BufferPtr& buffer) { return device_.read(*buffer)->take(); };
  for (const models::ParameterSet& set : model_.model().parameters()) {
    content.parameters.push_back(
        {.name = set.prefix, .layout = set.parameters, .bytes = read(set.parameters->buffer())});
  }
  for (const train::NamedState& state : trainer_->state()) {
    content.state.push_back({.name = state.name,
                             .layout = state.shape ? nullptr : state.layout,
                             .shape = state.shape.value_or(Shape{}),
                             .bytes = trainer_->read(state)});
  }
  if (ranks_.rank() == 0) {
    save_checkpoint(folder_, content, recipe_.train.keep_checkpoints);
    write_run_length(folder_.length(), length());
  }
  last_save_ = std::chrono::steady_clock::now();
}

}  // namespace pumice
