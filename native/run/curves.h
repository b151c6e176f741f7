#pragma once

#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "native/report/curve.h"

namespace pumice {

/// Figures that share a plot.
struct Curves {
  std::string group;  ///< names the file: "loss", "gradient_norm"
  report::Plot plot;
};

/// A plot for each group of the figures that a run has noted, training and test together.
std::vector<Curves> curves_of(const std::string& title,
                              const std::vector<io::EpochFigures>& figures);

}  // namespace pumice
