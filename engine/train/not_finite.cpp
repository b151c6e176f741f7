#include <algorithm>
#include <cmath>

#include "engine/train/trainer.h"

// What a trainer does when a number is not finite: it restores a snapshot and locates the cause.
namespace pumice::train {

std::vector<hal::BufferPtr> Trainer::changing_memory(bool with_histories) const {
  std::vector<hal::BufferPtr> buffers;
  for (const nn::Parameters* parameters : parameters_) buffers.push_back(parameters->buffer());
  for (const NamedState& state : state_) {
    if (with_histories || !state.is_history) buffers.push_back(state.buffer);
  }
  return buffers;
}

Trainer::Snapshot Trainer::take_snapshot() {
  Snapshot snapshot{.step = step_, .bytes = {}};
  for (const hal::BufferPtr& buffer : changing_memory()) {
    snapshot.bytes.push_back(device_.read(*buffer)->take());
  }
  return snapshot;
}

void Trainer::restore(const Snapshot& snapshot) {
  const std::vector<hal::BufferPtr> buffers = changing_memory();
  for (size_t i = 0; i < buffers.size(); ++i) device_.write(*buffers[i], snapshot.bytes[i]);
  resume_at(snapshot.step);
}

std::optional<Trainer::Bad> Trainer::first_bad(const std::vector<MetricRows>& rows) const {
  std::optional<Bad> first;
  for (size_t i = 0; i < programs_.size(); ++i) {
    const TrainingProgram& program = programs_[i]->program;
    const uint32_t before = epoch_begin() / program.every;
    for (uint32_t row = 0; row < rows[i].size(); ++row) {
      auto bad = std::find_if_not(rows[i][row].begin(), rows[i][row].end(),
                                  [](double value) { return std::isfinite(value); });
      const uint32_t step = (before + row + 1) * program.every;
      if (bad == rows[i][row].end() || (first && first->step <= step)) continue;
      first = Bad{i, step, program.metrics[bad - rows[i][row].begin()]};
    }
  }
  return first;
}

void Trainer::repeat_step() {
  run(count_step());
  if (is_exchange_due()) exchange();
}

std::vector<Watch::Memory> Trainer::watched_memory() const {
  std::vector<Watch::Memory> watched;
  for (const nn::Parameters* parameters : parameters_) {
    watched.push_back({.name = "", .buffer = parameters->buffer(), .layout = parameters});
  }
  for (const NamedState& state : state_) {
    if (state.layout == nullptr || state.shape) continue;
    watched.push_back({.name = state.name, .buffer = state.buffer, .layout = state.layout});
  }
  return watched;
}

bool Trainer::is_bad(hal::Readback& watch) const {
  const bool mine = Watch::is_bad(watch);
  return is_shared() ? ranks().any(mine) : mine;
}

/// The first text that is not empty, in the order of the ranks.
std::string Trainer::first_of_ranks(const std::string& mine) const {
  for (const std::string& text : ranks().gather(mine)) {
    if (!text.empty()) return text;
  }
  return "";
}

/// After the program has run in the current step.
Trainer::Bad Trainer::what_watch_found(size_t program) const {
  std::string tensor, element;
  if (const std::optional<Watch::Bad> found = watch_->find()) {
    tensor = fmt::format("tensor '{}'", found->tensor);
    element = fmt::format("element {} is {}", found->index, found->value);
  }
  return {.program = program,
          .step = step_,
          .what = first_of_ranks(tensor),
          .otherwise = first_of_ranks(element)};
}

/// Repeats the steps and looks after every program.
Trainer::Bad Trainer::first_bad_memory(const Snapshot& good) {
  Bad last = what_watch_found(programs_.size() - 1);
  restore(good);
  while (step_ < last.step) {
    count_step();
    for (size_t i = 0; i < programs_.size(); ++i) {
      if (step_ % programs_[i]->program.every != 0) continue;
      programs_[i]->compiled->run();
      if (is_bad(*watch_->run())) return what_watch_found(i);
    }
    if (is_exchange_due()) exchange();
  }
  last.otherwise += ", which was not reproduced when the steps were repeated";
  return last;
}

/// Empty if all tensors are finite on all ranks.
std::string Trainer::first_cause(Step& diagnosis, const Graph& graph) const {
  std::string mine;
  if (const std::optional<BadTensor> tensor = first_bad_tensor(diagnosis, graph)) {
    mine = fmt::format("first in {} {}, element {} is {}", tensor->label, tensor->shape,
                       tensor->index, tensor->value);
    if (is_shared()) mine += fmt::format(" on rank {}", ranks().rank());
  }
  return first_of_ranks(mine);
}

/// In the next step of the program.
std::string Trainer::first_cause(const Running& running) {
  const Snapshot before = take_snapshot();
  for (size_t shard = 0; shard < shards_.size(); ++shard) {
    restore(before);
    ShardGraph built(device_, shard);
    build(running, built);
    Step diagnosis(device_, built.graph, "diagnosis", {}, Sharing::kNone);
    diagnosis.run();
    const std::string cause = first_cause(diagnosis, built.graph);
    if (!cause.empty()) return cause;
  }
  return "";
}

// Runs are deterministic, so the failing step can be repeated with every activation kept.
void Trainer::explain_not_finite(const Snapshot& good, const Bad& bad) {
  restore(good);
  while (step_ + 1 < bad.step) repeat_step();
  for (size_t i = 0; i < bad.program; ++i) {
    if (bad.step % programs_[i]->program.every == 0) programs_[i]->compiled->run();
  }
  const std::string cause = first_cause(*programs_[bad.program]);
  restore(good);
  throw NotFinite(fmt::format("training stopped at step {}: the {} is not finite; {}", bad.step,
                              bad.what, cause.empty() ? bad.otherwise : cause));
}

}  // namespace pumice::train
