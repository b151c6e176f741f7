#pragma once

#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"
#include "native/formats/plot.h"

namespace pumice::views {

/// Metrics that share a plot.
struct Curves {
  std::string group;  ///< also the file's name: "loss", "gradient_norm"
  formats::Plot plot;
};

/// A plot by epoch for each group of a run's metrics, training and test together.
std::vector<Curves> curves_of(const std::string& title,
                              const std::vector<io::EpochMetrics>& metrics);

/// The same for training by step, from the rows of steps.csv.
std::vector<Curves> curves_by_step(const std::string& title,
                                   const std::vector<train::StepMetrics>& rows);

}  // namespace pumice::views
