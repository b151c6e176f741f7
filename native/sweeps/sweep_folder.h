#pragma once

#include <filesystem>
#include <string>

#include "native/sweeps/run_result.h"

namespace pumice {

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
  /// Of a study: all models with their images.
  std::filesystem::path comparison() const { return path_ / "comparison.png"; }
  std::filesystem::path curves() const { return path_ / "curves"; }
  /// Locked while several processes that share the folder take turns to write its files.
  std::filesystem::path turn() const { return path_ / ".turn"; }
  /// With a file for each run that one of them has begun.
  std::filesystem::path claims() const { return path_ / ".claims"; }
  RunFolder run(const SweepRun& run) const { return RunFolder(path_ / run.folder); }

  bool holds_sweep() const;
  /// Throws Error if the folder holds a sweep of other runs, or other files than a sweep's.
  void require_fits(const Sweep& sweep) const;
  /// Throws Error if a table or curve would overwrite a file that Pumice did not write.
  void require_own_tables() const;
  /// Writes the plan. Throws Error as require_fits() does; what a study measures, shows and may
  /// take in minutes may change.
  void begin(const Sweep& sweep) const;
  /// Throws Error if the folder holds no sweep.
  Sweep read() const;

  /// See read_result().
  RunResult result(const Sweep& sweep, const SweepRun& run) const;
  /// Reads a run's folder into `result`. What no checkpoint has yet, its size and the time of its
  /// schedule, stays as measured.
  void read_again(const Sweep& sweep, const SweepRun& run, RunResult& result) const;
  /// Prepares a run's folder: writes its recipe if it holds no run yet, removes a recorded failure.
  /// Throws FolderInUse if another process uses the folder, Error if its recipe was edited.
  void prepare(const SweepRun& run) const;
  void note_failure(const SweepRun& run, const std::string& message) const;

 private:
  void require_free() const;

  std::filesystem::path path_;
};

}  // namespace pumice
