#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/train/trainer.h"
#include "native/formats/metrics_csv.h"

namespace pumice {

/// How many steps share a row of steps.csv: the most of 1, 2, 5, 10, 20, 50, … with which an epoch
/// still has 20 rows, and so it has at most 50. An epoch of fewer than 40 steps has a row for each.
uint32_t steps_per_row(uint32_t steps_per_epoch);

/// The figures of training by step, a file beside metrics.csv. A row is the mean over the steps
/// since the row before; "step" is the last of them, counted from the beginning of training. Every
/// epoch begins a row, so its last one may be of fewer steps. Nothing depends on time: the file
/// repeats as its run does.
class StepsCsv {
 public:
  /// Goes on after `step`, the one of the checkpoint; 0 for a new run. A row that an interruption
  /// cut short is dropped, for it is noted anew. Throws Error as MetricsCsv::go_on does.
  StepsCsv(const std::filesystem::path& path, const std::vector<std::string>& figures,
           uint32_t steps_per_epoch, uint32_t step);

  uint32_t steps_per_row() const { return pumice::steps_per_row(steps_per_epoch_); }

  /// Appends what is new of the running epoch's rows, and whole. Throws Error when the disk is
  /// full.
  void append_whole(std::span<const train::StepFigures> rows);
  /// Where training stops: also a row that is not whole.
  void append_all(std::span<const train::StepFigures> rows);

 private:
  bool is_new(const train::StepFigures& row) const;
  void append(const train::StepFigures& row);

  uint32_t steps_per_epoch_;
  formats::MetricsCsv file_;
};

/// The rows of such a file, without figures that are not finite. Throws Error as read_metrics does.
std::vector<train::StepFigures> read_steps(const std::filesystem::path& path);

}  // namespace pumice
