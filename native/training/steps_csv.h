#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/train/trainer.h"
#include "native/formats/metrics_csv.h"

namespace pumice {

/// The number of steps per row of steps.csv: the largest of 1, 2, 5, 10, 20, 50, … that gives an
/// epoch at least 20 rows, and thus at most 50. An epoch of fewer than 40 steps has a row for each.
uint32_t steps_per_row(uint32_t steps_per_epoch);

/// The training metrics by step, in a file beside metrics.csv. A row is the mean over the steps
/// since the previous row; "step" is the last of them, counted from the start of training. Rows do
/// not span epochs, so an epoch's last row may cover fewer steps. Nothing depends on time: the file
/// is as reproducible as its run.
class StepsCsv {
 public:
  /// Continues after `step`, that of the checkpoint; 0 for a new run. Keeps the rows of the epochs
  /// before; those of the epoch of `step` will be appended again, since the trainer knows its
  /// metrics from the epoch's beginning. Rows that are lost become nan, with a warning: see
  /// MetricsCsv::resume, which also says when it throws Error.
  StepsCsv(const std::filesystem::path& path, const std::vector<std::string>& metrics,
           uint32_t steps_per_epoch, uint32_t step, const formats::Warn& warn);

  uint32_t steps_per_row() const { return pumice::steps_per_row(steps_per_epoch_); }

  /// Appends the current epoch's new complete rows. Throws Error when the disk is full.
  void append_whole(std::span<const train::StepMetrics> rows);
  /// For the end of training: also appends an incomplete row.
  void append_all(std::span<const train::StepMetrics> rows);
  /// Waits until all rows are on the disk.
  void sync() { file_.sync(); }

 private:
  bool is_new(const train::StepMetrics& row) const;
  void append(const train::StepMetrics& row);

  uint32_t steps_per_epoch_;
  formats::MetricsCsv file_;
};

/// Reads the rows of such a file, without metrics that are not finite. Throws Error as read_metrics
/// does.
std::vector<train::StepMetrics> read_steps(const std::filesystem::path& path);

}  // namespace pumice
