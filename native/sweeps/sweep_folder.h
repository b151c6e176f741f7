#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "native/sweeps/sweep.h"
#include "native/training/run_folder.h"

namespace pumice {

enum class RunState : uint8_t { kNew, kInterrupted, kDone, kFailed };

/// "new", "interrupted", "done", "failed".
std::string_view name_of(RunState state);

/// The progress of a run of a sweep.
struct RunResult {
  RunState state = RunState::kNew;
  std::string failure;      ///< why it failed
  uint64_t parameters = 0;  ///< 0 until there is a checkpoint
  uint32_t epoch = 0;
  double seconds = 0;  ///< of training, over the completed epochs
  Metrics last;        ///< latest values: "train_loss", "test_kl"
  std::vector<io::EpochMetrics> metrics;
};

/// The layout of a sweep's folder: `sweep.json` (its runs with their recipes, from which it is
/// resumed), tables, images, and a folder for each run.
class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path plan() const { return path_ / "sweep.json"; }
  std::filesystem::path table(const std::string& extension) const {
    return path_ / ("table." + extension);
  }
  std::filesystem::path seeds() const { return path_ / "seeds.csv"; }
  std::filesystem::path curves() const { return path_ / "curves"; }
  RunFolder run(const SweepRun& run) const { return RunFolder(path_ / run.folder); }

  bool holds_sweep() const;
  /// Throws Error unless the folder is missing or empty, as a new sweep requires.
  void require_free() const;
  /// Throws Error if a table or curve would overwrite a file that Pumice did not write.
  void require_own_tables() const;
  /// Writes the plan, or checks that an existing one is identical. Throws Error if it differs.
  void begin(const Sweep& sweep) const;
  /// Throws Error if the folder holds no sweep.
  Sweep read() const;

  /// Reads the run's folder. A damaged one is a failed run, with what can be read of it.
  RunResult result(const SweepRun& run) const;
  /// Prepares a run's folder: writes its recipe, removes a recorded failure. Throws Error if
  /// another process uses the folder or its recipe was edited.
  void prepare(const SweepRun& run) const;
  void note_failure(const SweepRun& run, const std::string& message) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pumice
