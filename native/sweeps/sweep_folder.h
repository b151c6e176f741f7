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
  RunFolder run(const SweepRun& run) const { return RunFolder(path_ / run.folder); }

  bool holds_sweep() const;
  /// Throws Error unless the folder is missing or empty, as a new sweep requires.
  void require_free() const;
  /// Throws Error if a table or curve would overwrite a file that Pumice did not write.
  void require_own_tables() const;
  /// Writes the plan. Throws Error if the folder holds one of other runs; what a study measures,
  /// shows and may take in minutes may change.
  void begin(const Sweep& sweep) const;
  /// Throws Error if the folder holds no sweep.
  Sweep read() const;

  /// See read_result().
  RunResult result(const Sweep& sweep, const SweepRun& run) const;
  /// Prepares a run's folder: writes its recipe if it holds no run yet, removes a recorded failure.
  /// Throws Error if another process uses the folder or its recipe was edited.
  void prepare(const SweepRun& run) const;
  void note_failure(const SweepRun& run, const std::string& message) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pumice
