#pragma once

#include <string>

#include "engine/io/checkpoint.h"
#include "native/report/event_file.h"
#include "native/report/metrics_lines.h"
#include "native/run/run_folder.h"

namespace pumice {

/// How long the training of an epoch took, without test and pictures.
struct Speed {
  double seconds = 0;
  double images_per_second = 0;
};

/// Notes a run for other people's programs: lines of JSON, and events for TensorBoard.
class RunLog {
 public:
  /// Goes on after `epoch`, the last one that a checkpoint holds; 0 for a new run. `device`: what
  /// the lines say of where it runs; `evaluation`: what FID is measured on and by, may be empty.
  /// Throws Error as MetricsLines and EventFile do.
  RunLog(const RunFolder& folder, uint32_t epoch, std::string device, std::string evaluation);

  /// Figures that are not finite are left out. Throw Error when the disk is full.
  void note(const io::EpochFigures& figures, const Speed& speed);
  void show(uint32_t epoch, const std::string& tag, const report::Picture& picture);

 private:
  std::string device_;
  std::string evaluation_;
  report::MetricsLines lines_;
  report::EventFile events_;
};

}  // namespace pumice
