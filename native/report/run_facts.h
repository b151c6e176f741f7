#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"
#include "native/training/run_folder.h"
#include "native/training/run_length.h"

namespace pumice::report {

/// The text and numbers that a report shows of a run.
struct RunFacts {
  std::vector<io::EpochMetrics> metrics;  ///< from metrics.csv, finite numbers only
  std::vector<train::StepMetrics> steps;  ///< from steps.csv, finite numbers only
  uint32_t step = 0;                      ///< of the checkpoint; 0 without one
  std::vector<double> seconds;            ///< of each epoch
  std::vector<double> images_per_second;
  std::string recipe;  ///< TOML
  std::vector<std::string> devices;
  std::vector<std::string> programs;  ///< version and commit
  std::vector<std::string> commands;
  std::string first_time, last_time;     ///< ends of epochs, UTC; empty in runs of earlier versions
  std::vector<std::string> evaluations;  ///< data and extractor of FID during training
  std::optional<RunLength> length;       ///< absent in runs of earlier versions
  std::optional<models::Description> network;
  std::optional<std::string> evaluation;  ///< JSON, as written by `pumice evaluate`
};

/// Reads the files of a run; reports missing or broken ones in `notes`. Throws io::NewerVersion if
/// a newer program wrote one.
RunFacts read_facts(const RunFolder& folder, std::vector<std::string>& notes);

/// The input of the page's script: see native/report/page/report.js.
nlohmann::json facts_to_json(const RunFacts& facts, std::vector<std::string>& notes);

}  // namespace pumice::report
