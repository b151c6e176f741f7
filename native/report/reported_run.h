#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "native/formats/image.h"
#include "native/training/run_folder.h"
#include "native/views/latent_scatter.h"

namespace pumice::report {

/// A run in a report: its folder, and images drawn for the report if the folder lacks them.
struct ReportedRun {
  RunFolder folder;
  std::string name;
  std::optional<formats::Image> samples = {};  ///< if the run stopped in its first epoch
  std::optional<formats::Image> interpolation = {};
  std::optional<views::LatentScatter> latents = {};
  std::vector<std::string> notes = {};  ///< what is missing, and why
};

/// The run in a folder, or in the folder of a checkpoint. Throws Error if the folder has neither
/// metrics nor a checkpoint.
ReportedRun reported_run(const std::filesystem::path& folder_or_checkpoint);

/// Renames runs of the same name to their paths.
void distinguish_names(std::span<ReportedRun> runs);

}  // namespace pumice::report
