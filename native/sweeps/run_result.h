#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/checkpoint.h"
#include "native/sweeps/run_evaluation.h"
#include "native/sweeps/sweep.h"
#include "native/training/run_folder.h"

namespace pumice {

enum class RunState : uint8_t {
  kNew,
  kInterrupted,
  kTrained,  ///< but not evaluated, as the study asks for
  kDone,
  kShort,  ///< done, since its minutes are used, but short of its schedule
  kFailed,
};

/// "new", "interrupted", "trained", "done", "short", "failed".
std::string_view name_of(RunState state);

/// Whether there is nothing left to do.
inline bool is_finished(RunState state) {
  return state == RunState::kDone || state == RunState::kShort;
}

/// The progress of a run of a sweep.
struct RunResult {
  RunState state = RunState::kNew;
  std::string failure;      ///< why it failed
  uint64_t parameters = 0;  ///< 0 until there is a checkpoint
  uint32_t epoch = 0;
  double epochs = 0;         ///< trained, with the part of one that was cut short
  double seconds = 0;        ///< of training, over the completed epochs
  double spent_seconds = 0;  ///< of training, with tests and images
  Metrics last;              ///< latest values: "train_loss", "test_kl"
  std::vector<io::EpochMetrics> metrics;
  std::optional<RunEvaluation> evaluation;  ///< of this state of the run
  double full_seconds = 0;  ///< of the whole schedule on this device, as measured; 0: unknown
};

/// Reads a run's folder. A damaged one is a failed run, with what can be read of it.
RunResult read_result(const RunFolder& folder, const Sweep& sweep, const SweepRun& run);

}  // namespace pumice
