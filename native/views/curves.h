#pragma once

#include <string>
#include <string_view>
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

/// Whether the metrics of a group compare only between models with the same loss.
bool depends_on_loss(std::string_view group);

/// Whether a metric says how well a model is trained, as losses and divergences do; its values are
/// measured in every epoch.
bool measures_progress(const std::string& metric);

/// A plot by epoch for each group of a run's metrics, training and test together.
std::vector<Curves> curves_of(const std::string& title,
                              const std::vector<io::EpochMetrics>& metrics);

/// The same for training by step, from the rows of steps.csv.
std::vector<Curves> curves_by_step(const std::string& title,
                                   const std::vector<train::StepMetrics>& rows);

}  // namespace pumice::views
