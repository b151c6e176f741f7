#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"
#include "native/training/run_folder.h"

namespace pumice::report {

/// What a report says of a run in words and numbers.
struct RunFacts {
  std::vector<io::EpochFigures> figures;  ///< of metrics.csv, without numbers that are not finite
  std::vector<train::StepFigures> steps;  ///< of steps.csv, likewise
  uint32_t step = 0;                      ///< where the checkpoint is; 0 without
  std::vector<double> seconds;            ///< of each epoch
  std::vector<double> images_per_second;
  std::string recipe;  ///< TOML
  std::vector<std::string> devices;
  std::vector<std::string> evaluations;  ///< what FID during training was measured on and by
  std::optional<models::Description> network;
  std::optional<std::string> evaluation;  ///< JSON, as `pumice evaluate` leaves it
};

/// Reads what there is; what is missing or broken is told in `notes`.
RunFacts read_facts(const RunFolder& folder, std::vector<std::string>& notes);

/// As the page's script wants it: see native/report/page/report.js.
nlohmann::json facts_to_json(const RunFacts& facts, std::vector<std::string>& notes);

}  // namespace pumice::report
