#pragma once

#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"
#include "native/formats/plot.h"

namespace pumice::views {

/// Figures that share a plot.
struct Curves {
  std::string group;  ///< names the file: "loss", "gradient_norm"
  formats::Plot plot;
};

/// A plot for each group of the figures that a run has noted, training and test together, by epoch.
std::vector<Curves> curves_of(const std::string& title,
                              const std::vector<io::EpochFigures>& figures);

/// Likewise of training by step, as steps.csv has it.
std::vector<Curves> curves_by_step(const std::string& title,
                                   const std::vector<train::StepFigures>& rows);

}  // namespace pumice::views
