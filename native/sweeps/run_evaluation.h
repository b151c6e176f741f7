#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "native/sweeps/sweep.h"

namespace pumice {

/// A metric that `pumice evaluate` measured.
struct EvaluatedMetric {
  std::string name;  ///< "fid", "inception_score"
  double mean = 0;
  std::optional<double> deviation = {};
};

/// The content of a run's evaluation.json.
struct RunEvaluation {
  std::string extractor;  ///< with its hash
  std::string extractor_hash;
  uint32_t step = 0;  ///< of the checkpoint that was measured
  uint32_t samples = 0;
  uint32_t repeats = 0;
  std::vector<EvaluatedMetric> metrics;
};

/// Whether the study measures this run: models that draw images, except of a folder
/// without classes, which has no classifier to measure with, unless an extractor is given.
bool is_evaluated(const Sweep& sweep, const SweepRun& run);

/// Whether it measured the run at this step as the study asks for.
bool fits(const RunEvaluation& evaluation, const StudyEvaluation& wanted, uint32_t step);

/// The options of `pumice evaluate`.
std::vector<std::string> evaluation_arguments(const StudyEvaluation& wanted);

/// Empty if the file is missing or damaged: the run is then measured again.
std::optional<RunEvaluation> read_run_evaluation(const std::filesystem::path& file);

/// "12.7 ± 3.5".
std::string metric_text(const EvaluatedMetric& metric);

}  // namespace pumice
