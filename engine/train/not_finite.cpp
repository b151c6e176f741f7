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

/// That of the first rank with one.
std::string Trainer::first_cause(Step& diagnosis, const Graph& graph) const {
  std::string mine;
  if (const std::optional<BadTensor> tensor = first_bad_tensor(diagnosis, graph)) {
    mine = fmt::format("first in {} {}, element {} is {}", tensor->label, tensor->shape,
                       tensor->index, tensor->value);
    if (is_shared()) mine += fmt::format(" on rank {}", ranks().rank());
  }
  for (const std::string& cause : ranks().gather(mine)) {
    if (!cause.empty()) return cause;
  }
  return "";
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
    const std::string where = first_cause(diagnosis, built.graph);
    if (!where.empty()) return where;
  }
  return "not reproduced when the step was repeated";
}

// Runs are deterministic, so the failing step can be repeated with every activation kept.
void Trainer::explain_not_finite(const Snapshot& good, const Bad& bad) {
  restore(good);
  while (step_ + 1 < bad.step) repeat_step();
  for (size_t i = 0; i < bad.program; ++i) {
    if (bad.step % programs_[i]->program.every == 0) programs_[i]->compiled->run();
  }
  const std::string where = first_cause(*programs_[bad.program]);
  restore(good);
  throw NotFinite(fmt::format("training stopped at step {}: the {} is not finite; {}", bad.step,
                              bad.metric, where));
}

}  // namespace pumice::train
