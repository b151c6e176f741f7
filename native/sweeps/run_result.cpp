#include "native/sweeps/run_result.h"

#include "engine/base/read_text.h"
#include "engine/models/model.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_length.h"
#include "native/views/latest_metrics.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

/// Nothing, too, if the file is damaged: the run is whole without it.
std::optional<RunLength> length_of(const RunFolder& folder) {
  try {
    return read_run_length(folder.length());
  } catch (const DamagedLength&) {
    return {};
  }
}

std::string failure_text(const fs::path& file) {
  std::string text = read_text(file);
  if (text.starts_with(kFailureMark)) text.erase(0, kFailureMark.size());
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// A run without the file, of an earlier version, ended at an epoch or was interrupted.
RunState trained_state(const Sweep& sweep, const SweepRun& run,
                       const std::optional<RunLength>& length, const RunResult& result) {
  if (result.epoch >= run.recipe.train.epochs) return RunState::kDone;
  const double minutes = sweep.minutes > 0 ? sweep.minutes_of_run() : run.recipe.train.minutes;
  const bool is_used = length && length->end == RunEnd::kBudget && is_budget_used(*length, minutes);
  return is_used ? RunState::kShort : RunState::kInterrupted;
}

void read_evaluation(const RunFolder& folder, const Sweep& sweep, const SweepRun& run,
                     uint32_t step, RunResult& result) {
  if (!is_evaluated(sweep, run)) return;
  std::optional<RunEvaluation> evaluation = read_run_evaluation(folder.evaluation());
  if (evaluation && fits(*evaluation, sweep.study.evaluation, step)) {
    result.evaluation = std::move(evaluation);
  } else if (is_finished(result.state)) {
    result.state = RunState::kTrained;
  }
}

void read_run(const RunFolder& folder, const Sweep& sweep, const SweepRun& run, RunResult& result) {
  const io::Checkpoint checkpoint = read_checkpoint(folder.path());
  const io::TrainingRecord record = checkpoint.training();
  result.parameters = checkpoint.network().build()->parameter_count();
  result.epoch = record.epoch;
  result.metrics = record.metrics;
  for (const views::LatestMetric& metric : views::latest_metrics(record.metrics)) {
    result.last.push_back({fmt::format("{}_{}", metric.split, metric.name), metric.value});
  }
  result.seconds = seconds_in_metrics(folder.metrics());
  const std::optional<RunLength> length = length_of(folder);
  result.epochs = length ? length->epochs() : record.epoch;
  result.spent_seconds = length ? length->seconds : result.seconds;
  if (result.epochs > 0)
    result.full_seconds = result.spent_seconds / result.epochs * run.recipe.train.epochs;
  result.state = trained_state(sweep, run, length, result);
  read_evaluation(folder, sweep, run, record.step, result);
}

}  // namespace

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::kNew:
      return "new";
    case RunState::kInterrupted:
      return "interrupted";
    case RunState::kTrained:
      return "trained";
    case RunState::kDone:
      return "done";
    case RunState::kShort:
      return "short";
    case RunState::kFailed:
      return "failed";
  }
  return "";
}

RunResult read_result(const RunFolder& folder, const Sweep& sweep, const SweepRun& run) {
  RunResult result;
  try {
    if (folder.holds_run()) read_run(folder, sweep, run, result);
  } catch (const std::exception& error) {
    result.state = RunState::kFailed;
    result.failure = error.what();
  }
  std::error_code ignored;
  // Prefer the damage as the reason: it causes what training then reports.
  if (result.state != RunState::kFailed && fs::exists(folder.failure(), ignored)) {
    result.state = RunState::kFailed;
    result.failure = failure_text(folder.failure());
  }
  return result;
}

}  // namespace pumice
